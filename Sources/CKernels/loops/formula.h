// The interpreter of formulas: `row` values at a time go through all steps, so that what lies between
// them stays in the first cache and a step's dispatch is paid once for a row.

// Each operation is a function of its own: in one large function the compiler would run out of registers for their
// constants. `length` is a multiple of LANES.
#define A load(a + i)
#define B load(b + i)
#define C load(c + i)
#define D load(d + i)
#define STEP(name, value)                                                                                              \
  static __attribute__((noinline)) void formula_##name(float *y, const float *a, const float *b, const float *c,       \
                                                       const float *d, size_t length) {                                \
    (void)a, (void)b, (void)c, (void)d;                                                                                \
    for (size_t i = 0; i < length; i += LANES) store(y + i, value);                                                    \
  }

STEP(COPY, A)
STEP(ADD, A + B)
STEP(SUBTRACT, A - B)
STEP(MULTIPLY, A *B)
STEP(DIVIDE, A / B)
STEP(MULTIPLY_ADD, A *B + C)
STEP(MULTIPLY_SUBTRACT, A *B - C)
STEP(SUBTRACT_PRODUCT, C - A * B)
STEP(MULTIPLY_SUM, (A * B + C) * D)
STEP(NEGATE, -A)
STEP(ABS, absolute(A))
STEP(SIGN, choose(A > 0.0f, splat(1), choose(A < 0.0f, splat(-1), A)))
STEP(RELU, choose(A < 0.0f, splat(0), A))
// NaN on either side stays.
STEP(MAXIMUM, choose(B == B, choose(A < B, B, A), B))
STEP(MINIMUM, choose(B == B, choose(A > B, B, A), B))
STEP(SQRT, __builtin_elementwise_sqrt(A))
STEP(EXP, full_exponential(A))
STEP(EXPM1, full_exponential_minus_one(A))
STEP(LOG, logarithm(A))
STEP(LOG1P, logarithm_of_one_plus(A))
STEP(TANH, hyperbolic_tangent(A))
STEP(SIGMOID, sigmoid(A))
STEP(SOFTPLUS, softplus(A))
STEP(ERF, error_function(A))
STEP(SIN, sine(A))
STEP(COS, cosine(A))
STEP(POWER, power(A, B))
STEP(SELECT_LESS, choose(A < B, C, D))
STEP(SELECT_LESS_OR_EQUAL, choose(A <= B, C, D))
STEP(SELECT_EQUAL, choose(A == B, C, D))
#undef STEP
#undef A
#undef B
#undef C
#undef D

// The only operation that must not touch values beyond the last: `length` is any number.
static __attribute__((noinline)) void formula_ADD_PRODUCT(float *y, const float *a, const float *b, const float *c,
                                                          const float *d, size_t length) {
  (void)c, (void)d;
#define BODY(IN) out = IN(a + i) * IN(b + i);
  EACH(length, y, 1, BODY);
#undef BODY
}

typedef void formula_function(float *y, const float *a, const float *b, const float *c, const float *d, size_t length);

#define ENTRY(name) [SERSPEC_FORMULA_##name] = formula_##name
static formula_function *const formula_functions[] = {
    ENTRY(COPY),         ENTRY(ADD),
    ENTRY(SUBTRACT),     ENTRY(MULTIPLY),
    ENTRY(DIVIDE),       ENTRY(MULTIPLY_ADD),
    ENTRY(NEGATE),       ENTRY(MULTIPLY_SUBTRACT),
    ENTRY(ABS),          ENTRY(SUBTRACT_PRODUCT),
    ENTRY(SIGN),         ENTRY(MULTIPLY_SUM),
    ENTRY(RELU),
    ENTRY(MAXIMUM),      ENTRY(MINIMUM),
    ENTRY(SQRT),         ENTRY(EXP),
    ENTRY(EXPM1),        ENTRY(LOG),
    ENTRY(LOG1P),        ENTRY(TANH),
    ENTRY(SIGMOID),      ENTRY(SOFTPLUS),
    ENTRY(ERF),          ENTRY(SIN),
    ENTRY(COS),          ENTRY(POWER),
    ENTRY(SELECT_LESS),  ENTRY(SELECT_LESS_OR_EQUAL),
    ENTRY(SELECT_EQUAL), ENTRY(ADD_PRODUCT),
};
#undef ENTRY

static void formula(const struct serspec_formula *f, size_t n, size_t first, float *const *rows, float **at,
                    float *spare) {
  const size_t row = f->row, fixed = f->linear + f->periodic;
  for (size_t r = fixed; r < f->rows; r++) at[r] = rows[r];
  size_t phase = f->period ? first % f->period : 0;
  for (size_t i = 0; i < n; i += row) {
    size_t used = n - i < row ? n - i : row;
    // The last, shorter row runs on copies, so that vectors need not stop within their memory.
    size_t length = (used + LANES - 1) / LANES * LANES;
    int copied = length != used;
    for (size_t r = 0; r < f->linear; r++) {
      at[r] = rows[r] ? rows[r] + i : 0;
      if (!copied || !at[r]) continue;
      float *copy = spare + r * row;
      memset(copy + used, 0, 4 * (length - used));
      memcpy(copy, at[r], 4 * used);
      at[r] = copy;
    }
    for (size_t r = f->linear; r < fixed; r++) at[r] = rows[r] + phase;
    // What the last steps write, and read beside the first row, is on its way while the others compute.
    if (!copied && f->count > 1)
      for (size_t k = 0; k < row; k += 16) {
        if (at[0]) __builtin_prefetch(at[0] + k, 1);
        for (size_t r = 2; r < f->linear; r++) __builtin_prefetch(at[r] + k);
      }
    for (size_t s = 0; s < f->count; s++) {
      struct serspec_formula_step step = f->steps[s];
      formula_functions[step.operation](at[step.out], at[step.a], at[step.b], at[step.c], at[step.d],
                                        step.operation == SERSPEC_FORMULA_ADD_PRODUCT ? used : length);
    }
    if (copied && rows[0]) memcpy(rows[0] + i, at[0], 4 * used);
    if (f->period) phase = (phase + row) % f->period;
  }
}
