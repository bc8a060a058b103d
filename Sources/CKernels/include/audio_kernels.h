// Inner loops of the audio features. Matrices are row-major; `stride` counts floats from one row to the next.
#ifndef SERSPEC_AUDIO_KERNELS_H
#define SERSPEC_AUDIO_KERNELS_H
#include <stddef.h>
#include <stdint.h>

/// out[i] = sum over j < taps of weights[j] * rows[j][i], for i < n. `out` may not overlap the rows.
void audio_weighted_sum(
  float *out, const float *const *rows, const float *weights, size_t taps, size_t n);

/// out[r * stride + i] = x[i * rows + r] for r < rows, i < columns; 0 beyond the n values of x, which are at most rows * columns.
void audio_deal(float *out, size_t stride, const float *x, size_t n, size_t rows, size_t columns);

/// A banded matrix times a dense one: row o of `out` is the sum over j < counts[o] of
/// weights[offsets[o] + j] times row starts[o] + j of `in`; all rows have n columns.
void audio_banded_product(
  float *out, size_t out_stride, const float *in, size_t in_stride, size_t n, size_t rows, const int32_t *starts,
  const int32_t *counts, const int32_t *offsets, const float *weights);

/// The same of `tiles` tiles of 16 columns: a tile of `in` is `in_rows` rows of 16 values behind each other, one of `out` `rows` such rows.
void audio_banded_tiles(
  float *out, const float *in, size_t tiles, size_t in_rows, size_t rows, const int32_t *starts, const int32_t *counts,
  const int32_t *offsets, const float *weights);

/// out[t] = the largest of 0 and x[16 r + t] over r < rows, for t < 16.
void audio_tile_maximum(float *out, const float *x, size_t rows);

/// x[16 r + t] = x[16 r + t] / divisors[t] for r < rows, t < 16.
void audio_tile_divide(float *x, const float *divisors, size_t rows);

/// The places p = 16 r + t, first <= r < end, where x[p] > floor[t], x[p] > x[p - 16] and x[p] >= x[p + 16], written to `found` in
/// order (room for all p). Returns how many there are.
size_t audio_tile_peaks(uint32_t *found, const float *x, size_t first, size_t end, const float *floor);

/// out[i] = x[i] * window[i].
void audio_window(float *out, const float *x, const float *window, size_t n);

/// Squared magnitudes of 16 spectra, turned: out[16 b + t] = |spectra[t * spectrum_stride + b]|^2 for t < 16, b < bins. The spectra are
/// interleaved complex numbers, `spectrum_stride` of them apart.
void audio_power_turned(float *out, const float *spectra, size_t spectrum_stride, size_t bins);

/// Squared magnitudes of the transforms of 16 frames of n samples, weighted by `window`: out[16 b + t] for t < 16, b <= n / 2. Frame t
/// begins at x + t * hop; from `frames` on they repeat the last one. n is a power of two, at least 16; `work` has room for 16 n values. `places` says
/// for each value of the complex transform of n / 2 values in which row it is left; `twiddles` holds cos and -sin of
/// 2 pi j m / l for m = 1, 2, 3 and j < l / 4, for l = n / 2, n / 8, ... down to above 4, then cos and sin of 2 pi k / n for k <= n / 4.
void audio_power_frames(
  float *out, size_t frames, const float *x, size_t hop, const float *window, size_t n,
  const float *twiddles, const uint32_t *places, float *work);

/// The same, computed in double precision.
void audio_power_frames_double(
  float *out, size_t frames, const float *x, size_t hop, const double *window, size_t n,
  const double *twiddles, const uint32_t *places, double *work);

/// out[i] = scale * log2(max(x[i] + offset, floor)) for finite arguments above FLT_MIN; relative error of log2 about 1e-7.
/// `out` may be `x`.
void audio_scaled_log2(float *out, const float *x, size_t n, float offset, float floor, float scale);

/// The sum of x[i]^2.
float audio_sum_of_squares(const float *x, size_t n);

/// The mean of n > 0 values and the sum of their squared distances from it, in double precision.
void audio_moments(const float *x, size_t n, double *mean, double *squares);

/// Whether all values are finite.
int audio_all_finite(const float *x, size_t n);

/// The smallest and largest of n > 0 values.
void audio_range(const float *x, size_t n, float *smallest, float *largest);

/// out[i] = (x[i] - shift) / divisor; `out` may be `x`.
void audio_shift_divide(float *out, const float *x, size_t n, float shift, float divisor);

/// out[i] = 1 where exactly one of x[i] and x[i - 1] is below `floor`, else 0; out[0] = 0.
void audio_crossings(uint8_t *out, const float *x, size_t n, float floor);

/// The sum of n bytes.
uint32_t audio_count(const uint8_t *x, size_t n);

/// out[c * rows + r] = in[r * columns + c].
void audio_transpose(float *out, const float *in, size_t rows, size_t columns);

#endif
