// relu, silu and elu with their gradients.

static void relu(size_t n, const float *x, float *y) {
#define BODY(IN)                                                                                                       \
  vf v = IN(x + i);                                                                                                    \
  out = choose(v < 0.0f, splat(0), v);
  EACH(n, y, 0, BODY);
#undef BODY
}

static void relu_gradient(size_t n, const float *y, const float *dy, float *dx, int accumulate) {
#define BODY(IN)                                                                                                       \
  vf v = IN(y + i), g = IN(dy + i);                                                                                    \
  out = choose(v > 0.0f, g, splat(0));
  EACH(n, dx, accumulate, BODY);
#undef BODY
}

static void silu(size_t n, const float *x, float *y) {
#define BODY(IN)                                                                                                       \
  vf v = IN(x + i);                                                                                                    \
  out = v / (1.0f + exponential(-v));
  EACH(n, y, 0, BODY);
#undef BODY
}

// With s = 1 / (1 + exp(-x)): d silu / dx = s (1 + x (1 - s)).
static void silu_gradient(size_t n, const float *x, const float *dy, float *dx, int accumulate) {
#define BODY(IN)                                                                                                       \
  vf v = IN(x + i), g = IN(dy + i);                                                                                    \
  vf s = 1.0f / (1.0f + exponential(-v));                                                                              \
  out = g * (s * (1.0f + v * (1.0f - s)));
  EACH(n, dx, accumulate, BODY);
#undef BODY
}

static void elu(size_t n, float alpha, const float *x, float *y) {
#define BODY(IN)                                                                                                       \
  vf v = IN(x + i);                                                                                                    \
  out = choose(v > 0.0f, v, alpha * exponential_minus_one(v));
  EACH(n, y, 0, BODY);
#undef BODY
}

// For x <= 0, alpha exp(x) = y + alpha.
static void elu_gradient(size_t n, float alpha, const float *y, const float *dy, float *dx, int accumulate) {
#define BODY(IN)                                                                                                       \
  vf v = IN(y + i), g = IN(dy + i);                                                                                    \
  out = g * choose(v > 0.0f, splat(1), v + alpha);
  EACH(n, dx, accumulate, BODY);
#undef BODY
}
