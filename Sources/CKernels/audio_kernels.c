#include "audio_kernels.h"

#include <string.h>

// One compiled body for each x86-64 level; the loader picks the best that the CPU runs.
#if defined(__x86_64__) && defined(__linux__)
#define BY_CPU __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define BY_CPU
#endif

// Columns that one pass keeps in registers.
enum { BLOCK = 32 };

BY_CPU void audio_weighted_sum(
  float *restrict out, const float *const *rows, const float *restrict weights, size_t taps, size_t n) {
  size_t i = 0;
  for (; i + BLOCK <= n; i += BLOCK) {
    float sum[BLOCK] = {0};
    for (size_t j = 0; j < taps; j++) {
      const float w = weights[j];
      const float *restrict row = rows[j] + i;
      for (int k = 0; k < BLOCK; k++) sum[k] += w * row[k];
    }
    memcpy(out + i, sum, sizeof sum);
  }
  for (; i < n; i++) {
    float sum = 0;
    for (size_t j = 0; j < taps; j++) sum += weights[j] * rows[j][i];
    out[i] = sum;
  }
}

BY_CPU void audio_banded_product(
  float *restrict out, size_t out_stride, const float *restrict in, size_t in_stride, size_t n, size_t rows,
  const int32_t *starts, const int32_t *counts, const int32_t *offsets, const float *restrict weights) {
  size_t i = 0;
  // Columns outside, rows inside: the block of `in` stays in the cache while all rows of `out` are made from it.
  for (; i + BLOCK <= n; i += BLOCK) {
    for (size_t o = 0; o < rows; o++) {
      float sum[BLOCK] = {0};
      const float *restrict w = weights + offsets[o];
      const float *restrict row = in + (size_t)starts[o] * in_stride + i;
      for (int32_t j = 0; j < counts[o]; j++, row += in_stride)
        for (int k = 0; k < BLOCK; k++) sum[k] += w[j] * row[k];
      memcpy(out + o * out_stride + i, sum, sizeof sum);
    }
  }
  const size_t rest = n - i;
  if (rest == 0) return;
  for (size_t o = 0; o < rows; o++) {
    float sum[BLOCK] = {0};
    const float *restrict w = weights + offsets[o];
    const float *restrict row = in + (size_t)starts[o] * in_stride + i;
    for (int32_t j = 0; j < counts[o]; j++, row += in_stride)
      for (size_t k = 0; k < rest; k++) sum[k] += w[j] * row[k];
    memcpy(out + o * out_stride + i, sum, rest * sizeof(float));
  }
}

BY_CPU void audio_window(float *restrict out, const float *restrict x, const float *restrict window, size_t n) {
  for (size_t i = 0; i < n; i++) out[i] = x[i] * window[i];
}

BY_CPU void audio_power_turned(
  float *restrict out, size_t out_stride, const float *restrict spectra, size_t spectrum_stride, size_t frames,
  size_t bins) {
  // Always 16, so that a frame's bits do not depend on how many stand beside it.
  for (size_t b = 0; b < bins; b++) {
    float power[16];
    for (int t = 0; t < 16; t++) {
      const float *z = spectra + 2 * (t * spectrum_stride + b);
      power[t] = z[0] * z[0] + z[1] * z[1];
    }
    memcpy(out + b * out_stride, power, frames * sizeof(float));
  }
}

// log2 of a positive normal number: the exponent, plus 2 atanh(s) / ln 2 of the mantissa m in [sqrt(1/2), sqrt(2)), where
// s = (m - 1) / (m + 1) is at most 0.172 and five odd terms of the series leave an error below 2e-9.
static inline float log2_positive(float x) {
  int32_t bits;
  memcpy(&bits, &x, sizeof bits);
  const int32_t exponent = (bits - 0x3F3504F3) >> 23;
  bits -= exponent * (1 << 23);
  float m;
  memcpy(&m, &bits, sizeof m);
  const float s = (m - 1) / (m + 1), q = s * s;
  const float series = 2.88539008f + q * (0.961796694f + q * (0.577078016f + q * (0.412198583f + q * 0.320598898f)));
  return (float)exponent + s * series;
}

BY_CPU void audio_scaled_log2(float *out, const float *x, size_t n, float offset, float floor, float scale) {
  for (size_t i = 0; i < n; i++) {
    const float shifted = x[i] + offset;
    out[i] = scale * log2_positive(shifted > floor ? shifted : floor);
  }
}

BY_CPU float audio_sum_of_squares(const float *restrict x, size_t n) {
  float sum[BLOCK] = {0};
  size_t i = 0;
  for (; i + BLOCK <= n; i += BLOCK)
    for (int k = 0; k < BLOCK; k++) sum[k] += x[i + k] * x[i + k];
  for (int k = 0; i < n; i++, k++) sum[k] += x[i] * x[i];
  for (int half = BLOCK / 2; half > 0; half /= 2)
    for (int k = 0; k < half; k++) sum[k] += sum[k + half];
  return sum[0];
}

BY_CPU void audio_moments(const float *restrict x, size_t n, double *mean, double *squares) {
  enum { LANES = 16 };
  double sum[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (int k = 0; k < LANES; k++) sum[k] += x[i + k];
  for (int k = 0; i < n; i++, k++) sum[k] += x[i];
  double total = 0;
  for (int k = 0; k < LANES; k++) total += sum[k];
  const double centre = total / (double)n;
  for (int k = 0; k < LANES; k++) sum[k] = 0;
  for (i = 0; i + LANES <= n; i += LANES)
    for (int k = 0; k < LANES; k++) sum[k] += (x[i + k] - centre) * (x[i + k] - centre);
  for (int k = 0; i < n; i++, k++) sum[k] += (x[i] - centre) * (x[i] - centre);
  total = 0;
  for (int k = 0; k < LANES; k++) total += sum[k];
  *mean = centre;
  *squares = total;
}

BY_CPU int audio_all_finite(const float *restrict x, size_t n) {
  // Only infinities and NaNs have all exponent bits set.
  uint32_t special = 0;
  for (size_t i = 0; i < n; i++) {
    uint32_t bits;
    memcpy(&bits, x + i, sizeof bits);
    special |= (bits & 0x7F800000) == 0x7F800000;
  }
  return !special;
}

BY_CPU void audio_range(const float *restrict x, size_t n, float *smallest, float *largest) {
  float low[BLOCK], high[BLOCK];
  for (int k = 0; k < BLOCK; k++) low[k] = high[k] = x[0];
  size_t i = 0;
  for (; i + BLOCK <= n; i += BLOCK) {
    for (int k = 0; k < BLOCK; k++) {
      low[k] = x[i + k] < low[k] ? x[i + k] : low[k];
      high[k] = x[i + k] > high[k] ? x[i + k] : high[k];
    }
  }
  for (; i < n; i++) {
    low[0] = x[i] < low[0] ? x[i] : low[0];
    high[0] = x[i] > high[0] ? x[i] : high[0];
  }
  for (int k = 1; k < BLOCK; k++) {
    low[0] = low[k] < low[0] ? low[k] : low[0];
    high[0] = high[k] > high[0] ? high[k] : high[0];
  }
  *smallest = low[0];
  *largest = high[0];
}

BY_CPU void audio_maximum(float *restrict out, const float *restrict x, size_t n) {
  for (size_t i = 0; i < n; i++) out[i] = x[i] > out[i] ? x[i] : out[i];
}

BY_CPU void audio_shift_divide(float *out, const float *x, size_t n, float shift, float divisor) {
  for (size_t i = 0; i < n; i++) out[i] = (x[i] - shift) / divisor;
}

size_t audio_peaks(
  uint32_t *restrict found, const float *restrict below, const float *restrict row, const float *restrict above,
  const float *restrict floor, size_t n) {
  size_t count = 0;
  for (size_t i = 0; i < n; i++) {
    found[count] = (uint32_t)i;
    count += (row[i] > floor[i]) & (row[i] > below[i]) & (row[i] >= above[i]);
  }
  return count;
}

BY_CPU void audio_transpose(float *restrict out, const float *restrict in, size_t rows, size_t columns) {
  enum { TILE = 16 };
  for (size_t r0 = 0; r0 < rows; r0 += TILE) {
    const size_t r1 = r0 + TILE < rows ? r0 + TILE : rows;
    for (size_t c = 0; c < columns; c++)
      for (size_t r = r0; r < r1; r++) out[c * rows + r] = in[r * columns + c];
  }
}
