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
  // Enough sums to hide how long an addition takes.
  enum { WIDE = 2 * BLOCK };
  size_t i = 0;
  while (i < n && n >= WIDE) {
    // The last block reaches back, so that it is whole too.
    if (i + WIDE > n) i = n - WIDE;
    float sum[WIDE] = {0};
    for (size_t j = 0; j < taps; j++) {
      const float w = weights[j];
      const float *restrict row = rows[j] + i;
      for (int k = 0; k < WIDE; k++) sum[k] += w * row[k];
    }
    memcpy(out + i, sum, sizeof sum);
    i += WIDE;
  }
  for (; i < n; i++) {
    float sum = 0;
    for (size_t j = 0; j < taps; j++) sum += weights[j] * rows[j][i];
    out[i] = sum;
  }
}

BY_CPU void audio_deal(
  float *restrict out, size_t stride, const float *restrict x, size_t n, size_t rows, size_t columns) {
  const size_t whole = n / rows;
  // Common ratios of rates, in loops that turn loads of neighbours into whole vectors.
  switch (rows) {
  case 2:
    for (size_t i = 0; i < whole; i++) {
      out[i] = x[2 * i];
      out[stride + i] = x[2 * i + 1];
    }
    break;
  case 3:
    for (size_t i = 0; i < whole; i++) {
      out[i] = x[3 * i];
      out[stride + i] = x[3 * i + 1];
      out[2 * stride + i] = x[3 * i + 2];
    }
    break;
  default:
    for (size_t i = 0; i < whole; i++)
      for (size_t r = 0; r < rows; r++) out[r * stride + i] = x[i * rows + r];
  }
  for (size_t r = 0; r < rows; r++) {
    float *row = out + r * stride;
    if (whole < columns) row[whole] = whole * rows + r < n ? x[whole * rows + r] : 0;
    for (size_t i = whole + 1; i < columns; i++) row[i] = 0;
  }
}

// Columns of a tile.
enum { TILE = 16 };

// Four rows with the same band: each value of `in` is loaded once for all of them. 16 columns.
static inline __attribute__((always_inline)) void banded_four(
  float *restrict out, size_t out_stride, const float *restrict x, size_t in_stride, int32_t count,
  const float *restrict weights, const int32_t *offsets) {
  const float *restrict w0 = weights + offsets[0], *restrict w1 = weights + offsets[1];
  const float *restrict w2 = weights + offsets[2], *restrict w3 = weights + offsets[3];
  float s0[TILE] = {0}, s1[TILE] = {0}, s2[TILE] = {0}, s3[TILE] = {0};
  for (int32_t j = 0; j < count; j++, x += in_stride)
    for (int k = 0; k < TILE; k++) {
      s0[k] += w0[j] * x[k];
      s1[k] += w1[j] * x[k];
      s2[k] += w2[j] * x[k];
      s3[k] += w3[j] * x[k];
    }
  memcpy(out, s0, sizeof s0);
  memcpy(out + out_stride, s1, sizeof s1);
  memcpy(out + 2 * out_stride, s2, sizeof s2);
  memcpy(out + 3 * out_stride, s3, sizeof s3);
}

// Whether four rows from `o` on have the same band.
static inline int same_band(const int32_t *starts, const int32_t *counts, size_t o, size_t rows) {
  if (o + 3 >= rows) return 0;
  for (size_t i = o + 1; i < o + 4; i++)
    if (starts[i] != starts[o] || counts[i] != counts[o]) return 0;
  return 1;
}

BY_CPU void audio_banded_product(
  float *restrict out, size_t out_stride, const float *restrict in, size_t in_stride, size_t n, size_t rows,
  const int32_t *starts, const int32_t *counts, const int32_t *offsets, const float *restrict weights) {
  size_t i = 0;
  // Columns outside, rows inside: the block of `in` stays in the cache while all rows of `out` are made from it.
  while (i < n && n >= BLOCK) {
    // The last block reaches back, so that it is whole too.
    if (i + BLOCK > n) i = n - BLOCK;
    for (size_t o = 0; o < rows; o++) {
      float *to = out + o * out_stride + i;
      const float *restrict row = in + (size_t)starts[o] * in_stride + i;
      if (same_band(starts, counts, o, rows)) {
        for (int half = 0; half < BLOCK; half += TILE)
          banded_four(to + half, out_stride, row + half, in_stride, counts[o], weights, offsets + o);
        o += 3;
        continue;
      }
      float sum[BLOCK] = {0};
      const float *restrict w = weights + offsets[o];
      for (int32_t j = 0; j < counts[o]; j++, row += in_stride)
        for (int k = 0; k < BLOCK; k++) sum[k] += w[j] * row[k];
      memcpy(to, sum, sizeof sum);
    }
    i += BLOCK;
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

BY_CPU void audio_banded_tiles(
  float *restrict out, const float *restrict in, size_t tiles, size_t in_rows, size_t rows, const int32_t *starts,
  const int32_t *counts, const int32_t *offsets, const float *restrict weights) {
  const size_t in_size = in_rows * TILE, out_size = rows * TILE;
  for (size_t tile = 0; tile < tiles; tile += 2) {
    // A last tile without a neighbour is made twice.
    const size_t next = tile + 1 < tiles ? 1 : 0;
    const float *restrict x = in + tile * in_size;
    float *restrict y = out + tile * out_size;
    for (size_t o = 0; o < rows; o++) {
      const float *restrict a = x + (size_t)starts[o] * TILE, *restrict b = a + next * in_size;
      if (same_band(starts, counts, o, rows)) {
        banded_four(y + o * TILE, TILE, a, TILE, counts[o], weights, offsets + o);
        if (next) banded_four(y + out_size + o * TILE, TILE, b, TILE, counts[o], weights, offsets + o);
        o += 3;
        continue;
      }
      float first[TILE] = {0}, second[TILE] = {0};
      const float *restrict w = weights + offsets[o];
      for (int32_t j = 0; j < counts[o]; j++, a += TILE, b += TILE)
        for (int k = 0; k < TILE; k++) {
          first[k] += w[j] * a[k];
          second[k] += w[j] * b[k];
        }
      memcpy(y + o * TILE, first, sizeof first);
      if (next) memcpy(y + out_size + o * TILE, second, sizeof second);
    }
  }
}

BY_CPU void audio_window(float *restrict out, const float *restrict x, const float *restrict window, size_t n) {
  for (size_t i = 0; i < n; i++) out[i] = x[i] * window[i];
}

BY_CPU void audio_power_turned(
  float *restrict out, const float *restrict spectra, size_t spectrum_stride, size_t bins) {
  for (size_t b = 0; b < bins; b++)
    for (int t = 0; t < TILE; t++) {
      const float *z = spectra + 2 * (t * spectrum_stride + b);
      out[b * TILE + t] = z[0] * z[0] + z[1] * z[1];
    }
}

enum { FRAMES = TILE };

typedef float floats8 __attribute__((vector_size(32), aligned(4)));
typedef double doubles4 __attribute__((vector_size(32), aligned(8)));

// Eight samples of eight frames, weighted and turned, so that one sample of all frames stands side by side.
static inline __attribute__((always_inline)) void turn_eight(
  float *restrict out, const float *const *rows, const float *restrict window, size_t i) {
  const floats8 w = *(const floats8 *)(window + i);
  floats8 r[8], a[8], b[8];
  for (int t = 0; t < 8; t++) r[t] = *(const floats8 *)(rows[t] + i) * w;
  for (int t = 0; t < 8; t += 2) {
    a[t] = __builtin_shufflevector(r[t], r[t + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    a[t + 1] = __builtin_shufflevector(r[t], r[t + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  for (int t = 0; t < 8; t += 4) {
    b[t] = __builtin_shufflevector(a[t], a[t + 2], 0, 1, 8, 9, 4, 5, 12, 13);
    b[t + 1] = __builtin_shufflevector(a[t], a[t + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    b[t + 2] = __builtin_shufflevector(a[t + 1], a[t + 3], 0, 1, 8, 9, 4, 5, 12, 13);
    b[t + 3] = __builtin_shufflevector(a[t + 1], a[t + 3], 2, 3, 10, 11, 6, 7, 14, 15);
  }
  for (int t = 0; t < 4; t++) {
    *(floats8 *)(out + t * FRAMES) = __builtin_shufflevector(b[t], b[t + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    *(floats8 *)(out + (t + 4) * FRAMES) = __builtin_shufflevector(b[t], b[t + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

typedef int32_t ints8 __attribute__((vector_size(32), aligned(4)));

#define AT8(p) (*(const floats8 *)(p))
#define AT(p, i) (*(VEC *)((p) + (i)))

#define REAL float
#define VEC floats8
#define WIDTH 8
#define NAME(name) name
#define LOAD_FRAMES(work, starts, window, n)                    \
  for (size_t i = 0; i < n; i += 8) {                           \
    turn_eight(work + i * FRAMES, starts, window, i);           \
    turn_eight(work + i * FRAMES + 8, starts + 8, window, i);   \
  }
// Whole vectors by hand: clang makes one call of two copies.
#define STORE_FRAMES(out, values) \
  for (int t = 0; t < FRAMES; t += WIDTH) *(VEC *)((out) + t) = *(const VEC *)(values + t)
#include "loops/power_frames.h"
#undef REAL
#undef VEC
#undef WIDTH
#undef NAME
#undef LOAD_FRAMES
#undef STORE_FRAMES

#define REAL double
#define VEC doubles4
#define WIDTH 4
#define NAME(name) name##_double
#define LOAD_FRAMES(work, starts, window, n) \
  for (size_t i = 0; i < n; i++)             \
    for (int t = 0; t < FRAMES; t++) work[i * FRAMES + t] = window[i] * (double)starts[t][i];
#define STORE_FRAMES(out, values) \
  for (size_t t = 0; t < FRAMES; t++) (out)[t] = (float)(values)[t]
#include "loops/power_frames.h"

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
  // By blocks of our own, since `out` may be `x`.
  size_t i = 0;
  for (; i + BLOCK <= n; i += BLOCK) {
    float block[BLOCK];
    memcpy(block, x + i, sizeof block);
    for (int k = 0; k < BLOCK; k++) {
      const float shifted = block[k] + offset;
      block[k] = scale * log2_positive(shifted > floor ? shifted : floor);
    }
    memcpy(out + i, block, sizeof block);
  }
  for (; i < n; i++) {
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

BY_CPU void audio_tile_maximum(float *restrict out, const float *restrict x, size_t rows) {
  float largest[TILE] = {0};
  for (size_t r = 0; r < rows; r++)
    for (int t = 0; t < TILE; t++) largest[t] = x[r * TILE + t] > largest[t] ? x[r * TILE + t] : largest[t];
  memcpy(out, largest, sizeof largest);
}

BY_CPU void audio_tile_divide(float *restrict x, const float *restrict divisors, size_t rows) {
  for (size_t r = 0; r < rows; r++)
    for (int t = 0; t < TILE; t++) x[r * TILE + t] /= divisors[t];
}

BY_CPU void audio_shift_divide(float *out, const float *x, size_t n, float shift, float divisor) {
  // By blocks of our own, since `out` may be `x`.
  size_t i = 0;
  for (; i + BLOCK <= n; i += BLOCK) {
    float block[BLOCK];
    for (int k = 0; k < BLOCK; k++) block[k] = (x[i + k] - shift) / divisor;
    memcpy(out + i, block, sizeof block);
  }
  for (; i < n; i++) out[i] = (x[i] - shift) / divisor;
}

BY_CPU void audio_crossings(uint8_t *restrict out, const float *restrict x, size_t n, float floor) {
  if (n > 0) out[0] = 0;
  for (size_t i = 1; i < n; i++) out[i] = (x[i] < floor) != (x[i - 1] < floor);
}

BY_CPU uint32_t audio_count(const uint8_t *restrict x, size_t n) {
  uint32_t sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i];
  return sum;
}

BY_CPU size_t audio_tile_peaks(
  uint32_t *restrict found, const float *restrict x, size_t first, size_t end, const float *restrict floor) {
  size_t count = 0;
  for (size_t r = first; r < end; r++) {
    const float *restrict row = x + r * TILE;
    for (int t = 0; t < TILE; t += 8) {
      const floats8 here = AT8(row + t);
      const ints8 is_peak = (here > AT8(floor + t)) & (here > AT8(row + t - TILE)) & (here >= AT8(row + t + TILE));
      // Peaks are rare.
      if (__builtin_reduce_or(is_peak) == 0) continue;
      for (int j = 0; j < 8; j++) {
        found[count] = (uint32_t)(r * TILE + t + j);
        count += is_peak[j] != 0;
      }
    }
  }
  return count;
}

BY_CPU void audio_transpose(float *restrict out, const float *restrict in, size_t rows, size_t columns) {
  for (size_t r0 = 0; r0 < rows; r0 += TILE) {
    const size_t r1 = r0 + TILE < rows ? r0 + TILE : rows;
    for (size_t c = 0; c < columns; c++)
      for (size_t r = r0; r < r1; r++) out[c * rows + r] = in[r * columns + c];
  }
}
