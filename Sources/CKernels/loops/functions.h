// Functions of formulas, each within a few ulp over the whole range unless said otherwise; NaN stays NaN.

INLINE vf absolute(vf x) { return (vf)((vi)x & 0x7fffffff); }
INLINE vf with_sign_of(vf magnitude, vf x) { return (vf)((vi)magnitude | ((vi)x & (int32_t)0x80000000)); }

// exp to the ends of float: 2^n is applied in two halves, so that it neither overflows nor vanishes too early.
INLINE vf full_exponential(vf x) {
  struct reduced e = reduce_exp_within(x, 89.0f, -104.0f, 0);
  vi half = e.exponent >> 1;
  return (1.0f + e.remainder) * (vf)((half + 127) << 23) * (vf)((e.exponent - half + 127) << 23);
}

// exp(x) - 1 to the upper end of float: with half of 2^n, which is finite where 2^n no longer is, and doubled.
INLINE vf full_exponential_minus_one(vf x) {
  struct reduced e = reduce_exp_within(x, 89.0f, -87.3f, 1);
  return 2.0f * (e.power * e.remainder + (e.power - 0.5f));
}

// x = 2^n m with m in [sqrt(1/2), sqrt(2)); with f = m - 1 and s = f / (2 + f), log m = 2 artanh s, which is
// f - s (f - 2 s^2 (1/3 + s^2/5 + ...)). The first term left out is below 4e-9 of the sum.
INLINE vf logarithm(vf x) {
  vi small = x < 1.17549435e-38f;
  vf scaled = choose(small, x * 8388608.0f, x);
  // Taking away the bits of sqrt(1/2) puts the exponent's step there.
  vi bits = (vi)scaled - 0x3f3504f3;
  vf n = __builtin_convertvector(bits >> 23, vf) - choose(small, splat(23.0f), splat(0));
  vf f = (vf)((bits & 0x007fffff) + 0x3f3504f3) - 1.0f;
  vf s = f / (2.0f + f);
  vf z = s * s;
  vf p = splat(0.22222222f);
  p = p * z + 0.28571429f;
  p = p * z + 0.4f;
  p = p * z + 0.66666667f;
  vf y = n * 0.693359375f + (f - (s * (f - z * p) + n * 2.12194440e-4f));
  y = choose(x == 0.0f, splat(-INFINITY), y);
  y = choose(x == INFINITY, x, y);
  return choose(x >= 0.0f, y, splat(NAN));
}

// log(1 + x) without loss near zero: what rounding took from 1 + x comes back as a first-order term.
INLINE vf logarithm_of_one_plus(vf x) {
  vf u = 1.0f + x;
  vf lost = (x - (u - 1.0f)) / u;
  // At -1 and at infinity nothing is lost, but the quotient is 0/0 or NaN.
  return logarithm(u) + choose(lost == lost, lost, splat(0));
}

INLINE vf sigmoid(vf x) { return 1.0f / (1.0f + exponential(-x)); }

// log(1 + exp(x)) = max(x, 0) + log(1 + e) with e = exp(-|x|) in [0, 1]; s = e / (2 + e) is at most 1/3, and log(1 + e)
// = 2 artanh s = 2 s + s^3 q(s^2), of which the polynomial leaves 1.1e-10.
INLINE vf softplus(vf x) {
  vf e = exponential(-absolute(x));
  vf s = e / (2.0f + e);
  vf z = s * s;
  vf q = splat(0.24289681f);
  q = q * z + 0.21430711f;
  q = q * z + 0.28616598f;
  q = q * z + 0.39998889f;
  q = q * z + 0.66666675f;
  return choose(x < 0.0f, splat(0), x) + (q * (z * s) + 2.0f * s);
}

// With t = exp(2|x|) - 1: t / (t + 2). From 10 on it is 1.
INLINE vf hyperbolic_tangent(vf x) {
  vf a = absolute(x);
  vf t = exponential_minus_one(2.0f * choose(a > 10.0f, splat(10.0f), a));
  return with_sign_of(t / (t + 2.0f), x);
}

// 1 - exp(a q(a)) for a = |x|, where q(a) = log(1 - erf(a)) / a; its polynomial of degree 8 on [0, 4] leaves 4e-9 of
// the result (found by Lawson's iteration). From 4 on it is 1.
INLINE vf error_function(vf x) {
  vf a = absolute(x);
  a = choose(a > 4.0f, splat(4.0f), a);
  vf q = splat(9.255738405e-06f);
  q = q * a - 1.1763635676e-04f;
  q = q * a + 6.3281849725e-04f;
  q = q * a - 1.6669920878e-03f;
  q = q * a + 1.6035827866e-04f;
  q = q * a + 1.9153086468e-02f;
  q = q * a - 1.0277783871e-01f;
  q = q * a - 6.3661938906e-01f;
  q = q * a - 1.1283792257e+00f;
  return with_sign_of(-exponential_minus_one(a * q), x);
}

// sin(r + n pi) = (-1)^n sin(r), |r| <= pi / 2, where `halves` pi / 2 have been taken away. Exact to a few 1e-7 for
// |x| up to 1e4, beyond ever less, but within [-1, 1].
INLINE vf sine_of_rest(vf x, vf halves, vi parity) {
  vf r = x - halves * 1.5703125f;
  r = r - halves * 4.8351288e-4f;
  r = r - halves * 3.1385570e-7f;
  r = r - halves * 6.0771005e-11f;
  r = choose(r > 1.58f, splat(1.58f), r);
  r = choose(r < -1.58f, splat(-1.58f), r);
  vf z = r * r;
  vf p = splat(2.6054781301e-06f);
  p = p * z - 1.9809474179e-04f;
  p = p * z + 8.3330646157e-03f;
  p = p * z - 1.6666659713e-01f;
  vf y = p * (z * r) + r;
  return choose(absolute(x) < INFINITY, (vf)((vi)y ^ (parity << 31)), splat(NAN));
}

INLINE vf sine(vf x) {
  vf shifted = x * 0.31830989f + 12582912.0f;
  return sine_of_rest(x, 2.0f * (shifted - 12582912.0f), (vi)shifted);
}

// cos(x) = sin(x + pi / 2)
INLINE vf cosine(vf x) {
  vf shifted = (x * 0.31830989f + 0.5f) + 12582912.0f;
  return sine_of_rest(x, 2.0f * (shifted - 12582912.0f) - 1.0f, (vi)shifted);
}

INLINE vf round_to_whole(vf x) {
  vf a = absolute(x);
  vf rounded = with_sign_of((a + 8388608.0f) - 8388608.0f, x);
  return choose(a < 8388608.0f, rounded, x);
}

// a to the power b as C and PyTorch have it: of a negative a only for whole b. The relative error grows with
// |b log a|, to some 1e-5 at the ends of float.
INLINE vf power(vf a, vf b) {
  vf y = full_exponential(b * logarithm(absolute(a)));
  vi is_whole = round_to_whole(b) == b;
  // Odd whole numbers have no whole half.
  vi is_odd = is_whole & (round_to_whole(0.5f * b) != 0.5f * b);
  vf signed_y = choose(is_whole, choose(is_odd, -y, y), splat(NAN));
  y = choose(a < 0.0f, signed_y, y);
  return choose(b == 0.0f, splat(1), y);
}
