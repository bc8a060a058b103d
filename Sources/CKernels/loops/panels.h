// Matrix products of panels, the inner loops of convolutions: C = A B, where B lies in panels of PANEL columns, and the
// rows of A are read as they lie, one value at a time. A micro kernel keeps MICRO_ROWS x PANEL sums in registers
// (Goto, van de Geijn 2008, "Anatomy of high-performance matrix multiplication").

enum {
  PANEL = 2 * LANES,
  // Sums, one row of B and one value of A fill the registers: 16 of them, or 32.
  MICRO_ROWS = LANES == 16 ? 8 : 6,
  // Rows of B that are multiplied at a time, so that a panel of them stays in the first-level cache.
  DEPTH_BLOCK = 256,
  // Rows of A that are multiplied with one panel after the other, so that they stay in the second-level cache.
  ROW_BLOCK = 240,
};

INLINE vf broadcast(const float *p) {
  float x = *p;
  vf v;
#pragma clang loop unroll(full)
  for (int i = 0; i < LANES; i++) v[i] = x;
  return v;
}

// sum[i] += A(i, k) B(k), where A(i, k) = a[i a_row + k a_step].
INLINE void micro_term(int m, const float *a, size_t a_row, const float *b, vf sum[][2]) {
  vf b0 = load(b), b1 = load(b + LANES);
#pragma clang loop unroll(full)
  for (int i = 0; i < m; i++) {
    vf x = broadcast(a + i * a_row);
    sum[i][0] += x * b0;
    sum[i][1] += x * b1;
  }
}

INLINE void micro_run(int m, size_t n, const float *a, size_t a_row, size_t a_step, const float *b, size_t b_step,
                      vf sum[][2]) {
  for (; n >= 4; n -= 4) {
#pragma clang loop unroll(full)
    for (int k = 0; k < 4; k++, a += a_step, b += b_step) micro_term(m, a, a_row, b, sum);
  }
  for (; n > 0; n--, a += a_step, b += b_step) micro_term(m, a, a_row, b, sum);
}

INLINE void micro_store(int m, size_t width, vf sum[][2], float *c, size_t c_row, int accumulate) {
  if (width == PANEL) {
#pragma clang loop unroll(full)
    for (int i = 0; i < m; i++, c += c_row) {
      if (accumulate) sum[i][0] += load(c), sum[i][1] += load(c + LANES);
      store(c, sum[i][0]);
      store(c + LANES, sum[i][1]);
    }
    return;
  }
  for (int i = 0; i < m; i++, c += c_row) {
    float row[PANEL];
    store(row, sum[i][0]);
    store(row + LANES, sum[i][1]);
    for (size_t j = 0; j < width; j++) c[j] = accumulate ? c[j] + row[j] : row[j];
  }
}

// The rows of A come in pieces far apart, which the hardware does not foresee: with `fetch` those of a later micro kernel
// are asked for while this one is multiplied, a line at a time.
INLINE const float *micro_fetch(int m, size_t n, const float *a, size_t a_row, const float *b, vf sum[][2]) {
  enum { LINE = 16, AHEAD = 4 * MICRO_ROWS };
  for (; n >= LINE; n -= LINE, a += LINE, b += LINE * PANEL) {
#pragma clang loop unroll(full)
    for (int i = 0; i < m; i++) __builtin_prefetch(a + (size_t)(AHEAD + i) * a_row);
    micro_run(m, LINE, a, a_row, 1, b, PANEL, sum);
  }
  micro_run(m, n, a, a_row, 1, b, PANEL, sum);
  return b + n * PANEL;
}

INLINE void micro_rows(int m, int fetch, const struct serspec_product *p, size_t depth, const float *a, const float *b,
                       vf first0, vf first1, size_t width, float *c, int accumulate) {
  vf sum[MICRO_ROWS][2];
#pragma clang loop unroll(full)
  for (int i = 0; i < m; i++) sum[i][0] = first0, sum[i][1] = first1;
  while (depth > 0) {
    size_t run = depth < p->a_run ? depth : p->a_run;
    if (fetch) {
      b = micro_fetch(m, run, a, p->a_row, b, sum);
    } else {
      micro_run(m, run, a, p->a_row, 1, b, PANEL, sum);
      b += run * PANEL;
    }
    depth -= run;
    a += p->a_block;
  }
  micro_store(m, width, sum, c, p->c_row, accumulate);
}

INLINE void micro_columns(int m, const struct serspec_turned_product *p, size_t depth, const float *a, const float *b,
                          size_t width, float *c, int accumulate) {
  vf sum[MICRO_ROWS][2];
#pragma clang loop unroll(full)
  for (int i = 0; i < m; i++) sum[i][0] = (vf){}, sum[i][1] = (vf){};
  micro_run(m, depth, a, 1, p->a_step, b, p->b_step, sum);
  micro_store(m, width, sum, c, p->c_row, accumulate);
}

#if LANES == 16
#define EACH_REST(CASE) CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7)
#else
#define EACH_REST(CASE) CASE(1) CASE(2) CASE(3) CASE(4) CASE(5)
#endif

static void panel_product(const struct serspec_product *p) {
  // Whole runs, where A's rows consist of several.
  size_t block = p->a_run >= p->depth ? DEPTH_BLOCK : (DEPTH_BLOCK + p->a_run - 1) / p->a_run * p->a_run;
  for (size_t i0 = 0; i0 < p->rows; i0 += ROW_BLOCK) {
    size_t rows = p->rows - i0 < ROW_BLOCK ? p->rows - i0 : ROW_BLOCK;
    for (size_t k = 0; k == 0 || k < p->depth; k += block) {
      size_t depth = p->depth - k < block ? p->depth - k : block;
      int accumulate = p->accumulate || k > 0;
      const float *a = p->a + i0 * p->a_row + (p->a_run >= p->depth ? k : k / p->a_run * p->a_block);
      for (size_t j = 0; j < p->columns; j += PANEL) {
        size_t width = p->columns - j < PANEL ? p->columns - j : PANEL, i = 0;
        const float *b = p->b + j / PANEL * p->b_panel + k * PANEL;
        float *c = p->c + j / PANEL * p->c_panel + i0 * p->c_row;
        vf first0 = {}, first1 = {};
        if (p->bias && !accumulate) {
          float bias[PANEL] = {0};
          memcpy(bias, p->bias + j, 4 * width);
          first0 = load(bias), first1 = load(bias + LANES);
        }
        // The other panels find the rows in the cache.
        for (; j == 0 && i + MICRO_ROWS <= rows; i += MICRO_ROWS)
          micro_rows(MICRO_ROWS, 1, p, depth, a + i * p->a_row, b, first0, first1, width, c + i * p->c_row, accumulate);
        for (; i + MICRO_ROWS <= rows; i += MICRO_ROWS)
          micro_rows(MICRO_ROWS, 0, p, depth, a + i * p->a_row, b, first0, first1, width, c + i * p->c_row, accumulate);
#define CASE(m)                                                                                                        \
  case m:                                                                                                              \
    micro_rows(m, 0, p, depth, a + i * p->a_row, b, first0, first1, width, c + i * p->c_row, accumulate);                 \
    break;
        switch (rows - i) { EACH_REST(CASE) }
#undef CASE
      }
    }
  }
}

static void panel_product_turned(const struct serspec_turned_product *p) {
  for (size_t k = 0; k == 0 || k < p->depth; k += DEPTH_BLOCK) {
    size_t depth = p->depth - k < DEPTH_BLOCK ? p->depth - k : DEPTH_BLOCK;
    int accumulate = p->accumulate || k > 0;
    for (size_t j = 0; j < p->columns; j += PANEL) {
      size_t width = p->columns - j < PANEL ? p->columns - j : PANEL;
      const float *b = p->b + j / PANEL * p->b_panel + k * p->b_step;
      for (size_t i0 = 0; i0 < p->rows; i0 += PANEL) {
        size_t rows = p->rows - i0 < PANEL ? p->rows - i0 : PANEL, i = 0;
        const float *a = p->a + i0 / PANEL * p->a_panel + k * p->a_step;
        float *c = p->c + j / PANEL * p->c_panel + i0 * p->c_row;
        for (; i + MICRO_ROWS <= rows; i += MICRO_ROWS)
          micro_columns(MICRO_ROWS, p, depth, a + i, b, width, c + i * p->c_row, accumulate);
#define CASE(m)                                                                                                        \
  case m:                                                                                                              \
    micro_columns(m, p, depth, a + i, b, width, c + i * p->c_row, accumulate);                                         \
    break;
        switch (rows - i) { EACH_REST(CASE) }
#undef CASE
      }
    }
  }
}
#undef EACH_REST

// B(k, j) = matrix[k row + j column] in panels, the last one filled up with zeros; either step is 1.
static void pack_panels(size_t depth, size_t columns, const float *matrix, size_t row, size_t column, float *panels,
                        size_t panel) {
  for (size_t j = 0; j < columns; j += PANEL, panels += panel) {
    size_t width = columns - j < PANEL ? columns - j : PANEL;
    const float *source = matrix + j * column;
    if (column == 1 && width == PANEL) {
      for (size_t k = 0; k < depth; k++) {
        store(panels + k * PANEL, load(source + k * row));
        store(panels + k * PANEL + LANES, load(source + k * row + LANES));
      }
    } else {
      // A line of the source's rows at a time, so that each is read once.
      for (size_t k0 = 0; k0 < depth; k0 += 16) {
        size_t k1 = k0 + 16 < depth ? k0 + 16 : depth;
        for (size_t i = 0; i < PANEL; i++)
          for (size_t k = k0; k < k1; k++) panels[k * PANEL + i] = i < width ? source[k * row + i * column] : 0;
      }
    }
  }
}
