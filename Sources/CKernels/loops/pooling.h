// Max pooling over channels-last images, LANES channels at a time.

// The part of a window that lies inside the image: positions first..<last of the kernel.
struct window {
  int y0, y1, x0, x1;
};

INLINE void clip(int start, int kernel, int extent, int *first, int *last) {
  *first = start < 0 ? -start : 0;
  *last = start + kernel > extent ? extent - start : kernel;
}

INLINE void store_places(void *places, size_t at, vi v, size_t n, int wide) {
  if (wide) {
    memcpy((uint32_t *)places + at, &v, 4 * n);
  } else {
    vb bytes = __builtin_convertvector(v, vb);
    memcpy((uint8_t *)places + at, &bytes, n);
  }
}

INLINE vi load_places(const void *places, size_t at, size_t n, int wide) {
  if (wide) {
    vi v = {};
    memcpy(&v, (const uint32_t *)places + at, 4 * n);
    return v;
  }
  vb bytes = {};
  memcpy(&bytes, (const uint8_t *)places + at, n);
  return __builtin_convertvector(bytes, vi);
}

INLINE void pool_lanes(const struct serspec_pool *g, const struct window *w, const float *corner, float *y,
                       void *places, size_t at, size_t n, int wide) {
  // The first position starts it, so that a window of minus infinity has a place too.
  vf best = load_part(corner + ((size_t)w->y0 * g->width + w->x0) * g->channels, n);
  vi place = (vi){} + (w->y0 * g->kernel_x + w->x0);
  for (int ky = w->y0; ky < w->y1; ky++)
    for (int kx = w->x0; kx < w->x1; kx++) {
      vf v = load_part(corner + ((size_t)ky * g->width + kx) * g->channels, n);
      vi better = (v > best) | (v != v);
      best = choose(better, v, best);
      place = choose_index(better, (vi){} + (ky * g->kernel_x + kx), place);
    }
  store_part(y + at, best, n);
  if (places) store_places(places, at, place, n, wide);
}

INLINE void pool_image(const struct serspec_pool *g, const float *x, float *y, void *places, int wide) {
  size_t channels = (size_t)g->channels;
  for (int oy = 0; oy < g->out_height; oy++)
    for (int ox = 0; ox < g->out_width; ox++) {
      int top = oy * g->stride_y - g->padding_y, side = ox * g->stride_x - g->padding_x;
      struct window w;
      clip(top, g->kernel_y, g->height, &w.y0, &w.y1);
      clip(side, g->kernel_x, g->width, &w.x0, &w.x1);
      // May lie before the image; only positions inside the window are read.
      const float *corner = x + ((ptrdiff_t)top * g->width + side) * g->channels;
      size_t at = ((size_t)oy * g->out_width + ox) * channels, c = 0;
      for (; c + LANES <= channels; c += LANES) pool_lanes(g, &w, corner + c, y, places, at + c, LANES, wide);
      if (c < channels) pool_lanes(g, &w, corner + c, y, places, at + c, channels - c, wide);
    }
}

static void max_pool(const struct serspec_pool *g, const float *x, float *y, void *places, int wide) {
  if (wide)
    pool_image(g, x, y, places, 1);
  else
    pool_image(g, x, y, places, 0);
}

INLINE void unpool_lanes(const struct serspec_pool *g, const struct window *w, const float *dy, const void *places,
                         size_t at, float *corner, size_t n, int wide, int add_to) {
  vf gradient = load_part(dy + at, n);
  vi place = load_places(places, at, n, wide);
  for (int ky = w->y0; ky < w->y1; ky++)
    for (int kx = w->x0; kx < w->x1; kx++) {
      float *p = corner + ((size_t)ky * g->width + kx) * g->channels;
      vf part = choose(place == ky * g->kernel_x + kx, gradient, (vf){});
      store_part(p, add_to ? load_part(p, n) + part : part, n);
    }
}

INLINE void unpool_image(const struct serspec_pool *g, const float *dy, const void *places, float *dx, int wide,
                         int add_to) {
  size_t channels = (size_t)g->channels;
  for (int oy = 0; oy < g->out_height; oy++)
    for (int ox = 0; ox < g->out_width; ox++) {
      int top = oy * g->stride_y - g->padding_y, side = ox * g->stride_x - g->padding_x;
      struct window w;
      clip(top, g->kernel_y, g->height, &w.y0, &w.y1);
      clip(side, g->kernel_x, g->width, &w.x0, &w.x1);
      float *corner = dx + ((ptrdiff_t)top * g->width + side) * g->channels;
      size_t at = ((size_t)oy * g->out_width + ox) * channels, c = 0;
      for (; c + LANES <= channels; c += LANES)
        unpool_lanes(g, &w, dy, places, at + c, corner + c, LANES, wide, add_to);
      if (c < channels) unpool_lanes(g, &w, dy, places, at + c, corner + c, channels - c, wide, add_to);
    }
}

static void max_pool_gradient(const struct serspec_pool *g, const float *dy, const void *places, float *dx, int wide,
                              int accumulate) {
  // Windows that tile the whole image write each value once; others add to zeros.
  int tiles = g->stride_y == g->kernel_y && g->stride_x == g->kernel_x && g->padding_y == 0 && g->padding_x == 0 &&
              g->out_height * g->stride_y >= g->height && g->out_width * g->stride_x >= g->width;
  if (!accumulate && !tiles) memset(dx, 0, sizeof(float) * (size_t)g->height * g->width * g->channels);
  int add_to = accumulate || !tiles;
  if (wide)
    unpool_image(g, dy, places, dx, 1, add_to);
  else if (add_to)
    unpool_image(g, dy, places, dx, 0, 1);
  else
    unpool_image(g, dy, places, dx, 0, 0);
}
