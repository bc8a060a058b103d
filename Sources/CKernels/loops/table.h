// All loops, and the table of them for this level.
#include "vector.h"

#include "exponential.h"

#include "activations.h"
#include "basics.h"
#include "functions.h"
#include "formula.h"
#include "normalisation.h"
#include "fused.h"
#include "patches.h"
#include "pooling.h"
#include "windows.h"
#include "depthwise.h"
#include "random.h"
#include "recurrent.h"
#include "attention.h"
#include "training.h"
#include "panels.h"
#include "winograd.h"

const struct serspec_kernels LEVEL = {
    .name = LEVEL_NAME,
    .panel = PANEL,
    .relu = relu,
    .relu_gradient = relu_gradient,
    .silu = silu,
    .silu_gradient = silu_gradient,
    .elu = elu,
    .elu_gradient = elu_gradient,
    .formula = formula,
    .add = add,
    .sum = sum,
    .axpy = axpy,
    .product = product,
    .scale_columns = scale_columns,
    .column_products = column_products,
    .repeat_each = repeat_each,
    .fold_each = fold_each,
    .moments = moments,
    .normalise = normalise,
    .norm_gradient = norm_gradient,
    .norm_sums = norm_sums,
    .norm_activate = norm_activate,
    .norm_activate_gradient = norm_activate_gradient,
    .column_moments = column_moments,
    .layer_norm = layer_norm,
    .layer_norm_gradient = layer_norm_gradient,
    .column_sums = column_sums,
    .spread_row = spread_row,
    .transpose = transpose,
    .max_pool = max_pool,
    .max_pool_gradient = max_pool_gradient,
    .window_average = window_average,
    .window_average_gradient = window_average_gradient,
    .window_max = window_max,
    .window_max_gradient = window_max_gradient,
    .depthwise = depthwise,
    .depthwise_input_gradient = depthwise_input_gradient,
    .depthwise_weight_gradient = depthwise_weight_gradient,
    .im2col = im2col,
    .col2im = col2im,
    .panel_product = panel_product,
    .panel_product_turned = panel_product_turned,
    .pack_panels = pack_panels,
    .winograd_input = winograd_input,
    .winograd_output = winograd_output,
    .winograd_output_gradient = winograd_output_gradient,
    .winograd_kernel = winograd_kernel,
    .winograd_kernel_gradient = winograd_kernel_gradient,
    .philox = philox,
    .dropout = dropout,
    .softmax = softmax,
    .adam = adam,
    .sgd = sgd,
    .rmsprop = rmsprop,
    .approach = approach,
    .clamp = clamp,
    .square_sum = square_sum,
    .lstm_gates = lstm_gates,
    .lstm_gates_gradient = lstm_gates_gradient,
    .gru_gates = gru_gates,
    .gru_gates_gradient = gru_gates_gradient,
    .softmax_row = softmax_row,
    .softmax_again = softmax_again,
    .softmax_row_gradient = softmax_row_gradient,
    .softmax_columns = softmax_columns,
    .softmax_columns_gradient = softmax_columns_gradient,
    .weighted_statistics = weighted_statistics,
    .weighted_statistics_gradient = weighted_statistics_gradient,
};
