// Vectors of LANES floats, by clang's vector extensions: the same source serves SSE2, AVX2 and AVX-512.

typedef float vf __attribute__((vector_size(4 * LANES)));
typedef int32_t vi __attribute__((vector_size(4 * LANES)));
typedef uint8_t vb __attribute__((vector_size(LANES)));
// The same in memory, at any address.
typedef float vf_memory __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int32_t vi_memory __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef uint8_t vb_memory __attribute__((vector_size(LANES), aligned(1), may_alias));

#define INLINE static inline __attribute__((always_inline))

INLINE vf load(const float *p) { return *(const vf_memory *)p; }
INLINE void store(float *p, vf v) { *(vf_memory *)p = v; }
INLINE vf splat(float x) { return (vf){} + x; }
INLINE vf choose(vi mask, vf yes, vf no) { return (vf)((mask & (vi)yes) | (~mask & (vi)no)); }
INLINE vi choose_index(vi mask, vi yes, vi no) { return (mask & yes) | (~mask & no); }

// The values of a and b in turn: a0 b0 a1 b1 ..., the first or second half of them.
#if LANES == 4
#define INTERLEAVE(a, b, from) __builtin_shufflevector(a, b, from, from + 4, from + 1, from + 5)
#elif LANES == 8
#define INTERLEAVE(a, b, from)                                                                                         \
  __builtin_shufflevector(a, b, from, from + 8, from + 1, from + 9, from + 2, from + 10, from + 3, from + 11)
#else
#define INTERLEAVE(a, b, from)                                                                                         \
  __builtin_shufflevector(a, b, from, from + 16, from + 1, from + 17, from + 2, from + 18, from + 3, from + 19,        \
                          from + 4, from + 20, from + 5, from + 21, from + 6, from + 22, from + 7, from + 23)
#endif

// Transposes LANES x LANES values: as often as LANES can be halved, each row of the first half is interleaved with its
// counterpart of the second.
INLINE void transpose_lanes(vf *rows) {
  vf other[LANES];
#pragma clang loop unroll(full)
  for (int width = LANES; width > 1; width /= 2) {
#pragma clang loop unroll(full)
    for (int i = 0; i < LANES / 2; i++) {
      other[2 * i] = INTERLEAVE(rows[i], rows[i + LANES / 2], 0);
      other[2 * i + 1] = INTERLEAVE(rows[i], rows[i + LANES / 2], LANES / 2);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < LANES; i++) rows[i] = other[i];
  }
}

// Adds pairwise, so that the order does not depend on what surrounds it.
INLINE float total(vf v) {
  float parts[LANES];
  memcpy(parts, &v, sizeof v);
  for (int width = LANES / 2; width > 0; width /= 2)
    for (int i = 0; i < width; i++) parts[i] += parts[i + width];
  return parts[0];
}

// The first n < LANES values of a vector.
INLINE vf load_part(const float *p, size_t n) {
  vf v = {};
  memcpy(&v, p, 4 * n);
  return v;
}
INLINE void store_part(float *p, vf v, size_t n) { memcpy(p, &v, 4 * n); }

// y[i] = f(i) for all i, where `body` sets `out` from vectors that IN(pointer) reads. Arguments must not name `rest_`.
#define EACH(n, y, accumulate, body)                                                                                   \
  do {                                                                                                                 \
    size_t i = 0;                                                                                                      \
    for (; i + LANES <= (n); i += LANES) {                                                                             \
      vf out;                                                                                                          \
      body(load) if (accumulate) out += load((y) + i);                                                                 \
      store((y) + i, out);                                                                                             \
    }                                                                                                                  \
    if (i < (n)) {                                                                                                     \
      size_t rest_ = (n)-i;                                                                                            \
      vf out;                                                                                                          \
      body(LOAD_LEFT) if (accumulate) out += load_part((y) + i, rest_);                                                \
      store_part((y) + i, out, rest_);                                                                                 \
    }                                                                                                                  \
  } while (0)
#define LOAD_LEFT(p) load_part(p, rest_)
