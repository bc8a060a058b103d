// Softmax and the steps of optimizers. The order of operations is that of torch.optim.

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

// Adam, AdamW (which has `keep` below 1 and no weight decay in the gradient) and, with `largest`, AMSGrad.
INLINE void adam_loop(size_t n, const struct serspec_adam s, float *restrict parameters,
                      const float *restrict gradients, float *restrict first, float *restrict second,
                      float *restrict largest, const int amsgrad) {
  for (size_t i = 0; i < n; i++) {
    float g = gradients[i] * s.scale + s.weight_decay * parameters[i];
    float m = first[i] + s.rest1 * (g - first[i]);
    float v = second[i] * s.beta2 + s.rest2 * g * g;
    first[i] = m;
    second[i] = v;
    if (amsgrad) {
      v = v > largest[i] ? v : largest[i];
      largest[i] = v;
    }
    float denominator = sqrtf(v) / s.root_correction2 + s.epsilon;
    parameters[i] = parameters[i] * s.keep - s.step_size * m / denominator;
  }
}

static void adam(size_t n, const struct serspec_adam *step, float *restrict parameters, const float *restrict gradients,
                 float *restrict first, float *restrict second, float *restrict largest) {
  if (largest)
    adam_loop(n, *step, parameters, gradients, first, second, largest, 1);
  else
    adam_loop(n, *step, parameters, gradients, first, second, largest, 0);
}

static void sgd(size_t n, const struct serspec_sgd *step, float *restrict parameters, const float *restrict gradients,
                float *restrict momentum) {
  const struct serspec_sgd s = *step;
  if (!momentum) {
    for (size_t i = 0; i < n; i++) {
      float g = gradients[i] * s.scale + s.weight_decay * parameters[i];
      parameters[i] -= s.learning_rate * g;
    }
    return;
  }
  for (size_t i = 0; i < n; i++) {
    float g = gradients[i] * s.scale + s.weight_decay * parameters[i];
    float m = s.momentum * momentum[i] + s.rest * g;
    momentum[i] = m;
    parameters[i] -= s.learning_rate * (s.gradient_share * g + s.momentum_share * m);
  }
}

INLINE void rmsprop_loop(size_t n, const struct serspec_rmsprop s, float *restrict parameters,
                         const float *restrict gradients, float *restrict square, float *restrict mean,
                         float *restrict momentum, const int centered, const int has_momentum) {
  for (size_t i = 0; i < n; i++) {
    float g = gradients[i] * s.scale + s.weight_decay * parameters[i];
    float v = square[i] * s.alpha + s.rest * g * g;
    square[i] = v;
    if (centered) {
      float m = mean[i] + s.rest * (g - mean[i]);
      mean[i] = m;
      v = v - m * m;
      v = v > 0 ? v : 0;
    }
    float change = g / (sqrtf(v) + s.epsilon);
    if (has_momentum) {
      change = s.momentum * momentum[i] + change;
      momentum[i] = change;
    }
    parameters[i] -= s.learning_rate * change;
  }
}

static void rmsprop(size_t n, const struct serspec_rmsprop *step, float *restrict parameters,
                    const float *restrict gradients, float *restrict square, float *restrict mean,
                    float *restrict momentum) {
#define LOOP(centered, has_momentum)                                                                                   \
  rmsprop_loop(n, *step, parameters, gradients, square, mean, momentum, centered, has_momentum)
  if (mean && momentum)
    LOOP(1, 1);
  else if (mean)
    LOOP(1, 0);
  else if (momentum)
    LOOP(0, 1);
  else
    LOOP(0, 0);
#undef LOOP
}

static void approach(size_t n, float share, const float *restrict x, float *restrict y) {
  for (size_t i = 0; i < n; i++) y[i] += share * (x[i] - y[i]);
}

static void clamp(size_t n, float limit, float *x) {
  // Written so that what is no number stays so.
  for (size_t i = 0; i < n; i++) {
    float v = x[i];
    v = v > limit ? limit : v;
    x[i] = v < -limit ? -limit : v;
  }
}

// In double precision and in sixteen parts, so that neither order nor size of the values matters.
static double square_sum(size_t n, const float *x) {
  double parts[16] = {0};
  size_t i = 0;
  for (; i + 16 <= n; i += 16)
    for (int lane = 0; lane < 16; lane++) parts[lane] += (double)x[i + lane] * (double)x[i + lane];
  for (int lane = 0; i < n; i++, lane++) parts[lane] += (double)x[i] * (double)x[i];
  for (int width = 8; width > 0; width /= 2)
    for (int lane = 0; lane < width; lane++) parts[lane] += parts[lane + width];
  return parts[0];
}
