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

constexpr int kPanelVectors = 2;
constexpr int kPanel = kPanelVectors * kWidth;  // columns of a packed panel

/// What a product does with what is already in c. Stream: overwrite, past the caches (whole vectors only).
enum class Into { Overwrite, Stream, Bias, Add };

/// c[r][column < lanes] = (0 | bias | c) + Σ_i a[r][i] · panel[i][column], for kRows rows given by pointers and
/// one packed panel. Only the first `rows` rows are stored; all of a's must be readable. Fetches k floats of
/// the rows `next` into the caches.
GENESIS_INLINE void multiplyRows(const float* const* a, const float* panel, int64_t k, float* const* c, int64_t rows,
                                 int64_t lanes, Into into, const float* bias, const float* const* next) {
  const float* row[kRows];
  for (int r = 0; r < kRows; ++r) row[r] = a[r];
  VecF acc[kRows][kPanelVectors] = {};
  const auto step = [&](int64_t i) {
    VecF b[kPanelVectors];
    for (int v = 0; v < kPanelVectors; ++v) b[v] = load(panel + (i * kPanelVectors + v) * kWidth);
    for (int r = 0; r < kRows; ++r) {
      const VecF value = splat(row[r][i]);
      for (int v = 0; v < kPanelVectors; ++v) acc[r][v] += value * b[v];
    }
  };
  int64_t i = 0;
  if (next != nullptr) {
    for (; i + 16 <= k; i += 16) {
      for (int r = 0; r < kRows; ++r) __builtin_prefetch(next[r] + i);
      GENESIS_ROLLED
      for (int j = 0; j < 16; ++j) step(i + j);
    }
  }
  for (; i < k; ++i) step(i);
  for (int r = 0; r < kRows; ++r) {
    if (r >= rows) break;
    for (int v = 0; v < kPanelVectors; ++v) {
      const int64_t left = lanes - v * kWidth;
      if (left <= 0) break;
      float* out = c[r] + v * kWidth;
      VecF total = acc[r][v];
      if (into == Into::Stream) {
        storeStreaming(out, total);
        continue;
      }
      if (into != Into::Overwrite) total += loadPartial(into == Into::Add ? out : bias + v * kWidth, left);
      storePartial(out, total, left);
    }
  }
}

/// Packs columns of a matrix of k rows to panel[k][kPanel], zeros past `columns`. Element (i, j) is at
/// from[i·rowStep + j·columnStep]; one of the steps is 1.
inline void packPanel(const float* from, int64_t rowStep, int64_t columnStep, int64_t k, int64_t columns,
                      float* panel) {
  if (columnStep == 1) {
    for (int64_t i = 0; i < k; ++i) {
      for (int v = 0; v < kPanelVectors; ++v) {
        const int64_t left = columns - v * kWidth;
        store(panel + i * kPanel + v * kWidth, left > 0 ? loadPartial(from + i * rowStep + v * kWidth, left) : VecF{});
      }
    }
    return;
  }
  for (int64_t i = 0; i < k; i += kWidth) {
    const int64_t block = min64(kWidth, k - i);
    for (int v = 0; v < kPanelVectors; ++v) {
      VecF lines[kWidth];
      for (int j = 0; j < kWidth; ++j) {
        const int64_t column = v * kWidth + j;
        lines[j] = column < columns ? loadPartial(from + column * columnStep + i, block) : VecF{};
      }
      transpose(lines);
      for (int64_t j = 0; j < block; ++j) store(panel + (i + j) * kPanel + v * kWidth, lines[j]);
    }
  }
}

// Every block is summed from zero and then added to c: the error of a long sum grows with its longest chain.

/// c[R][NV·W] (+)= a[R][k] · b[k][NV·W]; rows of a are lda apart, of b contiguous, of c ldc. Fetches k cache
/// lines from `next` on into the first-level cache: what the following blocks will read.
template <int R, int NV>
GENESIS_INLINE void multiplyBlock(const float* a, int64_t lda, const float* b, int64_t k, float* c, int64_t ldc,
                                  bool add, const float* next) {
  VecF acc[R][NV] = {};
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
    for (int v = 0; v < NV; ++v) {
      float* out = c + r * ldc + v * kWidth;
      store(out, add ? load(out) + acc[r][v] : acc[r][v]);
    }
  }
}

/// c[R][NV·W] (+)= Σ_t a[t][R]ᵀ · b[t][NV·W], t < count; rows lda, ldb, ldc apart. Fetches the same block at
/// `next`.
template <int R, int NV>
GENESIS_INLINE void multiplyTransposedBlock(const float* a, int64_t lda, const float* b, int64_t ldb, int64_t count,
                                            float* c, int64_t ldc, bool add, const float* next) {
  VecF acc[R][NV] = {};
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
    for (int v = 0; v < NV; ++v) {
      float* out = c + r * ldc + v * kWidth;
      store(out, add ? load(out) + acc[r][v] : acc[r][v]);
    }
  }
}

}  // namespace GENESIS_ISA
}  // namespace genesis
