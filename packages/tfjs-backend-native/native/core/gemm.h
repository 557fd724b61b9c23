// Register-blocked micro-kernels; every matrix product in native/core ends here.
#pragma once

#include "simd.h"

namespace genesis {
namespace GENESIS_ISA {

// Rows of the accumulator block: with two vectors a row it fills the register file but for the
// operands (8×2 of 32, 6×2 of 16; without FMA a product needs a register more).
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int kRows = 8;
#elif defined(__AVX2__)
constexpr int kRows = 6;
#else
constexpr int kRows = 4;
#endif

/// acc[r][v] += Σ_k a[r][k·aStep] · b[k·ldb + v·W], with one pointer per row.
template <int R, int NV, int W>
GENESIS_INLINE void accumulateRows(typename Simd<W>::F (&acc)[R][NV], const float* const* a,
                                   int64_t aStep, int64_t k, const float* b, int64_t ldb) {
  const float* row[R];
  for (int r = 0; r < R; ++r) row[r] = a[r];
  for (int64_t i = 0; i < k; ++i) {
    typename Simd<W>::F bv[NV];
    for (int v = 0; v < NV; ++v) bv[v] = load<W>(b + v * W);
    b += ldb;
    for (int r = 0; r < R; ++r) {
      const typename Simd<W>::F av = splat<W>(row[r][i * aStep]);
      for (int v = 0; v < NV; ++v) acc[r][v] += av * bv[v];
    }
  }
}

/// acc[r][v] += Σ_p a[p][r] · b[p][v·W]: the transposed product, one pointer pair per summand.
template <int R, int NV, int W>
GENESIS_INLINE void accumulateOuter(typename Simd<W>::F (&acc)[R][NV], const float* const* a,
                                    int64_t aOffset, const float* const* b, int64_t bOffset,
                                    int64_t count) {
  for (int64_t p = 0; p < count; ++p) {
    const float* ap = a[p] + aOffset;
    const float* bp = b[p] + bOffset;
    typename Simd<W>::F bv[NV];
    for (int v = 0; v < NV; ++v) bv[v] = load<W>(bp + v * W);
    for (int r = 0; r < R; ++r) {
      const typename Simd<W>::F av = splat<W>(ap[r]);
      for (int v = 0; v < NV; ++v) acc[r][v] += av * bv[v];
    }
  }
}

/// c[R][NV·W] (+)= a[R][k] · b[k][NV·W]; rows of a are lda apart, of b contiguous, of c ldc. Fetches k cache
/// lines from `next` on into the first-level cache: what the following blocks will read.
template <int R, int NV>
GENESIS_INLINE void multiplyBlock(const float* a, int64_t lda, const float* b, int64_t k, float* c, int64_t ldc,
                                  bool add, const float* next) {
  VecF acc[R][NV];
  for (int r = 0; r < R; ++r) {
    for (int v = 0; v < NV; ++v) acc[r][v] = add ? load(c + r * ldc + v * kWidth) : VecF{};
  }
  for (int64_t i = 0; i < k; ++i) {
    VecF bv[NV];
    for (int v = 0; v < NV; ++v) bv[v] = load(b + (i * NV + v) * kWidth);
    __builtin_prefetch(next + i * 16);
    for (int r = 0; r < R; ++r) {
      const VecF av = splat(a[r * lda + i]);
      for (int v = 0; v < NV; ++v) acc[r][v] += av * bv[v];
    }
  }
  for (int r = 0; r < R; ++r) {
    for (int v = 0; v < NV; ++v) store(c + r * ldc + v * kWidth, acc[r][v]);
  }
}

/// c[R][NV·W] (+)= Σ_t a[t][R]ᵀ · b[t][NV·W], t < count; rows lda, ldb, ldc apart. Fetches the same block at
/// `next`.
template <int R, int NV>
GENESIS_INLINE void multiplyTransposedBlock(const float* a, int64_t lda, const float* b, int64_t ldb, int64_t count,
                                            float* c, int64_t ldc, bool add, const float* next) {
  VecF acc[R][NV];
  for (int r = 0; r < R; ++r) {
    for (int v = 0; v < NV; ++v) acc[r][v] = add ? load(c + r * ldc + v * kWidth) : VecF{};
  }
  for (int r = 0; r < R; ++r) {
    for (int v = 0; v < NV * kWidth; v += 16) __builtin_prefetch(next + r * ldc + v, 1);
  }
  for (int64_t t = 0; t < count; ++t) {
    VecF bv[NV];
    for (int v = 0; v < NV; ++v) bv[v] = load(b + t * ldb + v * kWidth);
    for (int r = 0; r < R; ++r) {
      const VecF av = splat(a[t * lda + r]);
      for (int v = 0; v < NV; ++v) acc[r][v] += av * bv[v];
    }
  }
  for (int r = 0; r < R; ++r) {
    for (int v = 0; v < NV; ++v) store(c + r * ldc + v * kWidth, acc[r][v]);
  }
}

}  // namespace GENESIS_ISA
}  // namespace genesis
