// Squared magnitudes of the discrete Fourier transforms of 16 real frames at once: each operation is done on the same sample of
// all frames, so that it runs on whole vectors whatever the length. Compiled once for each REAL (float, double).
//
// A frame of n samples is a complex sequence of n / 2 samples: even ones real, odd ones imaginary. Its transform is by
// decimation in frequency with radix 4, and radix 2 in the end where n / 2 is no power of 4; the transform of the frame follows
// from pairs of its values (Press et al., "Numerical Recipes", 12.3).

// One butterfly of radix 4 over four rows, each of FRAMES real parts and as many imaginary ones; `w` are W^j, W^2j, W^3j.
static inline __attribute__((always_inline)) void NAME(butterfly)(
  REAL *restrict a, REAL *restrict b, REAL *restrict c, REAL *restrict d, const REAL *restrict w) {
  const REAL w1r = w[0], w1i = w[1], w2r = w[2], w2i = w[3], w3r = w[4], w3i = w[5];
  for (int t = 0; t < FRAMES; t += WIDTH) {
    const VEC ar = AT(a, t), ai = AT(a, t + FRAMES), br = AT(b, t), bi = AT(b, t + FRAMES);
    const VEC cr = AT(c, t), ci = AT(c, t + FRAMES), dr = AT(d, t), di = AT(d, t + FRAMES);
    const VEC t0r = ar + cr, t0i = ai + ci, t1r = ar - cr, t1i = ai - ci;
    const VEC t2r = br + dr, t2i = bi + di, t3r = br - dr, t3i = bi - di;
    AT(a, t) = t0r + t2r;
    AT(a, t + FRAMES) = t0i + t2i;
    const VEC y2r = t0r - t2r, y2i = t0i - t2i;
    const VEC y1r = t1r + t3i, y1i = t1i - t3r, y3r = t1r - t3i, y3i = t1i + t3r;
    AT(b, t) = y1r * w1r - y1i * w1i;
    AT(b, t + FRAMES) = y1r * w1i + y1i * w1r;
    AT(c, t) = y2r * w2r - y2i * w2i;
    AT(c, t + FRAMES) = y2r * w2i + y2i * w2r;
    AT(d, t) = y3r * w3r - y3i * w3i;
    AT(d, t + FRAMES) = y3r * w3i + y3i * w3r;
  }
}

// The last stage of radix 4, of four rows side by side: no factors.
static inline __attribute__((always_inline)) void NAME(last_butterfly)(REAL *restrict a) {
  REAL *restrict b = a + 2 * FRAMES, *restrict c = a + 4 * FRAMES, *restrict d = a + 6 * FRAMES;
  for (int t = 0; t < FRAMES; t += WIDTH) {
    const VEC ar = AT(a, t), ai = AT(a, t + FRAMES), br = AT(b, t), bi = AT(b, t + FRAMES);
    const VEC cr = AT(c, t), ci = AT(c, t + FRAMES), dr = AT(d, t), di = AT(d, t + FRAMES);
    const VEC t0r = ar + cr, t0i = ai + ci, t1r = ar - cr, t1i = ai - ci;
    const VEC t2r = br + dr, t2i = bi + di, t3r = br - dr, t3i = bi - di;
    AT(a, t) = t0r + t2r;
    AT(a, t + FRAMES) = t0i + t2i;
    AT(b, t) = t1r + t3i;
    AT(b, t + FRAMES) = t1i - t3r;
    AT(c, t) = t0r - t2r;
    AT(c, t + FRAMES) = t0i - t2i;
    AT(d, t) = t1r - t3i;
    AT(d, t + FRAMES) = t1i + t3r;
  }
}

// The last stage of radix 2, of two rows side by side.
static inline __attribute__((always_inline)) void NAME(last_pair)(REAL *restrict a) {
  REAL *restrict b = a + 2 * FRAMES;
  for (int t = 0; t < 2 * FRAMES; t += WIDTH) {
    const VEC x = AT(a, t), y = AT(b, t);
    AT(a, t) = x + y;
    AT(b, t) = x - y;
  }
}

// All stages over `count` rows, in blocks of `length` rows.
static inline __attribute__((always_inline)) void NAME(stages)(
  REAL *restrict work, size_t count, size_t length, const REAL *restrict twiddles) {
  for (; length > 4; length /= 4) {
    const size_t quarter = length / 4, step = quarter * 2 * FRAMES;
    // Block by block: rows that lie a power of two apart would fight for the same lines of the cache.
    for (size_t start = 0; start < count; start += length) {
      REAL *a = work + start * 2 * FRAMES;
      for (size_t j = 0; j < quarter; j++, a += 2 * FRAMES)
        NAME(butterfly)(a, a + step, a + 2 * step, a + 3 * step, twiddles + 6 * j);
    }
    twiddles += 6 * quarter;
  }
  if (length == 4)
    for (size_t start = 0; start < count; start += 4) NAME(last_butterfly)(work + start * 2 * FRAMES);
  else if (length == 2)
    for (size_t start = 0; start < count; start += 2) NAME(last_pair)(work + start * 2 * FRAMES);
}

BY_CPU void NAME(audio_power_frames)(
  float *restrict out, size_t frames, const float *restrict x, size_t hop,
  const REAL *restrict window, size_t n, const REAL *restrict twiddles, const uint32_t *restrict places,
  REAL *restrict work) {
  const size_t half = n / 2;
  // Frames that are not wanted repeat the last one.
  const float *starts[FRAMES];
  for (size_t t = 0; t < FRAMES; t++) starts[t] = x + (t < frames ? t : frames - 1) * hop;
  LOAD_FRAMES(work, starts, window, n);
  if (half > 128) {
    // After the first stage each quarter goes through all others while it is in the cache.
    const size_t quarter = half / 4, step = quarter * 2 * FRAMES;
    for (size_t j = 0; j < quarter; j++) {
      REAL *a = work + j * 2 * FRAMES;
      NAME(butterfly)(a, a + step, a + 2 * step, a + 3 * step, twiddles + 6 * j);
    }
    for (size_t i = 0; i < 4; i++) NAME(stages)(work + i * step, quarter, quarter, twiddles + 6 * quarter);
  } else {
    NAME(stages)(work, half, half, twiddles);
  }
  // Behind the factors of the stages stand those of the pairs.
  for (size_t length = half; length > 4; length /= 4) twiddles += 6 * (length / 4);
  for (size_t k = 0; k <= half / 2; k++) {
    const REAL *z = work + places[k] * 2 * FRAMES, *y = work + places[k == 0 ? 0 : half - k] * 2 * FRAMES;
    const REAL c = twiddles[2 * k], s = twiddles[2 * k + 1];
    REAL low[FRAMES], high[FRAMES];
    for (int t = 0; t < FRAMES; t += WIDTH) {
      const VEC er = AT(z, t) + AT(y, t), ei = AT(z, t + FRAMES) - AT(y, t + FRAMES);
      const VEC or = AT(z, t + FRAMES) + AT(y, t + FRAMES), oi = AT(y, t) - AT(z, t);
      const VEC wr = c * or + s * oi, wi = c * oi - s * or ;
      AT(low, t) = (REAL)0.25 * ((er + wr) * (er + wr) + (ei + wi) * (ei + wi));
      AT(high, t) = (REAL)0.25 * ((er - wr) * (er - wr) + (ei - wi) * (ei - wi));
    }
    STORE_FRAMES(out + k * FRAMES, low);
    STORE_FRAMES(out + (half - k) * FRAMES, high);
  }
}
