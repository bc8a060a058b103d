// exp on [-87.3, 88.3] within 2 ulp, clamped outside; NaN stays NaN.
// exp(x) = 2^n exp(r), n = round(x / ln 2), |r| <= ln 2 / 2, exp(r) = 1 + r + r^2 q(r), where q is the polynomial of
// degree 4 with the least largest error (3.1e-9, found by Lawson's iteration).

struct reduced {
  vi exponent;  // n
  vf power;     // 2^(n - halvings), where that is a normal number
  vf remainder; // exp(r) - 1
};

INLINE struct reduced reduce_exp_within(vf x, float most, float least, int halvings) {
  // In this sense NaN passes both comparisons.
  x = choose(x > most, splat(most), x);
  x = choose(x < least, splat(least), x);
  // Adding 1.5 * 2^23 rounds to whole numbers, which then stand in the low bits.
  vf shifted = x * 1.44269504f + 12582912.0f;
  vf n = shifted - 12582912.0f;
  vf r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  vf q = splat(0.0013950602f);
  q = q * r + 0.008368953f;
  q = q * r + 0.041666206f;
  q = q * r + 0.16666518f;
  q = q * r + 0.5f;
  struct reduced result;
  result.exponent = (vi)shifted - 0x4B400000;
  result.power = (vf)((result.exponent + (127 - halvings)) << 23);
  result.remainder = q * (r * r) + r;
  return result;
}

INLINE struct reduced reduce_exp(vf x) { return reduce_exp_within(x, 88.3f, -87.3f, 0); }

INLINE vf exponential(vf x) {
  struct reduced e = reduce_exp(x);
  return e.power * e.remainder + e.power;
}

// exp(x) - 1 without loss near zero.
INLINE vf exponential_minus_one(vf x) {
  struct reduced e = reduce_exp(x);
  return e.power * e.remainder + (e.power - 1.0f);
}
