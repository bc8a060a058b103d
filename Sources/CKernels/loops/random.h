// Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"), BLOCKS at a time.

// 32-bit numbers in 64-bit lanes: their products need the room.
enum { BLOCKS = LANES / 2 };
typedef uint64_t vq __attribute__((vector_size(8 * BLOCKS)));
struct philox_state {
  vq c0, c1, c2, c3;
};

INLINE struct philox_state philox_rounds(uint64_t key, uint64_t first) {
  const uint64_t low = 0xFFFFFFFF;
  vq lane;
  for (int i = 0; i < BLOCKS; i++) lane[i] = (uint64_t)i;
  vq counter = lane + first;
  struct philox_state s = {counter & low, counter >> 32, (vq){}, (vq){}};
  uint64_t k0 = key & low, k1 = key >> 32;
  for (int round = 0; round < 10; round++) {
    vq p0 = s.c0 * 0xD2511F53u, p1 = s.c2 * 0xCD9E8D57u;
    s.c0 = (p1 >> 32) ^ s.c1 ^ k0;
    s.c2 = (p0 >> 32) ^ s.c3 ^ k1;
    s.c1 = p1 & low;
    s.c3 = p0 & low;
    k0 = (k0 + 0x9E3779B9u) & low;
    k1 = (k1 + 0xBB67AE85u) & low;
  }
  return s;
}

// Writes the numbers of BLOCKS blocks in order.
INLINE void philox_blocks(uint64_t key, uint64_t first, uint32_t *out) {
  struct philox_state s = philox_rounds(key, first);
  vq a = s.c0 | s.c1 << 32, b = s.c2 | s.c3 << 32;
  for (int i = 0; i < BLOCKS; i++) {
    uint64_t pair[2] = {a[i], b[i]};
    memcpy(out + 4 * i, pair, 16);
  }
}

static void philox(uint64_t key, uint64_t first, size_t count, uint32_t *out) {
  size_t block = 0;
  for (; block + BLOCKS <= count; block += BLOCKS) philox_blocks(key, first + block, out + 4 * block);
  if (block < count) {
    uint32_t rest[4 * BLOCKS];
    philox_blocks(key, first + block, rest);
    memcpy(out + 4 * block, rest, 16 * (count - block));
  }
}

typedef uint16_t vh __attribute__((vector_size(2 * LANES)));

INLINE vf drop(const uint16_t *bits, uint32_t threshold, float scale, vf x) {
  vh half;
  memcpy(&half, bits, sizeof half);
  vi kept = __builtin_convertvector(half, vi) >= (int32_t)threshold;
  return choose(kept, x * scale, (vf){});
}

// One block serves eight values, 16 bits each.
static void dropout(size_t n, uint64_t key, uint64_t first, uint32_t threshold, float scale, const float *x, float *y,
                    int accumulate) {
  enum { STEP = 8 * BLOCKS };
  for (size_t at = 0; at < n; at += STEP) {
    uint16_t bits[STEP];
    philox_blocks(key, (first + at) / 8, (uint32_t *)(void *)bits);
    size_t left = n - at < STEP ? n - at : STEP;
#define BODY(IN) out = drop(bits + i, threshold, scale, IN(x + at + i));
    EACH(left, y + at, accumulate, BODY);
#undef BODY
  }
}
