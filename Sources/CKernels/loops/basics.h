// Sums, products, columns and transposition.

static void add(size_t n, const float *restrict x, float *restrict y) {
  for (size_t i = 0; i < n; i++) y[i] += x[i];
}

static void sum(size_t n, const float *a, const float *b, float *y) {
  for (size_t i = 0; i < n; i++) y[i] = a[i] + b[i];
}

static void axpy(size_t n, float factor, const float *restrict x, float *restrict y) {
  for (size_t i = 0; i < n; i++) y[i] += factor * x[i];
}

static void product(size_t n, const float *a, const float *b, float *restrict y, int accumulate) {
  if (accumulate)
    for (size_t i = 0; i < n; i++) y[i] += a[i] * b[i];
  else
    for (size_t i = 0; i < n; i++) y[i] = a[i] * b[i];
}

static void scale_columns(size_t rows, size_t columns, const float *restrict x, const float *restrict scale,
                          float *restrict y, int accumulate) {
  for (size_t r = 0; r < rows; r++, x += columns, y += columns) product(columns, x, scale, y, accumulate);
}

// Four rows at a time, for the reasons of column_sums.
static void column_products(size_t rows, size_t columns, const float *restrict a, const float *restrict b,
                            float *restrict sums) {
  for (size_t c = 0; c < columns; c++) sums[c] = 0;
  size_t r = 0;
  for (; r + 4 <= rows; r += 4, a += 4 * columns, b += 4 * columns)
    for (size_t c = 0; c < columns; c++)
      sums[c] += (a[c] * b[c] + a[columns + c] * b[columns + c]) +
                 (a[2 * columns + c] * b[2 * columns + c] + a[3 * columns + c] * b[3 * columns + c]);
  for (; r < rows; r++, a += columns, b += columns)
    for (size_t c = 0; c < columns; c++) sums[c] += a[c] * b[c];
}

static void repeat_each(size_t n, size_t m, const float *restrict x, float *restrict y) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < m; j++) y[i * m + j] = x[i];
}

static void fold_each(size_t n, size_t m, const float *restrict y, float *restrict x, int accumulate) {
  for (size_t i = 0; i < n; i++) {
    float sum = 0;
    for (size_t j = 0; j < m; j++) sum += y[i * m + j];
    x[i] = accumulate ? x[i] + sum : sum;
  }
}

// Eight rows at a time: the sums are read and written once for eight values, and errors grow more slowly.
static void column_sums(size_t rows, size_t columns, size_t stride, float factor, const float *restrict x,
                        float *restrict sums) {
  for (size_t c = 0; c < columns; c++) sums[c] = 0;
  size_t r = 0;
  for (; r + 8 <= rows; r += 8) {
    const float *p = x + r * stride;
    for (size_t c = 0; c < columns; c++) {
      const float *q = p + c;
      sums[c] += ((q[0] + q[stride]) + (q[2 * stride] + q[3 * stride])) +
                 ((q[4 * stride] + q[5 * stride]) + (q[6 * stride] + q[7 * stride]));
    }
  }
  for (; r < rows; r++)
    for (size_t c = 0; c < columns; c++) sums[c] += x[r * stride + c];
  if (factor != 1)
    for (size_t c = 0; c < columns; c++) sums[c] *= factor;
}

static void spread_row(size_t rows, size_t columns, float factor, const float *restrict x, float *restrict y,
                       int accumulate) {
  for (size_t r = 0; r < rows; r++, y += columns) {
    if (accumulate)
      for (size_t c = 0; c < columns; c++) y[c] += factor * x[c];
    else
      for (size_t c = 0; c < columns; c++) y[c] = factor * x[c];
  }
}

static void transpose(size_t rows, size_t columns, const float *restrict x, float *restrict y, int accumulate) {
  enum { BLOCK = 16 };
  for (size_t r0 = 0; r0 < rows; r0 += BLOCK) {
    size_t r1 = r0 + BLOCK < rows ? r0 + BLOCK : rows;
    for (size_t c0 = 0; c0 < columns; c0 += BLOCK) {
      size_t c1 = c0 + BLOCK < columns ? c0 + BLOCK : columns;
      for (size_t c = c0; c < c1; c++) {
        if (accumulate)
          for (size_t r = r0; r < r1; r++) y[c * rows + r] += x[r * columns + c];
        else
          for (size_t r = r0; r < r1; r++) y[c * rows + r] = x[r * columns + c];
      }
    }
  }
}
