// relu, silu and elu with their gradients.

INLINE vf activated(int kind, float alpha, vf z) {
  if (kind == SERSPEC_ACTIVATION_RELU) return choose(z < 0.0f, splat(0), z);
  if (kind == SERSPEC_ACTIVATION_SILU) return z / (1.0f + exponential(-z));
  if (kind == SERSPEC_ACTIVATION_ELU) return choose(z > 0.0f, z, alpha * exponential_minus_one(z));
  return z;
}

// dy f'(x), where v is x, or y if `is_y`: the slopes of relu and elu follow from that as well. With s = 1 / (1 + exp(-x)):
// d silu / dx = s (1 + x (1 - s)); for x <= 0, alpha exp(x) of elu is y + alpha.
INLINE vf taken_back(int kind, float alpha, int is_y, vf v, vf g) {
  if (kind == SERSPEC_ACTIVATION_RELU) return choose(v > 0.0f, g, splat(0));
  if (kind == SERSPEC_ACTIVATION_SILU) {
    vf s = 1.0f / (1.0f + exponential(-v));
    return g * (s * (1.0f + v * (1.0f - s)));
  }
  if (kind == SERSPEC_ACTIVATION_ELU) {
    vf y = is_y ? v : choose(v > 0.0f, v, alpha * exponential_minus_one(v));
    return g * choose(y > 0.0f, splat(1), y + alpha);
  }
  return g;
}

static void relu(size_t n, const float *x, float *y) {
#define BODY(IN) out = activated(SERSPEC_ACTIVATION_RELU, 0, IN(x + i));
  EACH(n, y, 0, BODY);
#undef BODY
}

static void relu_gradient(size_t n, const float *y, const float *dy, float *dx, int accumulate) {
#define BODY(IN) out = taken_back(SERSPEC_ACTIVATION_RELU, 0, 1, IN(y + i), IN(dy + i));
  EACH(n, dx, accumulate, BODY);
#undef BODY
}

static void silu(size_t n, const float *x, float *y) {
#define BODY(IN) out = activated(SERSPEC_ACTIVATION_SILU, 0, IN(x + i));
  EACH(n, y, 0, BODY);
#undef BODY
}

static void silu_gradient(size_t n, const float *x, const float *dy, float *dx, int accumulate) {
#define BODY(IN) out = taken_back(SERSPEC_ACTIVATION_SILU, 0, 0, IN(x + i), IN(dy + i));
  EACH(n, dx, accumulate, BODY);
#undef BODY
}

static void elu(size_t n, float alpha, const float *x, float *y) {
#define BODY(IN) out = activated(SERSPEC_ACTIVATION_ELU, alpha, IN(x + i));
  EACH(n, y, 0, BODY);
#undef BODY
}

static void elu_gradient(size_t n, float alpha, const float *y, const float *dy, float *dx, int accumulate) {
#define BODY(IN) out = taken_back(SERSPEC_ACTIVATION_ELU, alpha, 1, IN(y + i), IN(dy + i));
  EACH(n, dx, accumulate, BODY);
#undef BODY
}
