// Moments, normalisation and its gradients.

// Values that fit in the first-level cache, so that the second pass over them is cheap.
enum { MOMENT_BLOCK = 4096 };

INLINE float block_sum(size_t rows, size_t columns, size_t stride, const float *x) {
  vf a = {}, b = {}, c = {}, d = {};
  float tail = 0;
  for (size_t r = 0; r < rows; r++, x += stride) {
    size_t i = 0;
    for (; i + 4 * LANES <= columns; i += 4 * LANES) {
      a += load(x + i);
      b += load(x + i + LANES);
      c += load(x + i + 2 * LANES);
      d += load(x + i + 3 * LANES);
    }
    for (; i + LANES <= columns; i += LANES) a += load(x + i);
    for (; i < columns; i++) tail += x[i];
  }
  return total((a + b) + (c + d)) + tail;
}

INLINE float block_deviation(size_t rows, size_t columns, size_t stride, const float *x, float mean) {
  vf a = {}, b = {}, c = {}, d = {};
  float tail = 0;
  for (size_t r = 0; r < rows; r++, x += stride) {
    size_t i = 0;
    for (; i + 4 * LANES <= columns; i += 4 * LANES) {
      vf p = load(x + i) - mean, q = load(x + i + LANES) - mean;
      vf s = load(x + i + 2 * LANES) - mean, t = load(x + i + 3 * LANES) - mean;
      a += p * p;
      b += q * q;
      c += s * s;
      d += t * t;
    }
    for (; i + LANES <= columns; i += LANES) {
      vf p = load(x + i) - mean;
      a += p * p;
    }
    for (; i < columns; i++) tail += (x[i] - mean) * (x[i] - mean);
  }
  return total((a + b) + (c + d)) + tail;
}

// Joins the exact moments of blocks (Chan, Golub, LeVeque 1983), so that a large mean costs no precision.
static void moments(size_t rows, size_t columns, size_t stride, const float *x, double *mean, double *deviation) {
  if (stride == columns) {
    columns *= rows;
    rows = 1;
    stride = columns;
  }
  size_t width = columns < MOMENT_BLOCK ? columns : MOMENT_BLOCK;
  size_t height = width > 0 ? MOMENT_BLOCK / width : 1;
  double n = 0, m = 0, d = 0;
  for (size_t r = 0; r < rows; r += height) {
    size_t block_rows = rows - r < height ? rows - r : height;
    for (size_t c = 0; c < columns; c += width) {
      size_t block_columns = columns - c < width ? columns - c : width;
      const float *block = x + r * stride + c;
      double count = (double)block_rows * (double)block_columns;
      double block_mean = block_sum(block_rows, block_columns, stride, block) / count;
      // Deviations are from the rounded mean; take out what the rounding adds.
      double off = (double)(float)block_mean - block_mean;
      double block_m2 = block_deviation(block_rows, block_columns, stride, block, (float)block_mean) - count * off * off;
      double delta = block_mean - m;
      d += block_m2 + delta * delta * n * count / (n + count);
      m += delta * count / (n + count);
      n += count;
    }
  }
  *mean = m;
  *deviation = d < 0 ? 0 : d;
}

// The mean is taken off first: folded into the shift, a large one would cost digits.
static void normalise(size_t rows, size_t columns, const float *restrict x, const float *restrict mean,
                      const float *restrict scale, const float *restrict shift, float *restrict y) {
  for (size_t r = 0; r < rows; r++, x += columns, y += columns) {
    if (shift)
      for (size_t c = 0; c < columns; c++) y[c] = (x[c] - mean[c]) * scale[c] + shift[c];
    else
      for (size_t c = 0; c < columns; c++) y[c] = (x[c] - mean[c]) * scale[c];
  }
}

static void norm_gradient(size_t rows, size_t columns, const float *restrict x, const float *restrict dy,
                          const float *restrict mean, const float *restrict a, const float *restrict b,
                          const float *restrict d, float *restrict dx, int accumulate) {
  for (size_t r = 0; r < rows; r++, x += columns, dy += columns, dx += columns) {
    if (accumulate)
      for (size_t c = 0; c < columns; c++) dx[c] += dy[c] * a[c] + ((x[c] - mean[c]) * b[c] + d[c]);
    else
      for (size_t c = 0; c < columns; c++) dx[c] = dy[c] * a[c] + ((x[c] - mean[c]) * b[c] + d[c]);
  }
}

static void norm_sums(size_t rows, size_t columns, const float *restrict x, const float *restrict dy,
                      const float *restrict mean, float *restrict products, float *restrict sums) {
  for (size_t c = 0; c < columns; c++) products[c] = sums[c] = 0;
  size_t r = 0;
  for (; r + 4 <= rows; r += 4, x += 4 * columns, dy += 4 * columns) {
    for (size_t c = 0; c < columns; c++) {
      float g0 = dy[c], g1 = dy[columns + c], g2 = dy[2 * columns + c], g3 = dy[3 * columns + c];
      float m = mean[c];
      sums[c] += (g0 + g1) + (g2 + g3);
      products[c] += (g0 * (x[c] - m) + g1 * (x[columns + c] - m)) +
                     (g2 * (x[2 * columns + c] - m) + g3 * (x[3 * columns + c] - m));
    }
  }
  for (; r < rows; r++, x += columns, dy += columns) {
    for (size_t c = 0; c < columns; c++) {
      sums[c] += dy[c];
      products[c] += dy[c] * (x[c] - mean[c]);
    }
  }
}

static void column_moments(size_t rows, size_t columns, const float *restrict x, float *restrict center,
                           float *restrict sums, float *restrict squares) {
  column_sums(rows, columns, columns, 1 / (float)rows, x, center);
  for (size_t c = 0; c < columns; c++) sums[c] = squares[c] = 0;
  size_t r = 0;
  for (; r + 4 <= rows; r += 4, x += 4 * columns) {
    for (size_t c = 0; c < columns; c++) {
      float m = center[c];
      float p = x[c] - m, q = x[columns + c] - m, s = x[2 * columns + c] - m, t = x[3 * columns + c] - m;
      sums[c] += (p + q) + (s + t);
      squares[c] += (p * p + q * q) + (s * s + t * t);
    }
  }
  for (; r < rows; r++, x += columns) {
    for (size_t c = 0; c < columns; c++) {
      float p = x[c] - center[c];
      sums[c] += p;
      squares[c] += p * p;
    }
  }
}

static void layer_norm(size_t n, float mean, float scale, const float *x, const float *weight, const float *bias,
                       float *y) {
#define BODY(IN)                                                                                                       \
  out = (IN(x + i) - mean) * scale;                                                                                    \
  if (weight) out = out * IN(weight + i) + IN(bias + i);
  EACH(n, y, 0, BODY);
#undef BODY
}

// With h = (x - mean) scale and g = dy weight: dx = scale (g - average(g) - h average(g h)).
static void layer_norm_gradient(size_t n, float mean, float scale, const float *x, const float *dy, const float *weight,
                                float *dx, int accumulate, float *weight_gradient, float *bias_gradient) {
  vf sums = {}, products = {};
  size_t i = 0;
  for (; i < n; i += LANES) {
    size_t left = n - i < LANES ? n - i : LANES;
    vf g = load_part(dy + i, left), h = (load_part(x + i, left) - mean) * scale;
    if (weight_gradient) store_part(weight_gradient + i, load_part(weight_gradient + i, left) + g * h, left);
    if (bias_gradient) store_part(bias_gradient + i, load_part(bias_gradient + i, left) + g, left);
    if (weight) g *= load_part(weight + i, left);
    sums += g;
    products += g * h;
  }
  if (!dx) return;
  float average = total(sums) / (float)n, product = total(products) / (float)n;
#define BODY(IN)                                                                                                       \
  vf g = IN(dy + i), h = (IN(x + i) - mean) * scale;                                                                   \
  if (weight) g *= IN(weight + i);                                                                                     \
  out = scale * (g - average - h * product);
  EACH(n, dx, accumulate, BODY);
#undef BODY
}
