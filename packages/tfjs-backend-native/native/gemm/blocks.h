// The micro-kernels for blocks whose rows lie at a fixed step.
#pragma once

#include "gemm/panel.h"

namespace genesis {
namespace GENESIS_ISA {

// Every block is summed from zero and then added to c: the error of a long sum grows with its longest chain.

/// c[R][NV·W] (+)= a[R][k] · b[k][NV·W]; rows of a are lda apart, of b contiguous, of c ldc. Fetches k cache
/// lines from `next` and from `nextA` on into the first-level cache: what the following blocks will read of b and of a.
template <int R, int NV>
GENESIS_INLINE void multiplyBlock(const float* a, int64_t lda, const float* b, int64_t k, float* c, int64_t ldc,
                                  bool add, const float* next, const float* nextA) {
  VecF acc[R][NV] = {};
  int64_t i = 0;
  if constexpr (kLaneFactors) {
    for (; i + kWidth <= k; i += kWidth) {
      VecF values[R];
      for (int r = 0; r < R; ++r) values[r] = load(a + r * lda + i);
      forEachLane([&](auto lane) GENESIS_INLINED {
        const int64_t step = i + lane.value;
        VecF bv[NV];
        for (int v = 0; v < NV; ++v) bv[v] = load(b + (step * NV + v) * kWidth);
        __builtin_prefetch(next + step * 16);
        __builtin_prefetch(nextA + step * 16);
        for (int r = 0; r < R; ++r) {
          for (int v = 0; v < NV; ++v) acc[r][v] += splatLane<lane.value>(values[r]) * bv[v];
        }
      });
    }
  }
  for (; i < k; ++i) {
    VecF bv[NV];
    for (int v = 0; v < NV; ++v) bv[v] = load(b + (i * NV + v) * kWidth);
    __builtin_prefetch(next + i * 16);
    __builtin_prefetch(nextA + i * 16);
    for (int r = 0; r < R; ++r) {
      const VecF av = splat(a[r * lda + i]);
      for (int v = 0; v < NV; ++v) acc[r][v] += av * bv[v];
    }
  }
  for (int r = 0; r < R; ++r) {
    for (int v = 0; v < NV; ++v) {
      float* out = c + r * ldc + v * kWidth;
      store(out, add ? load(out) + acc[r][v] : acc[r][v]);
    }
  }
}

/// c[R][NV·W] (+)= Σ_t a[t][R]ᵀ · b[t][NV·W], t < count; rows lda, ldb, ldc apart. Fetches the same block of c at
/// `next`, and of a's rows as many at `nextA`.
template <int R, int NV>
GENESIS_INLINE void multiplyTransposedBlock(const float* a, int64_t lda, const float* b, int64_t ldb, int64_t count,
                                            float* c, int64_t ldc, bool add, const float* next, const float* nextA) {
  VecF acc[R][NV] = {};
  for (int r = 0; r < R; ++r) {
    for (int v = 0; v < NV * kWidth; v += 16) __builtin_prefetch(next + r * ldc + v, 1);
  }
  for (int64_t t = 0; t < count; ++t) {
    VecF bv[NV];
    __builtin_prefetch(nextA + t * lda);
    for (int v = 0; v < NV; ++v) bv[v] = load(b + t * ldb + v * kWidth);
    if constexpr (kLaneFactors && R % kWidth == 0) {
      for (int group = 0; group < R; group += kWidth) {
        const VecF values = load(a + t * lda + group);
        forEachLane([&](auto lane) GENESIS_INLINED {
          for (int v = 0; v < NV; ++v) acc[group + lane.value][v] += splatLane<lane.value>(values) * bv[v];
        });
      }
      continue;
    }
    for (int r = 0; r < R; ++r) {
      const VecF av = splat(a[t * lda + r]);
      for (int v = 0; v < NV; ++v) acc[r][v] += av * bv[v];
    }
  }
  for (int r = 0; r < R; ++r) {
    for (int v = 0; v < NV; ++v) {
      float* out = c + r * ldc + v * kWidth;
      store(out, add ? load(out) + acc[r][v] : acc[r][v]);
    }
  }
}

}  // namespace GENESIS_ISA
}  // namespace genesis
