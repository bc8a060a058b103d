// Softmax along rows and columns, statistics under weights, and the functions of attention's neighbours.

INLINE float largest_of(vf v) {
  float parts[LANES];
  memcpy(parts, &v, sizeof v);
  float m = parts[0];
  for (int k = 1; k < LANES; k++) m = parts[k] > m ? parts[k] : m;
  return m;
}

// Returns the log of the sum of exp(x).
static float softmax_row(size_t n, const float *x, float *y) {
  size_t i = 0;
  vf m = splat(x[0]);
  for (; i + LANES <= n; i += LANES) {
    vf v = load(x + i);
    m = choose(v > m, v, m);
  }
  float largest = largest_of(m);
  for (; i < n; i++) largest = x[i] > largest ? x[i] : largest;
  vf sums = {};
  float tail = 0;
  for (i = 0; i + LANES <= n; i += LANES) {
    vf e = exponential(load(x + i) - largest);
    sums += e;
    store(y + i, e);
  }
  if (i < n) {
    vf e = exponential(load_part(x + i, n - i) - largest);
    store_part(y + i, e, n - i);
    for (size_t k = i; k < n; k++) tail += y[k];
  }
  float denominator = total(sums) + tail, factor = 1.0f / denominator;
  for (i = 0; i < n; i++) y[i] *= factor;
  return logf(denominator) + largest;
}

// y = exp(x - log_sum): the row again from what softmax_row returned.
static void softmax_again(size_t n, const float *x, float log_sum, float *y) {
#define BODY(IN) out = exponential(IN(x + i) - log_sum);
  EACH(n, y, 0, BODY);
#undef BODY
}

// dx = factor y (dy - sum of y dy)
static void softmax_row_gradient(size_t n, const float *y, const float *dy, float factor, float *dx, int accumulate) {
  vf products = {};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) products += load(y + i) * load(dy + i);
  float product = total(products);
  for (; i < n; i++) product += y[i] * dy[i];
#define BODY(IN) out = factor * IN(y + i) * (IN(dy + i) - product);
  EACH(n, dx, accumulate, BODY);
#undef BODY
}

// Each of `columns` columns of `n` rows for itself.
static void softmax_columns(size_t n, size_t columns, const float *x, float *y) {
#define BODY(IN, OUT)                                                                                                  \
  vf largest = IN(x + i), sum = {};                                                                                    \
  for (size_t r = 1; r < n; r++) {                                                                                     \
    vf v = IN(x + r * columns + i);                                                                                    \
    largest = choose(v > largest, v, largest);                                                                         \
  }                                                                                                                    \
  for (size_t r = 0; r < n; r++) {                                                                                     \
    vf e = exponential(IN(x + r * columns + i) - largest);                                                             \
    sum += e;                                                                                                          \
    OUT(y + r * columns + i, e);                                                                                       \
  }                                                                                                                    \
  vf factor = 1.0f / sum;                                                                                              \
  for (size_t r = 0; r < n; r++) OUT(y + r * columns + i, IN(y + r * columns + i) * factor);
  POINTS(columns, BODY);
#undef BODY
}

static void softmax_columns_gradient(size_t n, size_t columns, const float *y, const float *dy, float *dx,
                                     int accumulate) {
#define BODY(IN, OUT)                                                                                                  \
  vf product = {};                                                                                                     \
  for (size_t r = 0; r < n; r++) product += IN(y + r * columns + i) * IN(dy + r * columns + i);                        \
  for (size_t r = 0; r < n; r++) {                                                                                     \
    vf g = IN(y + r * columns + i) * (IN(dy + r * columns + i) - product);                                             \
    if (accumulate) g += IN(dx + r * columns + i);                                                                     \
    OUT(dx + r * columns + i, g);                                                                                      \
  }
  POINTS(columns, BODY);
#undef BODY
}

// mean[c] = sum over r of weights[r] x[r, c]; deviation[c] = sqrt(epsilon + sum over r of weights[r] (x - mean)^2)
static void weighted_statistics(size_t rows, size_t columns, float epsilon, const float *weights, const float *x,
                                float *mean, float *deviation) {
#define BODY(IN, OUT)                                                                                                  \
  vf m = {}, v = splat(epsilon);                                                                                       \
  for (size_t r = 0; r < rows; r++) m += weights[r] * IN(x + r * columns + i);                                         \
  for (size_t r = 0; r < rows; r++) {                                                                                  \
    vf d = IN(x + r * columns + i) - m;                                                                                \
    v += weights[r] * d * d;                                                                                           \
  }                                                                                                                    \
  OUT(mean + i, m);                                                                                                    \
  OUT(deviation + i, v);
  POINTS(columns, BODY);
#undef BODY
  for (size_t c = 0; c < columns; c++) deviation[c] = sqrtf(deviation[c]);
}

// With the gradients of mean and variance. The weights' sum is taken as 1, which a softmax makes it: then the variance
// does not change with the mean that it is taken around.
static void weighted_statistics_gradient(size_t rows, size_t columns, const float *weights, const float *x,
                                         const float *mean, const float *mean_gradient, const float *variance_gradient,
                                         float *dweights, int add_weights, float *dx, int add_x) {
  for (size_t r = 0; r < rows; r++, x += columns) {
    vf sums = {};
    float weight = weights[r];
#define BODY(IN, OUT)                                                                                                  \
  vf value = IN(x + i), d = value - IN(mean + i), g = IN(mean_gradient + i), v = IN(variance_gradient + i);            \
  sums += g * value + v * d * d;                                                                                       \
  if (dx) {                                                                                                            \
    vf out = weight * (g + 2.0f * v * d);                                                                              \
    if (add_x) out += IN(dx + i);                                                                                      \
    OUT(dx + i, out);                                                                                                  \
  }
    POINTS(columns, BODY);
#undef BODY
    if (dweights) dweights[r] = total(sums) + (add_weights ? dweights[r] : 0);
    if (dx) dx += columns;
  }
}
