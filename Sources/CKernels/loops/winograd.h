// Winograd's minimal filtering (Lavin, Gray 2016, "Fast algorithms for convolutional neural networks"): F(4, 3) along
// one axis or F(4x4, 3x3), and F(3, 4) for the gradient of the kernel. Six points: 0, ±sqrt(1/2), ±sqrt(2) and
// infinity, whose rounding errors are a third of those of the usual 0, ±1, ±2.
//
// A "plane" holds one of the 6 or 36 transformed positions: [tiles or rows, channels]; `plane` is the distance between
// them.

#define ROOT_HALF 0.70710678f
#define ROOT_TWO 1.41421356f

enum winograd_matrix { INPUT_6, KERNEL_3_TO_6, KERNEL_4_TO_6, OUTPUT_6_TO_4, OUTPUT_6_TO_3 };

INLINE void transform_line(enum winograd_matrix matrix, const vf *in, int step, vf *out, int out_step) {
#define IN(i) in[(i) * step]
#define OUT(i) out[(i) * out_step]
  switch (matrix) {
  case INPUT_6: {
    vf even1 = IN(4) - 2.0f * IN(2), odd1 = ROOT_HALF * IN(3) - ROOT_TWO * IN(1);
    vf even2 = IN(4) - 0.5f * IN(2), odd2 = ROOT_TWO * IN(3) - ROOT_HALF * IN(1);
    OUT(0) = IN(0) - 2.5f * IN(2) + IN(4);
    OUT(1) = even1 + odd1;
    OUT(2) = even1 - odd1;
    OUT(3) = even2 + odd2;
    OUT(4) = even2 - odd2;
    OUT(5) = IN(1) - 2.5f * IN(3) + IN(5);
    break;
  }
  case KERNEL_3_TO_6: {
    const float a = -1 / 1.5f, b = 1 / 6.0f;
    vf even1 = a * (IN(0) + 0.5f * IN(2)), odd1 = (a * ROOT_HALF) * IN(1);
    vf even2 = b * (IN(0) + 2.0f * IN(2)), odd2 = (b * ROOT_TWO) * IN(1);
    OUT(0) = IN(0);
    OUT(1) = even1 + odd1;
    OUT(2) = even1 - odd1;
    OUT(3) = even2 + odd2;
    OUT(4) = even2 - odd2;
    OUT(5) = IN(2);
    break;
  }
  case KERNEL_4_TO_6: {
    const float a = -1 / 1.5f, b = 1 / 6.0f;
    vf even1 = a * (IN(0) + 0.5f * IN(2)), odd1 = (a * ROOT_HALF) * (IN(1) + 0.5f * IN(3));
    vf even2 = b * (IN(0) + 2.0f * IN(2)), odd2 = (b * ROOT_TWO) * (IN(1) + 2.0f * IN(3));
    OUT(0) = IN(0);
    OUT(1) = even1 + odd1;
    OUT(2) = even1 - odd1;
    OUT(3) = even2 + odd2;
    OUT(4) = even2 - odd2;
    OUT(5) = IN(3);
    break;
  }
  case OUTPUT_6_TO_4: {
    vf sum1 = IN(1) + IN(2), difference1 = ROOT_HALF * (IN(1) - IN(2));
    vf sum2 = IN(3) + IN(4), difference2 = ROOT_TWO * (IN(3) - IN(4));
    OUT(0) = IN(0) + sum1 + sum2;
    OUT(1) = difference1 + difference2;
    OUT(2) = 0.5f * sum1 + 2.0f * sum2;
    OUT(3) = 0.5f * difference1 + 2.0f * difference2 + IN(5);
    break;
  }
  case OUTPUT_6_TO_3: {
    vf sum1 = IN(1) + IN(2), difference1 = ROOT_HALF * (IN(1) - IN(2));
    vf sum2 = IN(3) + IN(4), difference2 = ROOT_TWO * (IN(3) - IN(4));
    OUT(0) = IN(0) + sum1 + sum2;
    OUT(1) = difference1 + difference2;
    OUT(2) = 0.5f * sum1 + 2.0f * sum2 + IN(5);
    break;
  }
  }
#undef IN
#undef OUT
}

INLINE int matrix_in(enum winograd_matrix m) { return m == KERNEL_3_TO_6 ? 3 : m == KERNEL_4_TO_6 ? 4 : 6; }
INLINE int matrix_out(enum winograd_matrix m) { return m == OUTPUT_6_TO_4 ? 4 : m == OUTPUT_6_TO_3 ? 3 : 6; }

// Applies the matrix along x, and along y before that if there are two axes.
INLINE void transform_tile(enum winograd_matrix matrix, int axes, const vf *in, vf *out) {
  int n = matrix_in(matrix), m = matrix_out(matrix);
  if (axes == 1) {
    transform_line(matrix, in, 1, out, 1);
    return;
  }
  vf half[36];
#pragma clang loop unroll(full)
  for (int x = 0; x < n; x++) transform_line(matrix, in + x, n, half + x, n);
#pragma clang loop unroll(full)
  for (int y = 0; y < m; y++) transform_line(matrix, half + y * n, 1, out + y * m, 1);
}

// The pixels under one tile: where each one's channels start, and a mask of zero for those outside, which read zeros
// instead.
struct footprint {
  const float *pixel[36];
  size_t mask[36];
};

static const float outside[LANES];

INLINE void find_pixels(const struct serspec_winograd *g, int axes, int size, int tile, int padding_y, int padding_x,
                        const float *image, struct footprint *f) {
  int top = tile / g->tiles_x * 4 - padding_y, side = tile % g->tiles_x * 4 - padding_x;
  for (int y = 0; y < (axes == 2 ? size : 1); y++)
    for (int x = 0; x < size; x++) {
      int py = axes == 2 ? top + y : 0, px = side + x;
      int inside = py >= 0 && py < g->height && px >= 0 && px < g->width;
      f->pixel[y * size + x] = inside ? image + ((size_t)py * g->width + px) * g->channels : outside;
      f->mask[y * size + x] = inside ? ~(size_t)0 : 0;
    }
}

INLINE void transform_pixels(enum winograd_matrix matrix, int axes, const struct footprint *f, size_t c, size_t n,
                             float *planes, size_t plane) {
  int size = matrix_in(matrix), count = axes == 2 ? size * size : size;
  vf in[36], out[36];
  for (int i = 0; i < count; i++) in[i] = load_part(f->pixel[i] + (c & f->mask[i]), n);
  transform_tile(matrix, axes, in, out);
  for (int i = 0; i < (axes == 2 ? 36 : 6); i++) store_part(planes + i * plane + c, out[i], n);
}

INLINE void transform_image(enum winograd_matrix matrix, int axes, const struct serspec_winograd *g, int padding_y,
                            int padding_x, const float *image, int first, int last, size_t width, float *planes,
                            size_t plane) {
  for (int tile = first; tile < last; tile++, planes += width) {
    struct footprint f;
    find_pixels(g, axes, matrix_in(matrix), tile, padding_y, padding_x, image, &f);
    size_t c = 0;
    for (; c + LANES <= width; c += LANES) transform_pixels(matrix, axes, &f, c, LANES, planes, plane);
    if (c < width) transform_pixels(matrix, axes, &f, c, width - c, planes, plane);
  }
}

static void winograd_input(const struct serspec_winograd *g, const float *x, int first, int last, float *planes,
                           size_t plane) {
  size_t width = (size_t)g->channels;
  if (g->axes == 2)
    transform_image(INPUT_6, 2, g, g->padding_y, g->padding_x, x, first, last, width, planes, plane);
  else
    transform_image(INPUT_6, 1, g, 0, g->padding_x, x, first, last, width, planes, plane);
}

static void winograd_output_gradient(const struct serspec_winograd *g, const float *dy, int first, int last,
                                     size_t width, float *planes, size_t plane) {
  if (g->axes == 2)
    transform_image(KERNEL_4_TO_6, 2, g, 0, 0, dy, first, last, width, planes, plane);
  else
    transform_image(KERNEL_4_TO_6, 1, g, 0, 0, dy, first, last, width, planes, plane);
}

INLINE void kernel_lanes(int axes, const float *w, size_t position, int turned, size_t n, float *planes, size_t plane) {
  int count = axes == 2 ? 9 : 3;
  vf in[9], out[36];
  for (int i = 0; i < count; i++) in[i] = load_part(w + (size_t)(turned ? count - 1 - i : i) * position, n);
  transform_tile(KERNEL_3_TO_6, axes, in, out);
  for (int i = 0; i < (axes == 2 ? 36 : 6); i++) store_part(planes + i * plane, out[i], n);
}

INLINE void kernel_rows(int axes, size_t rows, size_t width, const float *w, size_t row, size_t position, int turned,
                        float *planes, size_t plane) {
  for (size_t r = 0; r < rows; r++, w += row, planes += width) {
    size_t c = 0;
    for (; c + LANES <= width; c += LANES) kernel_lanes(axes, w + c, position, turned, LANES, planes + c, plane);
    if (c < width) kernel_lanes(axes, w + c, position, turned, width - c, planes + c, plane);
  }
}

static void winograd_kernel(int axes, size_t rows, size_t width, const float *w, size_t row, size_t position,
                            int turned, float *planes, size_t plane) {
  if (axes == 2)
    kernel_rows(2, rows, width, w, row, position, turned, planes, plane);
  else
    kernel_rows(1, rows, width, w, row, position, turned, planes, plane);
}

INLINE void output_lanes(int axes, const float *planes, size_t plane, size_t n, const float *bias, float *const *pixel,
                         size_t c, int accumulate) {
  vf in[36], out[16];
  for (int i = 0; i < (axes == 2 ? 36 : 6); i++) in[i] = load_part(planes + i * plane + c, n);
  transform_tile(OUTPUT_6_TO_4, axes, in, out);
  vf more = bias ? load_part(bias + c, n) : (vf){};
  for (int i = 0; i < (axes == 2 ? 16 : 4); i++) {
    if (!pixel[i]) continue;
    vf v = out[i] + more;
    if (accumulate) v += load_part(pixel[i] + c, n);
    store_part(pixel[i] + c, v, n);
  }
}

INLINE void output_image(int axes, const struct serspec_winograd *g, const float *planes, size_t plane, size_t width,
                         const float *bias, float *y, int first, int last, int accumulate) {
  for (int tile = first; tile < last; tile++, planes += width) {
    float *pixel[16];
    int top = tile / g->tiles_x * 4, side = tile % g->tiles_x * 4;
    for (int i = 0; i < (axes == 2 ? 16 : 4); i++) {
      int py = axes == 2 ? top + i / 4 : 0, px = side + i % 4;
      pixel[i] = py < g->height && px < g->width ? y + ((size_t)py * g->width + px) * g->channels : 0;
    }
    size_t c = 0;
    for (; c + LANES <= width; c += LANES) output_lanes(axes, planes, plane, LANES, bias, pixel, c, accumulate);
    if (c < width) output_lanes(axes, planes, plane, width - c, bias, pixel, c, accumulate);
  }
}

static void winograd_output(const struct serspec_winograd *g, const float *planes, size_t plane, size_t width,
                            const float *bias, float *y, int first, int last, int accumulate) {
  if (g->axes == 2)
    output_image(2, g, planes, plane, width, bias, y, first, last, accumulate);
  else
    output_image(1, g, planes, plane, width, bias, y, first, last, accumulate);
}

INLINE void kernel_gradient_lanes(int axes, const float *planes, size_t plane, size_t n, float *dw, size_t position,
                                  int accumulate) {
  vf in[36], out[9];
  for (int i = 0; i < (axes == 2 ? 36 : 6); i++) in[i] = load_part(planes + i * plane, n);
  transform_tile(OUTPUT_6_TO_3, axes, in, out);
  for (int i = 0; i < (axes == 2 ? 9 : 3); i++) {
    float *p = dw + (size_t)i * position;
    store_part(p, accumulate ? load_part(p, n) + out[i] : out[i], n);
  }
}

INLINE void kernel_gradient_rows(int axes, size_t rows, size_t width, const float *planes, size_t plane, float *dw,
                                 int accumulate) {
  size_t row = width * (axes == 2 ? 9 : 3);
  for (size_t r = 0; r < rows; r++, planes += width, dw += row) {
    size_t c = 0;
    for (; c + LANES <= width; c += LANES)
      kernel_gradient_lanes(axes, planes + c, plane, LANES, dw + c, width, accumulate);
    if (c < width) kernel_gradient_lanes(axes, planes + c, plane, width - c, dw + c, width, accumulate);
  }
}

static void winograd_kernel_gradient(int axes, size_t rows, size_t width, const float *planes, size_t plane, float *dw,
                                     int accumulate) {
  if (axes == 2)
    kernel_gradient_rows(2, rows, width, planes, plane, dw, accumulate);
  else
    kernel_gradient_rows(1, rows, width, planes, plane, dw, accumulate);
}
