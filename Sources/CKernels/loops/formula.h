// The interpreter of formulas: SERSPEC_FORMULA_ROW values at a time go through all steps, so that what lies between
// them stays in the first cache and a step's dispatch is paid once for a row.

// One step on `length` values, a multiple of LANES, of which `used` count for sums.
static inline void formula_step(const struct serspec_formula_step *step, float *const *at, size_t length, size_t used) {
  float *y = at[step->out];
  const float *a = at[step->a], *b = at[step->b], *c = at[step->c], *d = at[step->d];
#define A load(a + i)
#define B load(b + i)
#define C load(c + i)
#define D load(d + i)
#define STEP(name, value)                                                                                              \
  case SERSPEC_FORMULA_##name:                                                                                         \
    for (size_t i = 0; i < length; i += LANES) store(y + i, value);                                                    \
    break
  switch (step->operation) {
    STEP(COPY, A);
    STEP(ADD, A + B);
    STEP(SUBTRACT, A - B);
    STEP(MULTIPLY, A *B);
    STEP(DIVIDE, A / B);
    STEP(MULTIPLY_ADD, A *B + C);
    STEP(MULTIPLY_SUBTRACT, A *B - C);
    STEP(SUBTRACT_PRODUCT, C - A * B);
    STEP(NEGATE, -A);
    STEP(ABS, absolute(A));
    STEP(SIGN, choose(A > 0.0f, splat(1), choose(A < 0.0f, splat(-1), A)));
    STEP(RELU, choose(A < 0.0f, splat(0), A));
    // NaN on either side stays.
    STEP(MAXIMUM, choose(B == B, choose(A < B, B, A), B));
    STEP(MINIMUM, choose(B == B, choose(A > B, B, A), B));
    STEP(SQRT, __builtin_elementwise_sqrt(A));
    STEP(EXP, full_exponential(A));
    STEP(EXPM1, full_exponential_minus_one(A));
    STEP(LOG, logarithm(A));
    STEP(LOG1P, logarithm_of_one_plus(A));
    STEP(TANH, hyperbolic_tangent(A));
    STEP(SIGMOID, sigmoid(A));
    STEP(SOFTPLUS, softplus(A));
    STEP(ERF, error_function(A));
    STEP(SIN, sine(A));
    STEP(COS, cosine(A));
    STEP(POWER, power(A, B));
    STEP(SELECT_LESS, choose(A < B, C, D));
    STEP(SELECT_LESS_OR_EQUAL, choose(A <= B, C, D));
    STEP(SELECT_EQUAL, choose(A == B, C, D));
  case SERSPEC_FORMULA_ADD_PRODUCT: {
#define BODY(IN) out = IN(a + i) * IN(b + i);
    EACH(used, y, 1, BODY);
#undef BODY
  } break;
  }
#undef STEP
#undef A
#undef B
#undef C
#undef D
}

static void formula(const struct serspec_formula *f, size_t n, size_t first, float *const *rows, float **at,
                    float *spare) {
  const size_t fixed = f->linear + f->periodic;
  for (size_t r = fixed; r < f->rows; r++) at[r] = rows[r];
  size_t phase = f->period ? first % f->period : 0;
  for (size_t i = 0; i < n; i += SERSPEC_FORMULA_ROW) {
    size_t used = n - i < SERSPEC_FORMULA_ROW ? n - i : SERSPEC_FORMULA_ROW;
    // The last, shorter row runs on copies, so that vectors need not stop within their memory.
    size_t length = (used + LANES - 1) / LANES * LANES;
    int copied = length != used;
    for (size_t r = 0; r < f->linear; r++) {
      at[r] = rows[r] ? rows[r] + i : 0;
      if (!copied || !at[r]) continue;
      float *copy = spare + r * SERSPEC_FORMULA_ROW;
      memset(copy + used, 0, 4 * (length - used));
      memcpy(copy, at[r], 4 * used);
      at[r] = copy;
    }
    for (size_t r = f->linear; r < fixed; r++) at[r] = rows[r] + phase;
    for (size_t s = 0; s < f->count; s++) formula_step(&f->steps[s], at, length, used);
    if (copied && rows[0]) memcpy(rows[0] + i, at[0], 4 * used);
    if (f->period) phase = (phase + SERSPEC_FORMULA_ROW) % f->period;
  }
}
