#include "half.h"

#include <algorithm>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace genesis {
namespace {

uint16_t narrow(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  const uint32_t sign = (bits >> 16) & 0x8000u;
  const uint32_t magnitude = bits & 0x7fffffffu;
  if (magnitude >= 0x7f800000u) return static_cast<uint16_t>(sign | (magnitude > 0x7f800000u ? 0x7e00u : 0x7c00u));
  if (magnitude >= 0x477ff000u) return static_cast<uint16_t>(sign | 0x7c00u);
  if (magnitude < 0x38800000u) {
    // Below the smallest normal half: the adder of this sum rounds to a multiple of 2⁻²⁴.
    float rounded;
    std::memcpy(&rounded, &magnitude, sizeof rounded);
    rounded += 0.5f;
    uint32_t moved;
    std::memcpy(&moved, &rounded, sizeof moved);
    return static_cast<uint16_t>(sign | (moved - 0x3f000000u));
  }
  const uint32_t odd = (magnitude >> 13) & 1u;
  return static_cast<uint16_t>(sign | ((magnitude + 0xc8000fffu + odd) >> 13));
}

float widen(uint16_t half) {
  const uint32_t sign = (half & 0x8000u) << 16;
  const uint32_t magnitude = half & 0x7fffu;
  uint32_t bits;
  if (magnitude >= 0x7c00u) {
    bits = 0x7f800000u | (magnitude & 0x3ffu) << 13;
  } else if (magnitude >= 0x400u) {
    bits = (magnitude << 13) + 0x38000000u;
  } else {
    const float value = static_cast<float>(magnitude) * 0x1p-24f;
    std::memcpy(&bits, &value, sizeof bits);
  }
  bits |= sign;
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

void toHalfFrom(size_t first, const float* x, size_t length, float scale, float limit, float* residual, uint16_t* out) {
  for (size_t i = first; i < length; i++) {
    const float wanted = scale * (residual ? x[i] + residual[i] : x[i]);
    out[i] = narrow(std::clamp(wanted, -limit, limit));
    if (residual) residual[i] = (wanted - widen(out[i])) / scale;
  }
}

#if defined(__x86_64__)
#define GENESIS_F16C __attribute__((target("avx,f16c")))

bool hasF16c() {
  static const bool has = __builtin_cpu_supports("avx") && __builtin_cpu_supports("f16c");
  return has;
}

GENESIS_F16C size_t toHalfWide(const float* x, size_t length, float scale, float limit, float* residual,
                               uint16_t* out) {
  const __m256 factor = _mm256_set1_ps(scale);
  const __m256 high = _mm256_set1_ps(limit);
  const __m256 low = _mm256_set1_ps(-limit);
  size_t i = 0;
  for (; i + 8 <= length; i += 8) {
    const __m256 value = _mm256_loadu_ps(x + i);
    const __m256 whole = residual ? _mm256_add_ps(value, _mm256_loadu_ps(residual + i)) : value;
    const __m256 wanted = _mm256_mul_ps(factor, whole);
    // The value stands second, so that NaN stays NaN.
    const __m256 bounded = _mm256_max_ps(low, _mm256_min_ps(high, wanted));
    const __m128i half = _mm256_cvtps_ph(bounded, _MM_FROUND_TO_NEAREST_INT);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i), half);
    if (residual) {
      _mm256_storeu_ps(residual + i, _mm256_div_ps(_mm256_sub_ps(wanted, _mm256_cvtph_ps(half)), factor));
    }
  }
  return i;
}

GENESIS_F16C size_t fromHalfWide(const uint16_t* x, size_t length, float scale, float* out) {
  const __m256 factor = _mm256_set1_ps(scale);
  size_t i = 0;
  for (; i + 8 <= length; i += 8) {
    const __m128i half = _mm_loadu_si128(reinterpret_cast<const __m128i*>(x + i));
    _mm256_storeu_ps(out + i, _mm256_div_ps(_mm256_cvtph_ps(half), factor));
  }
  return i;
}

GENESIS_F16C size_t addHalfWide(const uint16_t* x, uint16_t* sum, size_t length) {
  size_t i = 0;
  for (; i + 8 <= length; i += 8) {
    const __m256 a = _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(x + i)));
    const __m256 b = _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(sum + i)));
    const __m128i half = _mm256_cvtps_ph(_mm256_add_ps(a, b), _MM_FROUND_TO_NEAREST_INT);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(sum + i), half);
  }
  return i;
}
#else
bool hasF16c() { return false; }
size_t toHalfWide(const float*, size_t, float, float, float*, uint16_t*) { return 0; }
size_t fromHalfWide(const uint16_t*, size_t, float, float*) { return 0; }
size_t addHalfWide(const uint16_t*, uint16_t*, size_t) { return 0; }
#endif

}  // namespace

void toHalf(const float* x, size_t length, float scale, float limit, float* residual, uint16_t* out) {
  const size_t done = hasF16c() ? toHalfWide(x, length, scale, limit, residual, out) : 0;
  toHalfFrom(done, x, length, scale, limit, residual, out);
}

void fromHalf(const uint16_t* x, size_t length, float scale, float* out) {
  size_t i = hasF16c() ? fromHalfWide(x, length, scale, out) : 0;
  for (; i < length; i++) out[i] = widen(x[i]) / scale;
}

void addHalf(const uint16_t* x, uint16_t* sum, size_t length) {
  size_t i = hasF16c() ? addHalfWide(x, sum, length) : 0;
  for (; i < length; i++) sum[i] = narrow(widen(x[i]) + widen(sum[i]));
}

}  // namespace genesis
