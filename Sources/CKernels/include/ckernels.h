// C inner loops of serspec. Each is pure computation over caller-owned memory: no policy, no allocation, no threads.
// Every loop exists once a level of x86-64; serspec_kernels_for picks the level.
#ifndef SERSPEC_CKERNELS_H
#define SERSPEC_CKERNELS_H
#include <stddef.h>
#include <stdint.h>

// Extents of a max pool of one channels-last image; one spatial axis is a height of one.
struct serspec_pool {
  int height, width, channels, out_height, out_width;
  int kernel_y, kernel_x, stride_y, stride_x, padding_y, padding_x;
};

// Windows over one channels-last image, each axis its own: first and end of output row i at y[2 i] and y[2 i + 1]; an
// average's factor is scale_y[i] scale_x[j].
struct serspec_windows {
  int height, width, channels, out_height, out_width;
  const int32_t *_Nonnull y, *_Nonnull x;
  const float *_Nonnull scale_y, *_Nonnull scale_x;
};

// Extents of a convolution of one channels-last image. Padding may be negative: that crops.
struct serspec_conv {
  int height, width, channels, out_height, out_width;
  int kernel_y, kernel_x, stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x;
  // The channels of one group: `group_channels` from `first_channel`.
  int first_channel, group_channels;
};

// One channels-last image that Winograd's transforms read or write, cut into tiles of 4 x 4 or 2 x 2 output pixels (two
// axes), or 4 or 2: `outputs` an axis. `channels` is the distance between pixels, `width_channels` how many of them are
// meant; padding counts for inputs only.
struct serspec_winograd {
  int axes, outputs, height, width, channels, width_channels, padding_y, padding_x, tiles_x;
};

// C (+)= A B + bias, see loops/panels.h; P is the table's `panel`:
// A(i, k) = a[i a_row + k / a_run a_block + k % a_run], B(k, j) = b[j / P b_panel + k P + j % P],
// C(i, j) = c[i c_row + j / P c_panel + j % P]. The bias counts where C is overwritten.
struct serspec_product {
  size_t rows, columns, depth;
  const float *_Nonnull a;
  size_t a_row, a_run, a_block;
  const float *_Nonnull b;
  size_t b_panel;
  float *_Nonnull c;
  size_t c_row, c_panel;
  const float *_Nullable bias;
  int accumulate;
};

// C (+)= A' B: A(k, i) = a[i / P a_panel + k a_step + i % P], B(k, j) = b[j / P b_panel + k b_step + j % P], C as above.
// Whole panels of B are read, also where C has fewer columns.
struct serspec_turned_product {
  size_t rows, columns, depth;
  const float *_Nonnull a;
  size_t a_panel, a_step;
  const float *_Nonnull b;
  size_t b_panel, b_step;
  float *_Nonnull c;
  size_t c_row, c_panel;
  int accumulate;
};

// The numbers of one step of an optimizer; gradients are multiplied by `scale` first. `rest1` is 1 - beta1, rounded
// once, so the others; parameters are multiplied by `keep` before they change.
struct serspec_adam {
  float scale, rest1, beta2, rest2, weight_decay, keep, step_size, root_correction2, epsilon;
};

// The change is gradient_share times the gradient and momentum_share times the new momentum.
struct serspec_sgd {
  float scale, weight_decay, learning_rate, momentum, rest, gradient_share, momentum_share;
};

struct serspec_rmsprop {
  float scale, weight_decay, learning_rate, alpha, rest, epsilon, momentum;
};

// An activation as part of another loop.
enum serspec_activation {
  SERSPEC_ACTIVATION_NONE,
  SERSPEC_ACTIVATION_RELU,
  SERSPEC_ACTIVATION_SILU,
  SERSPEC_ACTIVATION_ELU, // takes alpha
};

// y[r, c] = f((x[r, c] - mean[c]) * scale[c] + shift[c] + addend[r, c]). There always is a shift, if of zeros: without
// one the product would be rounded together with the addend.
struct serspec_norm_activation {
  size_t columns;
  const float *_Nonnull mean, *_Nonnull scale, *_Nonnull shift;
  enum serspec_activation kind;
  float alpha;
};

// What a step does with its rows a, b, c, d.
enum serspec_formula_operation {
  SERSPEC_FORMULA_COPY,
  SERSPEC_FORMULA_ADD,
  SERSPEC_FORMULA_SUBTRACT,
  SERSPEC_FORMULA_MULTIPLY,
  SERSPEC_FORMULA_DIVIDE,
  SERSPEC_FORMULA_MULTIPLY_ADD,      // a b + c
  SERSPEC_FORMULA_MULTIPLY_SUBTRACT, // a b - c
  SERSPEC_FORMULA_SUBTRACT_PRODUCT,  // c - a b
  SERSPEC_FORMULA_MULTIPLY_SUM,      // (a b + c) d
  SERSPEC_FORMULA_NEGATE,
  SERSPEC_FORMULA_ABS,
  SERSPEC_FORMULA_SIGN,
  SERSPEC_FORMULA_RELU,
  SERSPEC_FORMULA_MAXIMUM,
  SERSPEC_FORMULA_MINIMUM,
  SERSPEC_FORMULA_SQRT,
  SERSPEC_FORMULA_EXP,
  SERSPEC_FORMULA_EXPM1,
  SERSPEC_FORMULA_LOG,
  SERSPEC_FORMULA_LOG1P,
  SERSPEC_FORMULA_TANH,
  SERSPEC_FORMULA_SIGMOID,
  SERSPEC_FORMULA_SOFTPLUS,
  SERSPEC_FORMULA_ERF,
  SERSPEC_FORMULA_SIN,
  SERSPEC_FORMULA_COS,
  SERSPEC_FORMULA_POWER,
  SERSPEC_FORMULA_SELECT_LESS,          // a < b ? c : d
  SERSPEC_FORMULA_SELECT_LESS_OR_EQUAL, // a <= b ? c : d
  SERSPEC_FORMULA_SELECT_EQUAL,         // a == b ? c : d
  SERSPEC_FORMULA_ADD_PRODUCT,          // out += a b, for the values that count
};

// One step; rows by number. Rows that an operation does not use are any valid ones.
struct serspec_formula_step {
  uint16_t operation, out, a, b, c, d;
};

// A program over rows. Of its rows the first `linear` move along with the values (the first of them is written), the
// next `periodic` do so modulo `period` and have `period` + `row` values, all others stay. `row` is the number of values
// that go through all steps at a time, a multiple of 16.
struct serspec_formula {
  const struct serspec_formula_step *_Nonnull steps;
  size_t count, rows, row, linear, periodic, period;
};

// `accumulate` adds to the destination instead of overwriting it, everywhere.
// A constant table, hence safe to share.
struct __attribute__((swift_attr("@Sendable"))) serspec_kernels {
  const char *_Nonnull name;
  // Columns of a panel of a matrix product.
  int panel;

  // y = f(x); dx = dy f'. relu and elu take their output, silu its input.
  void (*_Nonnull relu)(size_t n, const float *_Nonnull x, float *_Nonnull y);
  void (*_Nonnull relu_gradient)(size_t n, const float *_Nonnull y, const float *_Nonnull dy, float *_Nonnull dx,
                                 int accumulate);
  void (*_Nonnull silu)(size_t n, const float *_Nonnull x, float *_Nonnull y);
  void (*_Nonnull silu_gradient)(size_t n, const float *_Nonnull x, const float *_Nonnull dy, float *_Nonnull dx,
                                 int accumulate);
  void (*_Nonnull elu)(size_t n, float alpha, const float *_Nonnull x, float *_Nonnull y);
  void (*_Nonnull elu_gradient)(size_t n, float alpha, const float *_Nonnull y, const float *_Nonnull dy,
                                float *_Nonnull dx, int accumulate);

  // Runs a formula on n values, the first of which is number `first` of its period. `rows` are the starts of the rows (a
  // linear one that is not used may be null); `at` is room for as many pointers, `spare` for `linear` rows.
  void (*_Nonnull formula)(const struct serspec_formula *_Nonnull f, size_t n, size_t first,
                           float *_Nullable const *_Nonnull rows, float *_Nullable *_Nonnull at, float *_Nonnull spare);

  // y += x
  void (*_Nonnull add)(size_t n, const float *_Nonnull x, float *_Nonnull y);
  // y = a + b
  void (*_Nonnull sum)(size_t n, const float *_Nonnull a, const float *_Nonnull b, float *_Nonnull y);

  // y += factor * x
  void (*_Nonnull axpy)(size_t n, float factor, const float *_Nonnull x, float *_Nonnull y);
  // y = a * b
  void (*_Nonnull product)(size_t n, const float *_Nonnull a, const float *_Nonnull b, float *_Nonnull y,
                           int accumulate);
  // y[r, c] = x[r, c] * scale[c]
  void (*_Nonnull scale_columns)(size_t rows, size_t columns, const float *_Nonnull x, const float *_Nonnull scale,
                                 float *_Nonnull y, int accumulate);
  // sums[c] = sum over r of a[r, c] * b[r, c]
  void (*_Nonnull column_products)(size_t rows, size_t columns, const float *_Nonnull a, const float *_Nonnull b,
                                   float *_Nonnull sums);
  // y[m i + j] = x[i] for j < m, and its gradient x[i] = sum over j of y[m i + j]
  void (*_Nonnull repeat_each)(size_t n, size_t m, const float *_Nonnull x, float *_Nonnull y);
  void (*_Nonnull fold_each)(size_t n, size_t m, const float *_Nonnull y, float *_Nonnull x, int accumulate);

  // Mean and sum of squared deviations of rows x columns values, rows `stride` apart.
  void (*_Nonnull moments)(size_t rows, size_t columns, size_t stride, const float *_Nonnull x, double *_Nonnull mean,
                           double *_Nonnull deviation);
  // y[r, c] = (x[r, c] - mean[c]) * scale[c] + shift[c]
  void (*_Nonnull normalise)(size_t rows, size_t columns, const float *_Nonnull x, const float *_Nonnull mean,
                             const float *_Nonnull scale, const float *_Nullable shift, float *_Nonnull y);
  // dx[r, c] = dy[r, c] * a[c] + (x[r, c] - mean[c]) * b[c] + d[c]
  void (*_Nonnull norm_gradient)(size_t rows, size_t columns, const float *_Nonnull x, const float *_Nonnull dy,
                                 const float *_Nonnull mean, const float *_Nonnull a, const float *_Nonnull b,
                                 const float *_Nonnull d, float *_Nonnull dx, int accumulate);
  // center[c] = the rounded mean of column c; sums[c] and squares[c] = sums over r of (x - center[c]) and its square
  void (*_Nonnull column_moments)(size_t rows, size_t columns, const float *_Nonnull x, float *_Nonnull center,
                                  float *_Nonnull sums, float *_Nonnull squares);
  // products[c] = sum over r of dy (x - mean[c]); sums[c] = sum over r of dy
  void (*_Nonnull norm_sums)(size_t rows, size_t columns, const float *_Nonnull x, const float *_Nonnull dy,
                             const float *_Nonnull mean, float *_Nonnull products, float *_Nonnull sums);
  // Normalisation, addend (may be null) and activation in one pass.
  void (*_Nonnull norm_activate)(const struct serspec_norm_activation *_Nonnull f, size_t rows,
                                 const float *_Nonnull x, const float *_Nullable addend, float *_Nonnull y);
  // The gradient dz of what the activation took, and what it adds to products[c] = sum over r of dz (x - mean[c]) and
  // sums[c] = sum over r of dz. The activation's slope follows from x and addend, or from its output y where not null
  // (not for silu).
  void (*_Nonnull norm_activate_gradient)(const struct serspec_norm_activation *_Nonnull f, size_t rows,
                                          const float *_Nonnull x, const float *_Nullable addend,
                                          const float *_Nullable y, const float *_Nonnull dy, float *_Nonnull dz,
                                          float *_Nonnull products, float *_Nonnull sums);
  // One row of layer normalisation; weight and bias may be null.
  void (*_Nonnull layer_norm)(size_t n, float mean, float scale, const float *_Nonnull x, const float *_Nullable weight,
                              const float *_Nullable bias, float *_Nonnull y);
  // Its gradient; adds to weight_gradient and bias_gradient where not null.
  void (*_Nonnull layer_norm_gradient)(size_t n, float mean, float scale, const float *_Nonnull x,
                                       const float *_Nonnull dy, const float *_Nullable weight, float *_Nullable dx,
                                       int accumulate, float *_Nullable weight_gradient,
                                       float *_Nullable bias_gradient);

  // sums[c] = factor * sum over r of x[r, c]
  void (*_Nonnull column_sums)(size_t rows, size_t columns, size_t stride, float factor, const float *_Nonnull x,
                               float *_Nonnull sums);
  // y[r, c] = factor * x[c]
  void (*_Nonnull spread_row)(size_t rows, size_t columns, float factor, const float *_Nonnull x, float *_Nonnull y,
                              int accumulate);
  // y[c, r] = x[r, c]
  void (*_Nonnull transpose)(size_t rows, size_t columns, const float *_Nonnull x, float *_Nonnull y, int accumulate);

  // `places` (one a value: index within the window; 4 bytes if wide, else 1) may be null.
  void (*_Nonnull max_pool)(const struct serspec_pool *_Nonnull g, const float *_Nonnull x, float *_Nonnull y,
                            void *_Nullable places, int wide);
  void (*_Nonnull max_pool_gradient)(const struct serspec_pool *_Nonnull g, const float *_Nonnull dy,
                                     const void *_Nonnull places, float *_Nonnull dx, int wide, int accumulate);

  void (*_Nonnull window_average)(const struct serspec_windows *_Nonnull g, const float *_Nonnull x, float *_Nonnull y);
  void (*_Nonnull window_average_gradient)(const struct serspec_windows *_Nonnull g, const float *_Nonnull dy,
                                           float *_Nonnull dx, int accumulate);
  // `places` (one a value: index of the pixel in the image) may be null.
  void (*_Nonnull window_max)(const struct serspec_windows *_Nonnull g, const float *_Nonnull x, float *_Nonnull y,
                              int32_t *_Nullable places);
  void (*_Nonnull window_max_gradient)(const struct serspec_windows *_Nonnull g, const float *_Nonnull dy,
                                       const int32_t *_Nonnull places, float *_Nonnull dx, int accumulate);

  // A convolution in which each channel sees itself alone; w is [positions, channels]; see loops/depthwise.h. Rows
  // first..<last of y, of dx; all of dw, which is added to.
  void (*_Nonnull depthwise)(const struct serspec_conv *_Nonnull g, const float *_Nonnull x, const float *_Nonnull w,
                             const float *_Nullable bias, int first, int last, float *_Nonnull y);
  void (*_Nonnull depthwise_input_gradient)(const struct serspec_conv *_Nonnull g, const float *_Nonnull dy,
                                            const float *_Nonnull w, int first, int last, float *_Nonnull dx,
                                            int accumulate);
  void (*_Nonnull depthwise_weight_gradient)(const struct serspec_conv *_Nonnull g, const float *_Nonnull x,
                                             const float *_Nonnull dy, float *_Nonnull dw);

  // Rows first..<last of output pixels, each the patch of kernel positions from..<to: [rows, to - from,
  // group_channels].
  void (*_Nonnull im2col)(const struct serspec_conv *_Nonnull g, const float *_Nonnull x, int first, int last, int from,
                          int to, float *_Nonnull patches);
  // Adds patches of all kernel positions back to their image.
  void (*_Nonnull col2im)(const struct serspec_conv *_Nonnull g, const float *_Nonnull patches, int first, int last,
                          float *_Nonnull x);

  // Matrix products; see struct serspec_product and loops/panels.h.
  void (*_Nonnull panel_product)(const struct serspec_product *_Nonnull p);
  void (*_Nonnull panel_product_turned)(const struct serspec_turned_product *_Nonnull p);
  // panels[j / P panel + k P + j % P] = matrix[k row + j column]; the last panel is filled up with zeros.
  void (*_Nonnull pack_panels)(size_t depth, size_t columns, const float *_Nonnull matrix, size_t row, size_t column,
                               float *_Nonnull panels, size_t panel);

  // Winograd's transforms; see loops/winograd.h. Tiles first..<last of one image, to or from planes that start `plane`
  // floats apart and have panels `panel` floats apart.
  void (*_Nonnull winograd_input)(const struct serspec_winograd *_Nonnull g, const float *_Nonnull x, int first,
                                  int last, float *_Nonnull planes, size_t plane, size_t panel);
  void (*_Nonnull winograd_output)(const struct serspec_winograd *_Nonnull g, const float *_Nonnull planes,
                                   size_t plane, size_t panel, const float *_Nullable bias, float *_Nonnull y,
                                   int first, int last, int accumulate);
  void (*_Nonnull winograd_output_gradient)(const struct serspec_winograd *_Nonnull g, const float *_Nonnull dy,
                                            int first, int last, float *_Nonnull planes, size_t plane, size_t panel);
  // `rows` rows of a kernel, `row` apart, of 9 or 3 positions, `position` apart, of `width` channels: planes
  // B(channel, row), or with `turned` by 180 degrees B(row, channel).
  void (*_Nonnull winograd_kernel)(const struct serspec_winograd *_Nonnull g, size_t rows, size_t width,
                                   const float *_Nonnull w, size_t row, size_t position, int turned,
                                   float *_Nonnull planes, size_t plane, size_t panel);
  // The same places of dw of planes (row, channel).
  void (*_Nonnull winograd_kernel_gradient)(const struct serspec_winograd *_Nonnull g, size_t rows, size_t width,
                                            const float *_Nonnull planes, size_t plane, size_t panel,
                                            float *_Nonnull dw, size_t row, size_t position, int accumulate);

  // Philox4x32-10: blocks of four numbers at counters first..<first + count.
  void (*_Nonnull philox)(uint64_t key, uint64_t first, size_t count, uint32_t *_Nonnull out);
  // y[i] = x[i] * scale where the 16-bit random number of index first + i is >= threshold, else 0. first % 8 == 0.
  void (*_Nonnull dropout)(size_t n, uint64_t key, uint64_t first, uint32_t threshold, float scale,
                           const float *_Nonnull x, float *_Nonnull y, int accumulate);

  // probabilities = softmax(logits); returns log of the sum of exp(logits - max) plus max
  float (*_Nonnull softmax)(size_t n, const float *_Nonnull logits, float *_Nonnull probabilities);

  // One step of an optimizer. Without `largest` Adam, with it AMSGrad; buffers that are null are not used.
  void (*_Nonnull adam)(size_t n, const struct serspec_adam *_Nonnull step, float *_Nonnull parameters,
                        const float *_Nonnull gradients, float *_Nonnull first, float *_Nonnull second,
                        float *_Nullable largest);
  void (*_Nonnull sgd)(size_t n, const struct serspec_sgd *_Nonnull step, float *_Nonnull parameters,
                       const float *_Nonnull gradients, float *_Nullable momentum);
  void (*_Nonnull rmsprop)(size_t n, const struct serspec_rmsprop *_Nonnull step, float *_Nonnull parameters,
                           const float *_Nonnull gradients, float *_Nonnull square, float *_Nullable mean,
                           float *_Nullable momentum);
  // y[i] += share * (x[i] - y[i])
  void (*_Nonnull approach)(size_t n, float share, const float *_Nonnull x, float *_Nonnull y);
  // x[i] = min(max(x[i], -limit), limit)
  void (*_Nonnull clamp)(size_t n, float limit, float *_Nonnull x);
  // the sum of x[i] * x[i]
  double (*_Nonnull square_sum)(size_t n, const float *_Nonnull x);

  // One step of one sequence; see loops/recurrent.h. `gates` holds n values a gate, one gate behind the other; states
  // before the first step are null and count as zeros. The gradients turn `gates` and what is carried from step to step
  // into what the step before needs.
  void (*_Nonnull lstm_gates)(size_t n, float *_Nonnull gates, const float *_Nullable cell_before,
                              float *_Nonnull cell, float *_Nonnull hidden);
  void (*_Nonnull lstm_gates_gradient)(size_t n, float *_Nonnull gates, const float *_Nullable cell_before,
                                       const float *_Nonnull cell, const float *_Nonnull dy,
                                       const float *_Nonnull carried, float *_Nonnull carried_cell);
  void (*_Nonnull gru_gates)(size_t n, float *_Nonnull gates, const float *_Nonnull part,
                             const float *_Nullable before, float *_Nonnull hidden);
  void (*_Nonnull gru_gates_gradient)(size_t n, float *_Nonnull gates, float *_Nonnull part,
                                      const float *_Nullable before, const float *_Nonnull dy,
                                      float *_Nonnull carried);

  // y = softmax(x) of one row, in place too; returns the log of the sum of exp(x), from which softmax_again has the row
  // again. dx = factor y (dy - sum of y dy).
  float (*_Nonnull softmax_row)(size_t n, const float *_Nonnull x, float *_Nonnull y);
  void (*_Nonnull softmax_again)(size_t n, const float *_Nonnull x, float log_sum, float *_Nonnull y);
  void (*_Nonnull softmax_row_gradient)(size_t n, const float *_Nonnull y, const float *_Nonnull dy, float factor,
                                        float *_Nonnull dx, int accumulate);
  // The same down each of `columns` columns of n rows.
  void (*_Nonnull softmax_columns)(size_t n, size_t columns, const float *_Nonnull x, float *_Nonnull y);
  void (*_Nonnull softmax_columns_gradient)(size_t n, size_t columns, const float *_Nonnull y,
                                            const float *_Nonnull dy, float *_Nonnull dx, int accumulate);
  // mean[c] = sum over r of weights[r] x[r, c]; deviation[c] = sqrt(epsilon + sum over r of weights[r] (x - mean)^2)
  void (*_Nonnull weighted_statistics)(size_t rows, size_t columns, float epsilon, const float *_Nonnull weights,
                                       const float *_Nonnull x, float *_Nonnull mean, float *_Nonnull deviation);
  void (*_Nonnull weighted_statistics_gradient)(size_t rows, size_t columns, const float *_Nonnull weights,
                                                const float *_Nonnull x, const float *_Nonnull mean,
                                                const float *_Nonnull mean_gradient,
                                                const float *_Nonnull variance_gradient, float *_Nullable dweights,
                                                int add_weights, float *_Nullable dx, int add_x);
};

// The best level that this CPU has, at most `wanted` (`baseline`, `avx2` or `avx512`; null: any).
const struct serspec_kernels *_Nonnull serspec_kernels_for(const char *_Nullable wanted);

// Whether OpenBLAS should be told to use its AVX-512 kernels: the CPU has them, but OpenBLAS may not know the CPU.
int serspec_prefers_skylakex(void);

// Tells the CPU that this is a spinning loop.
static inline void serspec_pause(void) { __builtin_ia32_pause(); }

// The largest extent of a kernel that the depthwise loops take.
enum { SERSPEC_DEPTHWISE_KERNEL = 64 };

#endif
