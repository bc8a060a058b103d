// Averages and maxima over windows of any place and size, of channels-last images.

static void window_average(const struct serspec_windows *g, const float *x, float *y) {
  size_t channels = (size_t)g->channels;
  for (int oy = 0; oy < g->out_height; oy++)
    for (int ox = 0; ox < g->out_width; ox++, y += channels) {
      for (size_t c = 0; c < channels; c++) y[c] = 0;
      for (int py = g->y[2 * oy]; py < g->y[2 * oy + 1]; py++)
        for (int px = g->x[2 * ox]; px < g->x[2 * ox + 1]; px++)
          add(channels, x + ((size_t)py * g->width + px) * channels, y);
      float factor = g->scale_y[oy] * g->scale_x[ox];
      for (size_t c = 0; c < channels; c++) y[c] *= factor;
    }
}

static void window_average_gradient(const struct serspec_windows *g, const float *dy, float *dx, int accumulate) {
  size_t channels = (size_t)g->channels;
  if (!accumulate) memset(dx, 0, sizeof(float) * (size_t)g->height * g->width * channels);
  for (int oy = 0; oy < g->out_height; oy++)
    for (int ox = 0; ox < g->out_width; ox++, dy += channels) {
      float factor = g->scale_y[oy] * g->scale_x[ox];
      for (int py = g->y[2 * oy]; py < g->y[2 * oy + 1]; py++)
        for (int px = g->x[2 * ox]; px < g->x[2 * ox + 1]; px++)
          axpy(channels, factor, dy, dx + ((size_t)py * g->width + px) * channels);
    }
}

static void window_max(const struct serspec_windows *g, const float *x, float *y, int32_t *places) {
  size_t channels = (size_t)g->channels;
  for (int oy = 0; oy < g->out_height; oy++)
    for (int ox = 0; ox < g->out_width; ox++) {
      size_t c = 0;
      for (; c < channels; c += LANES) {
        size_t n = channels - c < LANES ? channels - c : LANES;
        // The first pixel starts it, so that a window of minus infinity has a place too.
        int first = g->y[2 * oy] * g->width + g->x[2 * ox];
        vf best = load_part(x + (size_t)first * channels + c, n);
        vi place = (vi){} + first;
        for (int py = g->y[2 * oy]; py < g->y[2 * oy + 1]; py++)
          for (int px = g->x[2 * ox]; px < g->x[2 * ox + 1]; px++) {
            int pixel = py * g->width + px;
            vf v = load_part(x + (size_t)pixel * channels + c, n);
            vi better = (v > best) | (v != v);
            best = choose(better, v, best);
            place = choose_index(better, (vi){} + pixel, place);
          }
        store_part(y + c, best, n);
        if (places) memcpy(places + c, &place, 4 * n);
      }
      y += channels;
      if (places) places += channels;
    }
}

static void window_max_gradient(const struct serspec_windows *g, const float *dy, const int32_t *places, float *dx,
                                int accumulate) {
  size_t channels = (size_t)g->channels, pixels = (size_t)g->out_height * g->out_width;
  if (!accumulate) memset(dx, 0, sizeof(float) * (size_t)g->height * g->width * channels);
  for (size_t pixel = 0; pixel < pixels; pixel++, dy += channels, places += channels)
    for (size_t c = 0; c < channels; c++) dx[(size_t)places[c] * channels + c] += dy[c];
}
