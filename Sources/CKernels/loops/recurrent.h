// Gates of LSTM and GRU for one step of one sequence, with their gradients, and the functions that they are made of.

// Calls body(LOAD, STORE) for whole vectors at `i`, and once for what is left of n.
#define POINTS(n, body)                                                                                                \
  do {                                                                                                                 \
    size_t i = 0;                                                                                                      \
    for (; i + LANES <= (n); i += LANES) { body(load, store) }                                                         \
    if (i < (n)) {                                                                                                     \
      size_t rest_ = (n)-i;                                                                                            \
      body(LOAD_LEFT, STORE_LEFT)                                                                                      \
    }                                                                                                                  \
  } while (0)
#define STORE_LEFT(p, v) store_part(p, v, rest_)

INLINE vf gate_sigmoid(vf x) { return 1.0f / (1.0f + exponential(-x)); }

// From exp(2x) - 1, which keeps the digits of small values.
INLINE vf gate_tanh(vf x) {
  vf e = exponential_minus_one(2.0f * x);
  return e / (e + 2.0f);
}

// gates: i, f, g, o of n values each, before their functions and then behind them.
static void lstm_gates(size_t n, float *gates, const float *cell_before, float *cell, float *hidden) {
#define BODY(IN, OUT)                                                                                                  \
  vf input = gate_sigmoid(IN(gates + i)), forget = gate_sigmoid(IN(gates + n + i));                                    \
  vf candidate = gate_tanh(IN(gates + 2 * n + i)), output = gate_sigmoid(IN(gates + 3 * n + i));                       \
  vf c = input * candidate;                                                                                            \
  if (cell_before) c += forget * IN(cell_before + i);                                                                  \
  OUT(gates + i, input);                                                                                               \
  OUT(gates + n + i, forget);                                                                                          \
  OUT(gates + 2 * n + i, candidate);                                                                                   \
  OUT(gates + 3 * n + i, output);                                                                                      \
  OUT(cell + i, c);                                                                                                    \
  OUT(hidden + i, output *gate_tanh(c));
  POINTS(n, BODY);
#undef BODY
}

// Turns gates into the gradients of what they were made from, and `carried_cell` from the cell's gradient as the next
// step gives it into that for the step before.
static void lstm_gates_gradient(size_t n, float *gates, const float *cell_before, const float *cell, const float *dy,
                                const float *carried, float *carried_cell) {
#define BODY(IN, OUT)                                                                                                  \
  vf input = IN(gates + i), forget = IN(gates + n + i), candidate = IN(gates + 2 * n + i);                             \
  vf output = IN(gates + 3 * n + i), squashed = gate_tanh(IN(cell + i));                                               \
  vf dh = IN(dy + i) + IN(carried + i);                                                                                \
  vf dc = IN(carried_cell + i) + dh * output * (1.0f - squashed * squashed);                                           \
  vf before = {};                                                                                                      \
  if (cell_before) before = IN(cell_before + i);                                                                       \
  OUT(gates + i, dc *candidate *(input * (1.0f - input)));                                                             \
  OUT(gates + n + i, dc *before *(forget * (1.0f - forget)));                                                          \
  OUT(gates + 2 * n + i, dc *input *(1.0f - candidate * candidate));                                                   \
  OUT(gates + 3 * n + i, dh *squashed *(output * (1.0f - output)));                                                    \
  OUT(carried_cell + i, dc *forget);
  POINTS(n, BODY);
#undef BODY
}

// gates: r, z, n of n values each, before their functions (n without the hidden state's part, which is in `part`) and
// then behind them.
static void gru_gates(size_t n, float *gates, const float *part, const float *before, float *hidden) {
#define BODY(IN, OUT)                                                                                                  \
  vf reset = gate_sigmoid(IN(gates + i)), update = gate_sigmoid(IN(gates + n + i));                                    \
  vf candidate = gate_tanh(IN(gates + 2 * n + i) + reset * IN(part + i));                                              \
  vf h = (1.0f - update) * candidate;                                                                                  \
  if (before) h += update * IN(before + i);                                                                            \
  OUT(gates + i, reset);                                                                                               \
  OUT(gates + n + i, update);                                                                                          \
  OUT(gates + 2 * n + i, candidate);                                                                                   \
  OUT(hidden + i, h);
  POINTS(n, BODY);
#undef BODY
}

// Turns gates and `part` into the gradients of what they were made from, and `carried` from the hidden state's gradient
// as the next step gives it into the share of the step before that takes no way through the gates.
static void gru_gates_gradient(size_t n, float *gates, float *part, const float *before, const float *dy,
                               float *carried) {
#define BODY(IN, OUT)                                                                                                  \
  vf reset = IN(gates + i), update = IN(gates + n + i), candidate = IN(gates + 2 * n + i), p = IN(part + i);           \
  vf dh = IN(dy + i) + IN(carried + i);                                                                                \
  vf h = {};                                                                                                           \
  if (before) h = IN(before + i);                                                                                      \
  vf dn = dh * (1.0f - update) * (1.0f - candidate * candidate);                                                       \
  OUT(gates + i, dn *p *(reset * (1.0f - reset)));                                                                     \
  OUT(gates + n + i, dh *(h - candidate) * (update * (1.0f - update)));                                                \
  OUT(gates + 2 * n + i, dn);                                                                                          \
  OUT(part + i, dn *reset);                                                                                            \
  OUT(carried + i, dh *update);
  POINTS(n, BODY);
#undef BODY
}
