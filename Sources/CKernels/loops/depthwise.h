// Depthwise convolution of channels-last images: no products of matrices, but LANES channels at once.

// The positions of one axis of the kernel that a value depends on, and the places that they meet.
struct taps {
  int count;
  int kernel[SERSPEC_DEPTHWISE_KERNEL], place[SERSPEC_DEPTHWISE_KERNEL];
};

// Inputs that output `at` is made of.
INLINE void input_taps(struct taps *taps, int at, int kernel, int stride, int padding, int dilation, int extent) {
  taps->count = 0;
  for (int k = 0; k < kernel; k++) {
    int place = at * stride - padding + k * dilation;
    if (place < 0 || place >= extent) continue;
    taps->kernel[taps->count] = k;
    taps->place[taps->count++] = place;
  }
}

// Outputs that input `at` is part of.
INLINE void output_taps(struct taps *taps, int at, int kernel, int stride, int padding, int dilation, int extent) {
  taps->count = 0;
  for (int k = 0; k < kernel; k++) {
    int place = at + padding - k * dilation;
    if (place < 0 || place % stride != 0 || place / stride >= extent) continue;
    taps->kernel[taps->count] = k;
    taps->place[taps->count++] = place / stride;
  }
}

// y = bias + the sum over taps of source w, for `vectors` times LANES channels.
INLINE void tap_lanes(size_t channels, const struct taps *ty, const struct taps *tx, int width, int kernel_x,
                      const float *source, const float *w, const float *bias, float *y, int accumulate,
                      const int vectors) {
  vf sums[4];
  for (int v = 0; v < vectors; v++) sums[v] = bias ? load(bias + v * LANES) : (vf){};
  for (int j = 0; j < ty->count; j++)
    for (int i = 0; i < tx->count; i++) {
      const float *p = source + ((size_t)ty->place[j] * width + tx->place[i]) * channels;
      const float *q = w + ((size_t)ty->kernel[j] * kernel_x + tx->kernel[i]) * channels;
      for (int v = 0; v < vectors; v++) sums[v] += load(p + v * LANES) * load(q + v * LANES);
    }
  for (int v = 0; v < vectors; v++) store(y + v * LANES, accumulate ? load(y + v * LANES) + sums[v] : sums[v]);
}

INLINE void tap_pixel(size_t channels, const struct taps *ty, const struct taps *tx, int width, int kernel_x,
                      const float *source, const float *w, const float *bias, float *y, int accumulate) {
  size_t c = 0;
  for (; c + 4 * LANES <= channels; c += 4 * LANES)
    tap_lanes(channels, ty, tx, width, kernel_x, source + c, w + c, bias ? bias + c : 0, y + c, accumulate, 4);
  for (; c + LANES <= channels; c += LANES)
    tap_lanes(channels, ty, tx, width, kernel_x, source + c, w + c, bias ? bias + c : 0, y + c, accumulate, 1);
  for (; c < channels; c++) {
    float sum = bias ? bias[c] : 0;
    for (int j = 0; j < ty->count; j++)
      for (int i = 0; i < tx->count; i++)
        sum += source[((size_t)ty->place[j] * width + tx->place[i]) * channels + c] *
               w[((size_t)ty->kernel[j] * kernel_x + tx->kernel[i]) * channels + c];
    y[c] = accumulate ? y[c] + sum : sum;
  }
}

static void depthwise(const struct serspec_conv *g, const float *x, const float *w, const float *bias, int first,
                      int last, float *y) {
  size_t channels = (size_t)g->channels;
  struct taps ty, tx;
  for (int oy = first; oy < last; oy++) {
    input_taps(&ty, oy, g->kernel_y, g->stride_y, g->padding_y, g->dilation_y, g->height);
    for (int ox = 0; ox < g->out_width; ox++) {
      input_taps(&tx, ox, g->kernel_x, g->stride_x, g->padding_x, g->dilation_x, g->width);
      tap_pixel(channels, &ty, &tx, g->width, g->kernel_x, x, w, bias, y + ((size_t)oy * g->out_width + ox) * channels,
                0);
    }
  }
}

static void depthwise_input_gradient(const struct serspec_conv *g, const float *dy, const float *w, int first,
                                     int last, float *dx, int accumulate) {
  size_t channels = (size_t)g->channels;
  struct taps ty, tx;
  for (int iy = first; iy < last; iy++) {
    output_taps(&ty, iy, g->kernel_y, g->stride_y, g->padding_y, g->dilation_y, g->out_height);
    for (int ix = 0; ix < g->width; ix++) {
      output_taps(&tx, ix, g->kernel_x, g->stride_x, g->padding_x, g->dilation_x, g->out_width);
      tap_pixel(channels, &ty, &tx, g->out_width, g->kernel_x, dy, w, 0, dx + ((size_t)iy * g->width + ix) * channels,
                accumulate);
    }
  }
}

// dw[position] += the sum over one row of outputs of x dy, for `vectors` times LANES channels.
INLINE void row_products(size_t channels, size_t step, int count, const float *x, const float *dy, float *dw,
                         const int vectors) {
  vf sums[4];
  for (int v = 0; v < vectors; v++) sums[v] = (vf){};
  for (int i = 0; i < count; i++, x += step, dy += channels)
    for (int v = 0; v < vectors; v++) sums[v] += load(x + v * LANES) * load(dy + v * LANES);
  for (int v = 0; v < vectors; v++) store(dw + v * LANES, load(dw + v * LANES) + sums[v]);
}

static void depthwise_weight_gradient(const struct serspec_conv *g, const float *x, const float *dy, float *dw) {
  size_t channels = (size_t)g->channels, step = channels * (size_t)g->stride_x;
  struct taps ty;
  for (int oy = 0; oy < g->out_height; oy++) {
    input_taps(&ty, oy, g->kernel_y, g->stride_y, g->padding_y, g->dilation_y, g->height);
    for (int j = 0; j < ty.count; j++)
      for (int kx = 0; kx < g->kernel_x; kx++) {
        // Outputs whose tap kx lies inside the row.
        int side = kx * g->dilation_x - g->padding_x;
        int first = side < 0 ? (-side + g->stride_x - 1) / g->stride_x : 0;
        int last = side < g->width ? (g->width - 1 - side) / g->stride_x + 1 : 0;
        if (last > g->out_width) last = g->out_width;
        if (first >= last) continue;
        const float *p = x + ((size_t)ty.place[j] * g->width + (size_t)(first * g->stride_x + side)) * channels;
        const float *q = dy + ((size_t)oy * g->out_width + first) * channels;
        float *sums = dw + ((size_t)ty.kernel[j] * g->kernel_x + kx) * channels;
        size_t c = 0;
        for (; c + 4 * LANES <= channels; c += 4 * LANES)
          row_products(channels, step, last - first, p + c, q + c, sums + c, 4);
        for (; c + LANES <= channels; c += LANES)
          row_products(channels, step, last - first, p + c, q + c, sums + c, 1);
        for (; c < channels; c++) {
          float sum = 0;
          for (int i = 0; i < last - first; i++) sum += p[i * step + c] * q[i * channels + c];
          sums[c] += sum;
        }
      }
  }
}
