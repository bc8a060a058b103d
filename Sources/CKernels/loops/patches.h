// im2col and col2im over channels-last images.

// Copies or zeroes `n` floats; short runs inline, since a call costs more than the copy.
INLINE void copy_run(float *restrict to, const float *restrict from, size_t n) {
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) store(to + i, load(from + i));
  for (; i < n; i++) to[i] = from[i];
}

INLINE void zero_run(float *to, size_t n) {
  for (size_t i = 0; i < n; i++) to[i] = 0;
}

static void im2col(const struct serspec_conv *g, const float *x, int first, int last, int from, int to,
                   float *patches) {
  size_t run = (size_t)g->group_channels;
  // A row of the kernel is one run in memory where neighbouring pixels are neighbours in the patch.
  int whole_rows =
      g->dilation_x == 1 && g->group_channels == g->channels && from == 0 && to == g->kernel_y * g->kernel_x;
  for (int row = first; row < last; row++) {
    int top = row / g->out_width * g->stride_y - g->padding_y;
    int side = row % g->out_width * g->stride_x - g->padding_x;
    if (whole_rows) {
      int x0 = side < 0 ? (-side < g->kernel_x ? -side : g->kernel_x) : 0;
      int x1 = side + g->kernel_x > g->width ? g->width - side : g->kernel_x;
      if (x1 < x0) x1 = x0;
      for (int ky = 0; ky < g->kernel_y; ky++) {
        int py = top + ky * g->dilation_y;
        size_t length = run * (size_t)g->kernel_x;
        if (py < 0 || py >= g->height) {
          zero_run(patches, length);
        } else {
          const float *source = x + ((ptrdiff_t)py * g->width + side + x0) * g->channels;
          zero_run(patches, run * (size_t)x0);
          copy_run(patches + run * (size_t)x0, source, run * (size_t)(x1 - x0));
          zero_run(patches + run * (size_t)x1, run * (size_t)(g->kernel_x - x1));
        }
        patches += length;
      }
      continue;
    }
    for (int k = from; k < to; k++, patches += run) {
      int py = top + k / g->kernel_x * g->dilation_y, px = side + k % g->kernel_x * g->dilation_x;
      if (py < 0 || py >= g->height || px < 0 || px >= g->width)
        zero_run(patches, run);
      else
        copy_run(patches, x + ((size_t)py * g->width + px) * g->channels + g->first_channel, run);
    }
  }
}

static void col2im(const struct serspec_conv *g, const float *patches, int first, int last, float *x) {
  size_t run = (size_t)g->group_channels;
  for (int row = first; row < last; row++) {
    int top = row / g->out_width * g->stride_y - g->padding_y;
    int side = row % g->out_width * g->stride_x - g->padding_x;
    for (int ky = 0; ky < g->kernel_y; ky++)
      for (int kx = 0; kx < g->kernel_x; kx++, patches += run) {
        int py = top + ky * g->dilation_y, px = side + kx * g->dilation_x;
        if (py < 0 || py >= g->height || px < 0 || px >= g->width) continue;
        add(run, patches, x + ((size_t)py * g->width + px) * g->channels + g->first_channel);
      }
  }
}
