// Filters to Winograd's domain, in blocks.
#pragma once

#include "winograd-transform.h"

namespace genesis {
namespace GENESIS_ISA {

constexpr int kPanelVectors = 2;
constexpr int kPanel = kPanelVectors * kWidth;  // columns of a GEMM panel

/// A 3×3×3 filter [tap][inC][outC] as the convolution to run sees it: k input and n output channels.
/// Swapped: the input gradient's filter, mirrored, with the roles of the channels exchanged.
struct FilterSource {
  const float* w;
  int64_t inC, outC;
  bool swapped;
  int64_t k() const { return swapped ? outC : inC; }
  int64_t n() const { return swapped ? inC : outC; }
};

/// Rows first … first + count of every tap, columns column … column + kWidth (zeros past n), to
/// out[27][count][kWidth].
inline void packTaps(const FilterSource& f, int64_t first, int64_t count, int64_t column, float* out) {
  const int64_t columns = min64(kWidth, f.n() - column);
  for (int tap = 0; tap < 27; ++tap) {
    float* to = out + tap * count * kWidth;
    if (!f.swapped) {
      const float* from = f.w + (tap * f.inC + first) * f.outC + column;
      for (int64_t i = 0; i < count; ++i) store(to + i * kWidth, loadPartial(from + i * f.outC, columns));
      continue;
    }
    const float* from = f.w + ((26 - tap) * f.inC + column) * f.outC + first;
    int64_t i = 0;
    if (columns == kWidth) {
      for (; i + kWidth <= count; i += kWidth) {
        VecF block[kWidth];
        for (int j = 0; j < kWidth; ++j) block[j] = load(from + j * f.outC + i);
        transpose(block);
        for (int j = 0; j < kWidth; ++j) store(to + (i + j) * kWidth, block[j]);
      }
    }
    for (; i < count; ++i) {
      for (int64_t j = 0; j < kWidth; ++j) to[i * kWidth + j] = j < columns ? from[j * f.outC + i] : 0.0f;
    }
  }
}

constexpr int64_t kPackRows = 16;

/// Transforms rows first … first + count of `vectors` vectors of columns from `column` on, for one pass,
/// into u[position][panel][rows][kPanel] (row `first` goes to panel row `row`).
template <typename S, int Pair>
void transformFilter(const FilterSource& f, int64_t first, int64_t count, int64_t column, int64_t columnEnd,
                     float* u, int64_t step, int64_t row, int64_t rows) {
  alignas(64) float packed[27 * kPackRows * kWidth];
  for (int64_t c = column; c < columnEnd; c += kWidth) {
    float* panel = u + (c - column) / kPanel * rows * kPanel + (c - column) % kPanel;
    for (int64_t r = 0; r < count; r += kPackRows) {
      const int64_t block = min64(kPackRows, count - r);
      if (c >= f.n()) {
        std::memset(packed, 0, sizeof(packed));
      } else {
        packTaps(f, first + r, block, c, packed);
      }
      for (int64_t i = 0; i < block; ++i) {
        filterTransform<S, Pair>(packed + i * kWidth, block * kWidth, panel + (row + r + i) * kPanel, step);
      }
    }
  }
}

}  // namespace GENESIS_ISA
}  // namespace genesis
