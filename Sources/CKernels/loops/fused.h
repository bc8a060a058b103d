// Normalisation, addend and activation in one pass, and the way back through them.

enum { FROM_X, FROM_X_AND_ADDEND, FROM_Y };

INLINE void norm_activate_rows(const struct serspec_norm_activation *f, size_t rows, const float *x,
                               const float *addend, float *y, int kind, int adds) {
  const size_t columns = f->columns;
  const float *mean = f->mean, *scale = f->scale, *shift = f->shift;
  float alpha = f->alpha;
  for (size_t r = 0; r < rows; r++, x += columns, y += columns) {
#define BODY(IN)                                                                                                       \
  vf z = (IN(x + i) - IN(mean + i)) * IN(scale + i) + IN(shift + i);                                                   \
  if (adds) z += IN(addend + i);                                                                                       \
  out = activated(kind, alpha, z);
    EACH(columns, y, 0, BODY);
#undef BODY
    if (adds) addend += columns;
  }
}

static void norm_activate(const struct serspec_norm_activation *f, size_t rows, const float *x, const float *addend,
                          float *y) {
#define RUN(kind)                                                                                                      \
  case kind:                                                                                                           \
    if (addend)                                                                                                        \
      norm_activate_rows(f, rows, x, addend, y, kind, 1);                                                              \
    else                                                                                                               \
      norm_activate_rows(f, rows, x, addend, y, kind, 0);                                                              \
    break;
  switch (f->kind) {
    RUN(SERSPEC_ACTIVATION_NONE)
    RUN(SERSPEC_ACTIVATION_RELU)
    RUN(SERSPEC_ACTIVATION_SILU)
    RUN(SERSPEC_ACTIVATION_ELU)
  }
#undef RUN
}

// One vector of n columns of `height` rows: dz, and their part of the sums.
INLINE void take_back(const struct serspec_norm_activation *f, size_t c, size_t n, size_t height, const float *x,
                      const float *other, const float *dy, float *dz, float *products, float *sums, int kind,
                      int source) {
  const size_t columns = f->columns;
  vf mean = load_part(f->mean + c, n), scale = load_part(f->scale + c, n);
  vf shift = load_part(f->shift + c, n);
  vf product = {}, sum = {};
  for (size_t r = 0; r < height; r++) {
    size_t at = r * columns + c;
    vf centred = load_part(x + at, n) - mean;
    vf v;
    if (source == FROM_Y) {
      v = load_part(other + at, n);
    } else {
      v = centred * scale + shift;
      if (source == FROM_X_AND_ADDEND) v += load_part(other + at, n);
    }
    vf g = taken_back(kind, f->alpha, source == FROM_Y, v, load_part(dy + at, n));
    store_part(dz + at, g, n);
    sum += g;
    product += g * centred;
  }
  store_part(sums + c, load_part(sums + c, n) + sum, n);
  store_part(products + c, load_part(products + c, n) + product, n);
}

INLINE void norm_activate_gradient_rows(const struct serspec_norm_activation *f, size_t rows, const float *x,
                                        const float *other, const float *dy, float *dz, float *products, float *sums,
                                        int kind, int source) {
  const size_t columns = f->columns;
  // Two rows at a time halve the reads and writes of the sums; more of them, a power of two apart, would push each other
  // out of the first cache.
  enum { HEIGHT = 2 };
  for (size_t r = 0; r < rows; r += HEIGHT) {
    size_t height = rows - r < HEIGHT ? rows - r : HEIGHT, at = r * columns, c = 0;
    const float *others = source == FROM_X ? 0 : other + at;
    for (; c + LANES <= columns; c += LANES)
      take_back(f, c, LANES, height, x + at, others, dy + at, dz + at, products, sums, kind, source);
    if (c < columns)
      take_back(f, c, columns - c, height, x + at, others, dy + at, dz + at, products, sums, kind, source);
  }
}

static void norm_activate_gradient(const struct serspec_norm_activation *f, size_t rows, const float *x,
                                   const float *addend, const float *y, const float *dy, float *dz, float *products,
                                   float *sums) {
#define RUN(kind)                                                                                                      \
  case kind:                                                                                                           \
    if (y)                                                                                                             \
      norm_activate_gradient_rows(f, rows, x, y, dy, dz, products, sums, kind, FROM_Y);                                \
    else if (addend)                                                                                                   \
      norm_activate_gradient_rows(f, rows, x, addend, dy, dz, products, sums, kind, FROM_X_AND_ADDEND);                \
    else                                                                                                               \
      norm_activate_gradient_rows(f, rows, x, 0, dy, dz, products, sums, kind, FROM_X);                                \
    break;
  switch (f->kind) {
    RUN(SERSPEC_ACTIVATION_NONE)
    RUN(SERSPEC_ACTIVATION_RELU)
    RUN(SERSPEC_ACTIVATION_SILU)
    RUN(SERSPEC_ACTIVATION_ELU)
  }
#undef RUN
}
