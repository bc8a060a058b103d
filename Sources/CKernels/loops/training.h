// Softmax and Adam.

static float softmax(size_t n, const float *logits, float *probabilities) {
  float largest = logits[0];
  for (size_t i = 1; i < n; i++) largest = logits[i] > largest ? logits[i] : largest;
#define BODY(IN) out = exponential(IN(logits + i) - largest);
  EACH(n, probabilities, 0, BODY);
#undef BODY
  float denominator = 0;
  for (size_t i = 0; i < n; i++) denominator += probabilities[i];
  for (size_t i = 0; i < n; i++) probabilities[i] /= denominator;
  return logf(denominator) + largest;
}

// The order of operations is that of torch.optim.Adam.
static void adam(size_t n, const struct serspec_adam *step, float *restrict parameters, const float *restrict gradients,
                 float *restrict first, float *restrict second) {
  const struct serspec_adam s = *step;
  for (size_t i = 0; i < n; i++) {
    float g = gradients[i] + s.weight_decay * parameters[i];
    float m = first[i] + s.rest1 * (g - first[i]);
    float v = second[i] * s.beta2 + s.rest2 * g * g;
    float denominator = sqrtf(v) / s.root_correction2 + s.epsilon;
    first[i] = m;
    second[i] = v;
    parameters[i] -= s.step_size * m / denominator;
  }
}
