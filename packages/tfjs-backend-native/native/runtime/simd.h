// Vectors of floats by the compilers' vector extensions (g++ and clang), one width per instruction
// set: 16 lanes (AVX-512), 8 (AVX2), 4 (SSE2, NEON, anything else).
//
// Include from *.kernels.cpp only: such a file is compiled once per instruction set with
// -DGENESIS_ISA=avx512|avx2|base. Everything lives in namespace genesis::GENESIS_ISA, because an
// inline function outside it would be emitted by several translation units with different
// instructions and the linker would keep any one of them. For the same reason kernel files avoid
// std:: templates (containers, std::function, std::sort).
#pragma once

#include <cstdint>
#include <cstring>
#include <utility>

#if defined(__SSE2__)
#include <immintrin.h>  // masked and streaming access, which vector extensions cannot say
#endif

#ifndef GENESIS_ISA
#error "compile *.kernels.cpp with -DGENESIS_ISA=avx512|avx2|base"
#endif

#define GENESIS_INLINE inline __attribute__((always_inline))
/// After the parameters of a lambda that must not become a call, which would put what it captures in memory.
#define GENESIS_INLINED __attribute__((always_inline))
#define GENESIS_ROLLED _Pragma("GCC unroll 1")
/// Every round written out: only then are vectors that a loop indexes kept in registers.
#define GENESIS_UNROLLED _Pragma("GCC unroll 32")

namespace genesis {
namespace GENESIS_ISA {

#if defined(__AVX512F__)
constexpr int kWidth = 16;
constexpr int kRegisters = 32;
#elif defined(__AVX2__)
constexpr int kWidth = 8;
constexpr int kRegisters = 16;
#elif defined(__aarch64__)
constexpr int kWidth = 4;
constexpr int kRegisters = 32;
#else
constexpr int kWidth = 4;
constexpr int kRegisters = 16;
#endif

template <int W>
struct Simd;
#define GENESIS_SIMD(W)                                                            \
  template <>                                                                      \
  struct Simd<W> {                                                                 \
    typedef float F __attribute__((vector_size(W * 4)));                           \
    typedef float FU __attribute__((vector_size(W * 4), aligned(4), may_alias));   \
    typedef int32_t I __attribute__((vector_size(W * 4)));                         \
    typedef int32_t IU __attribute__((vector_size(W * 4), aligned(4), may_alias)); \
  };
GENESIS_SIMD(4)
#if defined(__AVX2__)
GENESIS_SIMD(8)
#endif
#if defined(__AVX512F__)
GENESIS_SIMD(16)
#endif
#undef GENESIS_SIMD

using VecF = Simd<kWidth>::F;  // kWidth floats
using VecI = Simd<kWidth>::I;  // kWidth int32, also the result of comparing two VecF (0 or -1)

/// Unaligned load and store.
template <int W = kWidth>
GENESIS_INLINE typename Simd<W>::F load(const float* p) {
  return *reinterpret_cast<const typename Simd<W>::FU*>(p);
}
template <int W = kWidth>
GENESIS_INLINE void store(float* p, typename Simd<W>::F v) {
  *reinterpret_cast<typename Simd<W>::FU*>(p) = v;
}

/// All lanes equal to s.
template <int W = kWidth>
GENESIS_INLINE typename Simd<W>::F splat(float s) {
  return s - typename Simd<W>::F{};
}

/// Whether a product can take one lane of a vector as its factor (Arm's multiply-add by element): kernels then load
/// several factors at once instead of spreading each over a vector, which costs a slot of the units that multiply.
#if defined(__aarch64__)
constexpr bool kLaneFactors = true;
#else
constexpr bool kLaneFactors = false;
#endif

/// First n lanes (0 <= n; all when n >= W); the others are 0 and their memory is not touched.
template <int W = kWidth>
GENESIS_INLINE typename Simd<W>::F loadPartial(const float* p, int64_t n) {
  if (n >= W) return load<W>(p);
#if defined(__AVX512F__)
  if constexpr (W == 16) return (Simd<16>::F)_mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << n) - 1), p);
#endif
  alignas(64) float lanes[W] = {};
  for (int64_t i = 0; i < n; ++i) lanes[i] = p[i];
  return load<W>(lanes);
}
template <int W = kWidth>
GENESIS_INLINE void storePartial(float* p, typename Simd<W>::F v, int64_t n) {
  if (n >= W) {
    store<W>(p, v);
    return;
  }
#if defined(__AVX512F__)
  if constexpr (W == 16) {
    _mm512_mask_storeu_ps(p, static_cast<__mmask16>((1u << n) - 1), (__m512)v);
    return;
  }
#endif
  alignas(64) float lanes[W];
  store<W>(lanes, v);
  for (int64_t i = 0; i < n; ++i) p[i] = lanes[i];
}

/// Stores past the caches (full vectors, p aligned to the vector): for results larger than the caches, whose
/// old contents would otherwise be read first. Call fence() before other threads may read.
GENESIS_INLINE void storeStreaming(float* p, VecF v) {
#if defined(__AVX512F__)
  _mm512_stream_ps(p, (__m512)v);
#elif defined(__AVX2__)
  _mm256_stream_ps(p, (__m256)v);
#elif defined(__SSE2__)
  _mm_stream_ps(p, (__m128)v);
#else
  store(p, v);
#endif
}
GENESIS_INLINE void fence() {
#if defined(__SSE2__)
  _mm_sfence();
#endif
}

/// Lane-wise mask ? a : b, where mask comes from a comparison.
GENESIS_INLINE VecF select(VecI mask, VecF a, VecF b) { return (VecF)((mask & (VecI)a) | (~mask & (VecI)b)); }
GENESIS_INLINE VecF vmax(VecF a, VecF b) { return select(a > b, a, b); }
GENESIS_INLINE VecF vmin(VecF a, VecF b) { return select(a < b, a, b); }

/// Sum of the lanes, always by the same tree.
GENESIS_INLINE float sum(VecF v) {
  alignas(64) float lanes[kWidth];
  store(lanes, v);
  for (int step = kWidth / 2; step > 0; step /= 2) {
    for (int i = 0; i < step; ++i) lanes[i] += lanes[i + step];
  }
  return lanes[0];
}

#if defined(__clang__)
template <int W, int Half, int... I>
GENESIS_INLINE auto interleaveAt(typename Simd<W>::F a, typename Simd<W>::F b, std::integer_sequence<int, I...>) {
  return __builtin_shufflevector(a, b, (Half * W / 2 + I / 2 + I % 2 * W)...);
}
#else
template <int W, int Half, int... I>
GENESIS_INLINE auto interleaveAt(typename Simd<W>::F a, typename Simd<W>::F b, std::integer_sequence<int, I...>) {
  const typename Simd<W>::I order = {(Half * W / 2 + I / 2 + I % 2 * W)...};
  return __builtin_shuffle(a, b, order);
}
#endif
/// a0 b0 a1 b1 … of the lower (Half 0) or upper (Half 1) halves.
template <int Half>
GENESIS_INLINE VecF interleave(VecF a, VecF b) {
  return interleaveAt<kWidth, Half>(a, b, std::make_integer_sequence<int, kWidth>());
}

#if defined(__clang__)
template <int Lane, int... I>
GENESIS_INLINE VecF splatLaneAt(VecF v, std::integer_sequence<int, I...>) {
  return __builtin_shufflevector(v, v, (I * 0 + Lane)...);
}
#else
template <int Lane, int... I>
GENESIS_INLINE VecF splatLaneAt(VecF v, std::integer_sequence<int, I...>) {
  const VecI order = {(I * 0 + Lane)...};
  return __builtin_shuffle(v, order);
}
#endif
/// All lanes equal to one of v.
template <int Lane>
GENESIS_INLINE VecF splatLane(VecF v) {
  return splatLaneAt<Lane>(v, std::make_integer_sequence<int, kWidth>());
}

template <typename F, int... I>
GENESIS_INLINE void forEachLaneOf(F&& f, std::integer_sequence<int, I...>) {
  (f(std::integral_constant<int, I>()), ...);
}
/// Calls f(integral constant 0 … kWidth − 1).
template <typename F>
GENESIS_INLINE void forEachLane(F&& f) {
  forEachLaneOf(f, std::make_integer_sequence<int, kWidth>());
}

/// Transposes kWidth vectors in place.
GENESIS_INLINE void transpose(VecF (&rows)[kWidth]) {
  for (int round = 1; round < kWidth; round *= 2) {
    VecF out[kWidth];
    for (int i = 0; i < kWidth / 2; ++i) {
      out[2 * i] = interleave<0>(rows[i], rows[i + kWidth / 2]);
      out[2 * i + 1] = interleave<1>(rows[i], rows[i + kWidth / 2]);
    }
    for (int i = 0; i < kWidth; ++i) rows[i] = out[i];
  }
}

GENESIS_INLINE int64_t min64(int64_t a, int64_t b) { return a < b ? a : b; }
GENESIS_INLINE int64_t max64(int64_t a, int64_t b) { return a > b ? a : b; }
GENESIS_INLINE int64_t roundUp(int64_t n, int64_t unit) { return (n + unit - 1) / unit * unit; }

}  // namespace GENESIS_ISA
}  // namespace genesis
