#include "augmentation_kernels.h"

#include <string.h>

// One compiled body for each x86-64 level; the loader picks the best that the CPU runs.
#if defined(__x86_64__) && defined(__linux__)
#define BY_CPU __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define BY_CPU
#endif

// Left to itself the compiler sums up taps in pairs.
typedef float eight __attribute__((vector_size(32)));
typedef float eight_anywhere __attribute__((vector_size(32), aligned(4)));
#define LOAD(X) (*(const eight_anywhere *)(X))

// The natural logarithm of a normal number in (0, 1]: 2 atanh(s) of the mantissa m in [sqrt(1/2), sqrt(2)), where s = (m - 1) / (m + 1), and
// the exponent.
static inline float natural_log(float x) {
  int32_t bits;
  memcpy(&bits, &x, sizeof bits);
  const int32_t exponent = (bits - 0x3F3504F3) >> 23;
  bits -= exponent * (1 << 23);
  float m;
  memcpy(&m, &bits, sizeof m);
  const float s = (m - 1) / (m + 1), q = s * s;
  return 0.693147181f * (float)exponent + s * (2 + q * (0.666666667f + q * (0.4f + q * (0.285714286f + q * 0.222222222f))));
}

static inline void normal_pair(float *out, uint64_t bits) {
  const float u = (float)((int32_t)(bits >> 40) + 1) * 0x1p-24f;
  const float radius = __builtin_sqrtf(-2 * natural_log(u));
  // A turn t in [-1/2, 1/2), in quarters: the nearest one, and what is left, an angle of at most 45 degrees.
  const int32_t turn = (int32_t)(uint32_t)bits >> 8;
  const int32_t quarter = (turn + (1 << 21)) >> 22;
  const float a = (float)(turn - quarter * (1 << 22)) * (6.28318531f * 0x1p-24f), q = a * a;
  const float s = a * (1 + q * (-1 / 6.0f + q * (1 / 120.0f - q / 5040.0f)));
  const float c = 1 + q * (-0.5f + q * (1 / 24.0f + q * (-1 / 720.0f + q / 40320.0f)));
  const float x = quarter & 1 ? s : c, y = quarter & 1 ? c : s;
  out[0] = radius * ((quarter + 1) & 2 ? -x : x);
  out[1] = radius * (quarter & 2 ? -y : y);
}

BY_CPU void augment_normals(float *restrict out, const uint64_t *restrict bits, size_t pairs) {
  for (size_t i = 0; i < pairs; i++) normal_pair(out + 2 * i, bits[i]);
}

BY_CPU void augment_add_scaled(float *out, const float *x, const float *restrict noise, size_t n, float scale) {
  for (size_t i = 0; i < n; i++) out[i] = x[i] + scale * noise[i];
}

BY_CPU void augment_phases(float *restrict out, const float *restrict x, size_t bins) {
  for (size_t i = 0; i < bins; i++) {
    const float re = x[2 * i], im = x[2 * i + 1], magnitude = __builtin_sqrtf(re * re + im * im);
    // A square below the smallest normal number has lost its digits: such a bin is silent.
    const int silent = !(magnitude > 1e-18f);
    out[2 * i] = silent ? 1 : re / magnitude;
    out[2 * i + 1] = silent ? 0 : im / magnitude;
  }
}

BY_CPU void augment_vocode(
  float *restrict out, float *restrict phase, const float *restrict from, const float *restrict to, size_t bins,
  float share) {
  for (size_t i = 0; i < bins; i++) {
    const float a = from[2 * i], b = from[2 * i + 1], c = to[2 * i], d = to[2 * i + 1];
    const float first = __builtin_sqrtf(a * a + b * b), second = __builtin_sqrtf(c * c + d * d);
    const float re = phase[2 * i], im = phase[2 * i + 1], magnitude = (1 - share) * first + share * second;
    out[2 * i] = magnitude * re;
    out[2 * i + 1] = magnitude * im;
    // The phase of a silent bin is 0.
    const int no_first = !(first > 1e-18f), no_second = !(second > 1e-18f);
    const float ua = no_first ? 1 : a / first, ub = no_first ? 0 : b / first;
    const float uc = no_second ? 1 : c / second, ud = no_second ? 0 : d / second;
    const float turn_re = uc * ua + ud * ub, turn_im = ud * ua - uc * ub;
    const float next_re = re * turn_re - im * turn_im, next_im = re * turn_im + im * turn_re;
    const float length = __builtin_sqrtf(next_re * next_re + next_im * next_im);
    phase[2 * i] = next_re / length;
    phase[2 * i + 1] = next_im / length;
  }
}

BY_CPU void augment_overlap_add(
  float *restrict out, const float *restrict x, const float *restrict window, size_t n, float scale) {
  for (size_t i = 0; i < n; i++) out[i] += scale * x[i] * window[i];
}

BY_CPU void augment_interpolate(
  float *restrict out, size_t n, const float *restrict x, double step, const float *restrict table, size_t taps,
  size_t phases) {
  for (size_t k = 0; k < n; k++) {
    const double position = (double)k * step;
    const int64_t start = (int64_t)position;
    const double place = (position - (double)start) * (double)phases;
    const int64_t row = (int64_t)place;
    const float share = (float)(place - (double)row);
    const float *restrict a = table + (size_t)row * taps, *restrict b = a + taps, *restrict in = x + start;
    eight first = {0}, second = {0};
    for (size_t j = 0; j < taps; j += 16) {
      const eight a0 = LOAD(a + j), a1 = LOAD(a + j + 8);
      first += LOAD(in + j) * (a0 + share * (LOAD(b + j) - a0));
      second += LOAD(in + j + 8) * (a1 + share * (LOAD(b + j + 8) - a1));
    }
    first += second;
    out[k] = ((first[0] + first[4]) + (first[1] + first[5])) + ((first[2] + first[6]) + (first[3] + first[7]));
  }
}
