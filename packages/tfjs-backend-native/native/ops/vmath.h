// Elementary functions on vectors, accurate to about 1e-7 relative. NaN in, NaN out.
#pragma once

#include "runtime/simd.h"

namespace genesis {
namespace GENESIS_ISA {

GENESIS_INLINE VecF asFloat(VecI bits) { return (VecF)bits; }
GENESIS_INLINE VecI asInt(VecF v) { return (VecI)v; }
GENESIS_INLINE VecI splatInt(int32_t s) { return s - VecI{}; }
GENESIS_INLINE VecI toInt(VecF v) { return __builtin_convertvector(v, VecI); }
GENESIS_INLINE VecF toFloat(VecI v) { return __builtin_convertvector(v, VecF); }
GENESIS_INLINE VecF vabs(VecF v) { return asFloat(asInt(v) & 0x7fffffff); }

/// Rounds to the nearest whole number, |v| < 2²².
GENESIS_INLINE VecF roundSmall(VecF v) {
  // The barrier keeps the compiler from cancelling the two additions.
  VecF shifted = v + splat(12582912.0f);
#if defined(__aarch64__)
  asm volatile("" : "+w"(shifted));
#else
  asm volatile("" : "+m"(shifted));
#endif
  return shifted - splat(12582912.0f);
}

/// eᵛ. Cody and Waite reduction by ln 2, then a degree-6 polynomial on [−ln2/2, ln2/2].
GENESIS_INLINE VecF vexp(VecF v) {
  const VecF highest = splat(88.7228394f), lowest = splat(-103.972084f);
  VecF x = select(v > highest, highest, v);
  x = select(x < lowest, lowest, x);
  const VecF n = roundSmall(x * 1.44269504f);
  VecF r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  VecF p = splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  // 2ⁿ in two factors, because n may be 128 or below −126.
  const VecI whole = toInt(n);
  const VecI half = whole >> 1;
  const VecF first = asFloat((half + 127) << 23), second = asFloat((whole - half + 127) << 23);
  VecF result = p * first * second;
  result = select(v > highest, splat(__builtin_inff()), result);
  result = select(v < lowest, splat(0.0f), result);
  return select(v == v, result, v);
}

/// Natural logarithm; −∞ at 0, NaN below.
GENESIS_INLINE VecF vlog(VecF v) {
  const VecI small = v < 1.17549435e-38f;  // subnormals are scaled up
  const VecF x = select(small, v * 8388608.0f, v);
  const VecI bits = asInt(x);
  VecI exponent = ((bits >> 23) & 0xff) - 126;
  VecF m = asFloat((bits & 0x007fffff) | 0x3f000000);  // in [0.5, 1)
  const VecI low = m < 0.707106781f;
  exponent = exponent + low;  // low is −1 where true
  m = select(low, m + m, m) - 1.0f;
  VecF e = toFloat(exponent);
  e = select(small, e - 23.0f, e);
  const VecF z = m * m;
  VecF p = splat(7.0376836292e-2f);
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  VecF result = m * z * p + e * -2.12194440e-4f - 0.5f * z + m + e * 0.693359375f;
  const VecF infinity = splat(__builtin_inff());
  result = select(v == infinity, v, result);
  result = select(v == 0.0f, -infinity, result);
  result = select(v < 0.0f, splat(__builtin_nanf("")), result);
  return select(v == v, result, v);
}

/// eᵛ − 1, accurate near 0.
GENESIS_INLINE VecF vexpm1(VecF v) {
  VecF p = splat(1.0f / 40320);  // Taylor series on |v| < 0.5
  p = p * v + 1.0f / 5040;
  p = p * v + 1.0f / 720;
  p = p * v + 1.0f / 120;
  p = p * v + 1.0f / 24;
  p = p * v + 1.0f / 6;
  p = p * v + 0.5f;
  const VecF near = v * v * p + v;
  return select(vabs(v) < 0.5f, near, vexp(v) - 1.0f);
}

GENESIS_INLINE VecF vsigmoid(VecF v) {
  // With t = e^−|v| nothing overflows and nothing cancels.
  const VecF t = vexp(-vabs(v));
  const VecF s = 1.0f / (1.0f + t);
  return select(v < 0.0f, t * s, s);
}

GENESIS_INLINE VecF vtanh(VecF v) {
  const VecF a = vabs(v);
  const VecF t = vexpm1(a + a);
  const VecF clipped = select(a > 10.0f, splat(1.0f), t / (t + 2.0f));
  const VecF result = asFloat(asInt(clipped) | (asInt(v) & splatInt(static_cast<int32_t>(0x80000000u))));
  return select(v == v, result, v);
}

GENESIS_INLINE VecF vsqrt(VecF v) {
#if defined(__AVX512F__)
  return (VecF)_mm512_maskz_sqrt_ps(0xffff, (__m512)v);  // g++ 12 warns of the plain one
#elif defined(__AVX2__)
  return (VecF)_mm256_sqrt_ps((__m256)v);
#elif defined(__SSE2__)
  return (VecF)_mm_sqrt_ps((__m128)v);
#else
  VecF result;
  for (int i = 0; i < kWidth; ++i) result[i] = __builtin_sqrtf(v[i]);
  return result;
#endif
}

}  // namespace GENESIS_ISA
}  // namespace genesis
