#ifndef AUGMENTATION_KERNELS_H
#define AUGMENTATION_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// out[2i], out[2i + 1]: independent standard normal values of bits[i] (Box, Muller 1958), never beyond 5.8. Each half of the bits makes one
/// uniform number of 24 bits.
void augment_normals(float *out, const uint64_t *bits, size_t pairs);

/// out[i] = x[i] + scale * noise[i]; `out` may be `x`.
void augment_add_scaled(float *out, const float *x, const float *noise, size_t n, float scale);

/// One frame of a phase vocoder, interleaved complex numbers: out = ((1 - share) |from| + share |to|) phase, then phase turns by the angle
/// from `from` to `to`. `phase` has magnitude 1, and keeps it.
void augment_vocode(float *out, float *phase, const float *from, const float *to, size_t bins, float share);

/// out[i] = u with x[i] = |x[i]| u, interleaved complex numbers; 1 where x[i] is 0.
void augment_phases(float *out, const float *x, size_t bins);

/// out[i] += scale * x[i] * window[i].
void augment_overlap_add(float *out, const float *x, const float *window, size_t n, float scale);

/// out[k] = sum over j of x[i + j] h[j] at position k * step = i + f, with the weights h for f between two of the `phases` + 1 rows of
/// `table`, which have `taps` weights each, a multiple of 16.
void augment_interpolate(
  float *out, size_t n, const float *x, double step, const float *table, size_t taps, size_t phases);

#endif
