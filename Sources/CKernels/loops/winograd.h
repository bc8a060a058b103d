// Winograd's minimal filtering (Lavin, Gray 2016, "Fast algorithms for convolutional neural networks") with tiles of 4 or
// 2 outputs an axis: F(4, 3) and F(2, 3) along one axis or both, and F(3, 4) and F(3, 2) for the gradient of the kernel.
// F(4, 3) has six points: 0, ±sqrt(1/2), ±sqrt(2) and infinity, whose rounding errors are a third of those of the usual
// 0, ±1, ±2; F(2, 3) has four: 0, ±1 and infinity.
//
// A "plane" holds one of the 4, 6, 16 or 36 transformed positions as a matrix in panels (loops/panels.h): the value of
// row r and channel c is at plane[c / PANEL panel + r PANEL + c % PANEL]. `plane` is the distance between planes.

#define ROOT_HALF 0.70710678f
#define ROOT_TWO 1.41421356f

enum winograd_matrix {
  INPUT_6,
  KERNEL_3_TO_6,
  KERNEL_4_TO_6,
  OUTPUT_6_TO_4,
  OUTPUT_6_TO_3,
  INPUT_4,
  KERNEL_3_TO_4,
  KERNEL_2_TO_4,
  OUTPUT_4_TO_2,
  OUTPUT_4_TO_3,
};

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
  case INPUT_4:
    OUT(0) = IN(0) - IN(2);
    OUT(1) = IN(1) + IN(2);
    OUT(2) = IN(2) - IN(1);
    OUT(3) = IN(1) - IN(3);
    break;
  case KERNEL_3_TO_4: {
    vf even = 0.5f * (IN(0) + IN(2)), odd = 0.5f * IN(1);
    OUT(0) = IN(0);
    OUT(1) = even + odd;
    OUT(2) = even - odd;
    OUT(3) = IN(2);
    break;
  }
  case KERNEL_2_TO_4: {
    vf even = 0.5f * IN(0), odd = 0.5f * IN(1);
    OUT(0) = IN(0);
    OUT(1) = even + odd;
    OUT(2) = even - odd;
    OUT(3) = IN(1);
    break;
  }
  case OUTPUT_4_TO_2:
    OUT(0) = IN(0) + IN(1) + IN(2);
    OUT(1) = IN(1) - IN(2) - IN(3);
    break;
  case OUTPUT_4_TO_3:
    OUT(0) = IN(0) + IN(1) + IN(2);
    OUT(1) = IN(1) - IN(2);
    OUT(2) = IN(1) + IN(2) - IN(3);
    break;
  }
#undef IN
#undef OUT
}

INLINE int matrix_in(enum winograd_matrix m) {
  switch (m) {
  case KERNEL_3_TO_6:
  case KERNEL_3_TO_4: return 3;
  case KERNEL_4_TO_6:
  case INPUT_4:
  case OUTPUT_4_TO_2:
  case OUTPUT_4_TO_3: return 4;
  case KERNEL_2_TO_4: return 2;
  default: return 6;
  }
}

INLINE int matrix_out(enum winograd_matrix m) {
  switch (m) {
  case OUTPUT_6_TO_3:
  case OUTPUT_4_TO_3: return 3;
  case OUTPUT_6_TO_4:
  case INPUT_4:
  case KERNEL_3_TO_4:
  case KERNEL_2_TO_4: return 4;
  case OUTPUT_4_TO_2: return 2;
  default: return 6;
  }
}

INLINE int area(int axes, int size) { return axes == 2 ? size * size : size; }

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

// Where channel c of a plane's first row lies.
INLINE size_t in_panel(size_t c, size_t panel) { return c / PANEL * panel + c % PANEL; }

// Zeros that stand for the channels of pixels outside; more channels than these are transformed in several turns.
enum { ZEROS = 1024 };
static const float zeros[ZEROS];

// Where the channels of each pixel under one tile start.
INLINE void find_pixels(const struct serspec_winograd *g, int axes, int size, int tile, int padding_y, int padding_x,
                        const float *image, const float **pixel) {
  int top = axes == 2 ? tile / g->tiles_x * g->outputs - padding_y : 0;
  int side = tile % g->tiles_x * g->outputs - padding_x;
  for (int y = 0; y < (axes == 2 ? size : 1); y++) {
    int py = top + y, row_inside = py >= 0 && py < g->height;
    const float *row = image + ((ptrdiff_t)py * g->width + side) * g->channels;
    for (int x = 0; x < size; x++, row += g->channels)
      pixel[y * size + x] = row_inside && side + x >= 0 && side + x < g->width ? row : zeros;
  }
}

// A whole panel of channels, two vectors, at once: pixels are often a power of two apart and fall on the same places of
// the first-level cache, so that a line of each must be used up as soon as it is read.
INLINE void transform_pixels(enum winograd_matrix matrix, int axes, const float *const *pixel, size_t c, float *planes,
                             size_t plane) {
  enum { VECTORS = PANEL / LANES };
  int n = matrix_in(matrix), m = matrix_out(matrix);
  vf half[VECTORS][36], out[6];
#pragma clang loop unroll(full)
  for (int x = 0; x < (axes == 2 ? n : 1); x++) {
    vf column[VECTORS][6];
#pragma clang loop unroll(full)
    for (int y = 0; y < n; y++)
      for (int v = 0; v < VECTORS; v++) column[v][y] = load(pixel[axes == 2 ? y * n + x : y] + c + v * LANES);
#pragma clang loop unroll(full)
    for (int v = 0; v < VECTORS; v++) transform_line(matrix, column[v], 1, half[v] + x, axes == 2 ? n : 1);
  }
#pragma clang loop unroll(full)
  for (int y = 0; y < m; y++)
#pragma clang loop unroll(full)
    for (int v = 0; v < VECTORS; v++) {
      float *target = planes + v * LANES;
      if (axes == 1) {
        store(target + y * plane, half[v][y]);
        continue;
      }
      transform_line(matrix, half[v] + y * n, 1, out, 1);
#pragma clang loop unroll(full)
      for (int x = 0; x < m; x++) store(target + (y * m + x) * plane, out[x]);
    }
}

// Fewer channels than a panel.
INLINE void transform_pixels_part(enum winograd_matrix matrix, int axes, const float *const *pixel, size_t c, size_t n,
                                  float *planes, size_t plane) {
  for (size_t at = 0; at < n; at += LANES) {
    vf in[36], out[36];
    size_t left = n - at < LANES ? n - at : LANES;
    for (int i = 0; i < area(axes, matrix_in(matrix)); i++) in[i] = load_part(pixel[i] + c + at, left);
    transform_tile(matrix, axes, in, out);
    for (int i = 0; i < area(axes, matrix_out(matrix)); i++) store(planes + i * plane + at, out[i]);
  }
}

// Tiles that are transformed together, panel by panel, so that each plane is written a few lines at a time.
enum { TILES = 8 };

INLINE void transform_image(enum winograd_matrix matrix, int axes, const struct serspec_winograd *g, int padding_y,
                            int padding_x, const float *image, int first, int last, float *planes, size_t plane,
                            size_t panel) {
  for (int block = first; block < last; block += TILES, planes += TILES * PANEL)
    for (size_t start = 0; start < (size_t)g->width_channels; start += ZEROS) {
      size_t width = (size_t)g->width_channels - start < ZEROS ? (size_t)g->width_channels - start : ZEROS;
      int count = last - block < TILES ? last - block : TILES;
      const float *pixel[TILES][36];
      for (int t = 0; t < count; t++)
        find_pixels(g, axes, matrix_in(matrix), block + t, padding_y, padding_x, image + start, pixel[t]);
      float *target = planes + start / PANEL * panel;
      for (size_t c = 0; c < width; c += PANEL, target += panel)
        for (int t = 0; t < count; t++) {
          if (c + PANEL <= width)
            transform_pixels(matrix, axes, pixel[t], c, target + t * PANEL, plane);
          else
            transform_pixels_part(matrix, axes, pixel[t], c, width - c, target + t * PANEL, plane);
        }
    }
}

// Calls FORM(matrix for tiles of 4, matrix for tiles of 2, ...) with the axes as a constant.
#define BY_SIZE(g, big, small, FORM)                                                                                   \
  if ((g)->outputs == 4) {                                                                                             \
    if ((g)->axes == 2) { FORM(big, 2); } else { FORM(big, 1); }                                                       \
  } else {                                                                                                             \
    if ((g)->axes == 2) { FORM(small, 2); } else { FORM(small, 1); }                                                   \
  }

static void winograd_input(const struct serspec_winograd *g, const float *x, int first, int last, float *planes,
                           size_t plane, size_t panel) {
#define FORM(matrix, axes)                                                                                             \
  transform_image(matrix, axes, g, axes == 2 ? g->padding_y : 0, g->padding_x, x, first, last, planes, plane, panel)
  BY_SIZE(g, INPUT_6, INPUT_4, FORM)
#undef FORM
}

static void winograd_output_gradient(const struct serspec_winograd *g, const float *dy, int first, int last,
                                     float *planes, size_t plane, size_t panel) {
#define FORM(matrix, axes) transform_image(matrix, axes, g, 0, 0, dy, first, last, planes, plane, panel)
  BY_SIZE(g, KERNEL_4_TO_6, KERNEL_2_TO_4, FORM)
#undef FORM
}

// The transformed kernels of n <= LANES channels of one row.
INLINE void transform_kernel(enum winograd_matrix matrix, int axes, int turned, const float *w, size_t position, size_t n,
                             vf *out) {
  int count = area(axes, 3);
  vf in[9];
#pragma clang loop unroll(full)
  for (int i = 0; i < count; i++) in[i] = load_part(w + (size_t)(turned ? count - 1 - i : i) * position, n);
  transform_tile(matrix, axes, in, out);
}

INLINE size_t at_most(size_t n, size_t limit) { return n < limit ? n : limit; }

// Planes B(row, channel): as they lie.
INLINE void kernel_rows(enum winograd_matrix matrix, int axes, size_t rows, size_t width, const float *w, size_t row,
                        size_t position, float *planes, size_t plane, size_t panel) {
  int count = area(axes, matrix_out(matrix));
  for (size_t r = 0; r < rows; r++, w += row, planes += PANEL)
    for (size_t c = 0; c < width; c += LANES) {
      vf out[36];
      if (c + LANES <= width)
        transform_kernel(matrix, axes, 1, w + c, position, LANES, out);
      else
        transform_kernel(matrix, axes, 1, w + c, position, width - c, out);
#pragma clang loop unroll(full)
      for (int i = 0; i < count; i++) store(planes + i * plane + in_panel(c, panel), out[i]);
    }
}

// Planes B(channel, row): transposed, LANES x LANES values at a time.
INLINE void kernel_block(enum winograd_matrix matrix, int axes, size_t rows, size_t n, const float *w, size_t row,
                         size_t position, float *planes, size_t plane) {
  int count = area(axes, matrix_out(matrix));
  vf block[36][LANES];
  for (size_t i = 0; i < LANES; i++) {
    vf out[36] = {};
    if (i < rows) transform_kernel(matrix, axes, 0, w + i * row, position, n, out);
#pragma clang loop unroll(full)
    for (int p = 0; p < count; p++) block[p][i] = out[p];
  }
  for (int p = 0; p < count; p++) {
    transpose_lanes(block[p]);
    for (size_t i = 0; i < n; i++) store(planes + p * plane + i * PANEL, block[p][i]);
  }
}

// A panel's lines are written whole before the next.
INLINE void kernel_columns(enum winograd_matrix matrix, int axes, size_t rows, size_t width, const float *w, size_t row,
                           size_t position, float *planes, size_t plane, size_t panel) {
  for (size_t first = 0; first < rows; first += PANEL, planes += panel)
    for (size_t c = 0; c < width; c += LANES)
      for (size_t r = first; r < first + PANEL; r += LANES) {
        size_t left = r < rows ? at_most(rows - r, LANES) : 0;
        const float *source = w + r * row + c;
        float *target = planes + c * PANEL + r % PANEL;
        if (c + LANES <= width)
          kernel_block(matrix, axes, left, LANES, source, row, position, target, plane);
        else
          kernel_block(matrix, axes, left, width - c, source, row, position, target, plane);
      }
}

static void winograd_kernel(const struct serspec_winograd *g, size_t rows, size_t width, const float *w, size_t row,
                            size_t position, int turned, float *planes, size_t plane, size_t panel) {
#define FORM(matrix, axes)                                                                                             \
  if (turned)                                                                                                          \
    kernel_rows(matrix, axes, rows, width, w, row, position, planes, plane, panel);                                    \
  else                                                                                                                 \
    kernel_columns(matrix, axes, rows, width, w, row, position, planes, plane, panel)
  BY_SIZE(g, KERNEL_3_TO_6, KERNEL_3_TO_4, FORM)
#undef FORM
}

// Adds bias and what is there, where asked, and stores n values of the tile's pixels.
INLINE void output_pixels(int count, const vf *out, const float *bias, float *const *pixel, size_t c, size_t n,
                          int accumulate) {
  vf more = bias ? load_part(bias + c, n) : (vf){};
#pragma clang loop unroll(full)
  for (int i = 0; i < count; i++) {
    if (!pixel[i]) continue;
    vf v = out[i] + more;
    if (accumulate) v += load_part(pixel[i] + c, n);
    store_part(pixel[i] + c, v, n);
  }
}

// Panels at a time, for the reason that `transform_pixels` has.
INLINE void output_panel(enum winograd_matrix matrix, int axes, const float *planes, size_t plane, const float *bias,
                         float *const *pixel, size_t c, int accumulate) {
  enum { VECTORS = PANEL / LANES };
  int n = matrix_in(matrix), m = matrix_out(matrix);
  vf half[VECTORS][36], out[4];
#pragma clang loop unroll(full)
  for (int v = 0; v < VECTORS; v++) {
#pragma clang loop unroll(full)
    for (int x = 0; x < (axes == 2 ? n : 1); x++) {
      vf column[6];
#pragma clang loop unroll(full)
      for (int y = 0; y < n; y++) column[y] = load(planes + (axes == 2 ? y * n + x : y) * plane + v * LANES);
      transform_line(matrix, column, 1, half[v] + x, axes == 2 ? n : 1);
    }
  }
#pragma clang loop unroll(full)
  for (int y = 0; y < (axes == 2 ? m : 1); y++)
#pragma clang loop unroll(full)
    for (int v = 0; v < VECTORS; v++) {
      if (axes == 1) {
        output_pixels(m, half[v], bias, pixel, c + v * LANES, LANES, accumulate);
      } else {
        transform_line(matrix, half[v] + y * n, 1, out, 1);
        output_pixels(m, out, bias, pixel + y * m, c + v * LANES, LANES, accumulate);
      }
    }
}

INLINE void output_part(enum winograd_matrix matrix, int axes, const float *planes, size_t plane, size_t n,
                        const float *bias, float *const *pixel, size_t c, int accumulate) {
  for (size_t at = 0; at < n; at += LANES) {
    vf in[36], out[16];
    for (int i = 0; i < area(axes, matrix_in(matrix)); i++) in[i] = load(planes + i * plane + at);
    transform_tile(matrix, axes, in, out);
    output_pixels(area(axes, matrix_out(matrix)), out, bias, pixel, c + at, n - at < LANES ? n - at : LANES, accumulate);
  }
}

INLINE void output_image(enum winograd_matrix matrix, int axes, const struct serspec_winograd *g, const float *planes,
                         size_t plane, size_t panel, const float *bias, float *y, int first, int last,
                         int accumulate) {
  int size = matrix_out(matrix);
  size_t width = (size_t)g->width_channels;
  for (int tile = first; tile < last; tile++, planes += PANEL) {
    float *pixel[16];
    int top = axes == 2 ? tile / g->tiles_x * size : 0, side = tile % g->tiles_x * size;
    for (int i = 0; i < area(axes, size); i++) {
      int py = axes == 2 ? top + i / size : 0, px = side + i % size;
      pixel[i] = py < g->height && px < g->width ? y + ((size_t)py * g->width + px) * g->channels : 0;
    }
    size_t c = 0;
    for (; c + PANEL <= width; c += PANEL)
      output_panel(matrix, axes, planes + c / PANEL * panel, plane, bias, pixel, c, accumulate);
    if (c < width)
      output_part(matrix, axes, planes + c / PANEL * panel, plane, width - c, bias, pixel, c, accumulate);
  }
}

static void winograd_output(const struct serspec_winograd *g, const float *planes, size_t plane, size_t panel,
                            const float *bias, float *y, int first, int last, int accumulate) {
#define FORM(matrix, axes) output_image(matrix, axes, g, planes, plane, panel, bias, y, first, last, accumulate)
  BY_SIZE(g, OUTPUT_6_TO_4, OUTPUT_4_TO_2, FORM)
#undef FORM
}

INLINE void kernel_gradient_lanes(enum winograd_matrix matrix, int axes, const float *planes, size_t plane, size_t n,
                                  float *dw, size_t position, int accumulate) {
  vf in[36], out[9];
#pragma clang loop unroll(full)
  for (int i = 0; i < area(axes, matrix_in(matrix)); i++) in[i] = load_part(planes + i * plane, n);
  transform_tile(matrix, axes, in, out);
#pragma clang loop unroll(full)
  for (int i = 0; i < area(axes, 3); i++) {
    float *p = dw + (size_t)i * position;
    store_part(p, accumulate ? load_part(p, n) + out[i] : out[i], n);
  }
}

INLINE void kernel_gradient_rows(enum winograd_matrix matrix, int axes, size_t rows, size_t width, const float *planes,
                                 size_t plane, size_t panel, float *dw, size_t row, size_t position, int accumulate) {
  for (size_t r = 0; r < rows; r++, planes += PANEL, dw += row) {
    size_t c = 0;
    for (; c + LANES <= width; c += LANES)
      kernel_gradient_lanes(matrix, axes, planes + in_panel(c, panel), plane, LANES, dw + c, position, accumulate);
    if (c < width)
      kernel_gradient_lanes(matrix, axes, planes + in_panel(c, panel), plane, width - c, dw + c, position, accumulate);
  }
}

static void winograd_kernel_gradient(const struct serspec_winograd *g, size_t rows, size_t width, const float *planes,
                                     size_t plane, size_t panel, float *dw, size_t row, size_t position,
                                     int accumulate) {
#define FORM(matrix, axes)                                                                                             \
  kernel_gradient_rows(matrix, axes, rows, width, planes, plane, panel, dw, row, position, accumulate)
  BY_SIZE(g, OUTPUT_6_TO_3, OUTPUT_4_TO_3, FORM)
#undef FORM
}
