// The sizes of the micro-kernels' blocks, and matrices packed into panels of columns for them.
#pragma once

#include "runtime/simd.h"

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
// Rows of the block for what is left of the columns: one vector a row, as many sums in flight.
constexpr int kTallRows = kPanelVectors * kRows;

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

}  // namespace GENESIS_ISA
}  // namespace genesis
