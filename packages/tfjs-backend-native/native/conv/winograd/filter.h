// Filters to Winograd's domain, in blocks.
#pragma once

#include "conv/winograd/transform.h"
#include "gemm/panel.h"

namespace genesis {
namespace GENESIS_ISA {

/// A 3×3×3 filter [tap][inC][outC] as the convolution to run sees it: k input and n output channels.
/// Swapped: the input gradient's filter, mirrored, with the roles of the channels exchanged.
struct FilterSource {
  const float* w;
  int64_t inC, outC;
  bool swapped;
  int64_t k() const { return swapped ? outC : inC; }
  int64_t n() const { return swapped ? inC : outC; }
};

/// D axis of rows first … first + count, columns column … column + columns (a multiple of the width; zeros past
/// the filter's last): out[slice][kh, kw][row][column]. Taps lie a power of two apart, so every line of the
/// filter is read just once here, into this compact form.
template <int P>
void filterDepth(const FilterSource& f, int64_t first, int64_t count, int64_t column, int64_t columns, float* out) {
  const int64_t plane = count * columns, slice = 9 * plane, tapStep = f.inC * f.outC;
  const auto spread = [&](const VecF* taps, float* to) {
    VecF points[P];
    filterAxis<P>(taps, points);
    for (int i = 0; i < P; ++i) store(to + i * slice, points[i]);
  };
  for (int i = 0; i < 9; ++i, out += plane) {
    if (!f.swapped) {
      const float* from = f.w + i * tapStep + first * f.outC;
      for (int64_t r = 0; r < count; ++r, from += f.outC) {
        for (int64_t c = 0; c < columns; c += kWidth) {
          const int64_t lanes = max64(0, f.outC - column - c);
          VecF taps[3];
          for (int d = 0; d < 3; ++d) taps[d] = loadPartial(from + d * 9 * tapStep + column + c, lanes);
          spread(taps, out + r * columns + c);
        }
      }
      continue;
    }
    // Mirrored taps, vectors along the rows in memory: transposed first.
    const float* from = f.w + (26 - i) * tapStep + column * f.outC + first;
    for (int64_t r = 0; r < count; r += kWidth) {
      const int64_t block = min64(kWidth, count - r);
      for (int64_t c = 0; c < columns; c += kWidth) {
        const int64_t present = f.inC - column - c;
        VecF blocks[3][kWidth];
        for (int d = 0; d < 3; ++d) {
          for (int j = 0; j < kWidth; ++j) {
            blocks[d][j] = j < present ? loadPartial(from - d * 9 * tapStep + (c + j) * f.outC + r, block) : VecF{};
          }
          transpose(blocks[d]);
        }
        for (int64_t j = 0; j < block; ++j) {
          const VecF taps[3] = {blocks[0][j], blocks[1][j], blocks[2][j]};
          spread(taps, out + (r + j) * columns + c);
        }
      }
    }
  }
}

/// H and W axes of one slice from filterDepth, planes[kh, kw][row][column], to
/// u[position·step + panel·rows·kPanel + (row + r)·width + column within the panel], where the last panel is as wide as
/// what is left of the columns.
template <int PH, int PW>
void filterPlanes(const float* planes, int64_t count, int64_t columns, float* u, int64_t step, int64_t row,
                  int64_t rows) {
  const int64_t plane = count * columns;
  for (int64_t r = 0; r < count; ++r) {
    for (int64_t c = 0; c < columns; c += kWidth) {
      const int64_t within = c % kPanel, width = min64(kPanel, columns - (c - within));
      VecF g[9];
      for (int i = 0; i < 9; ++i) g[i] = load(planes + i * plane + r * columns + c);
      filterPlane<PH, PW>(g, u + (c - within) * rows + (row + r) * width + within, step);
    }
  }
}

}  // namespace GENESIS_ISA
}  // namespace genesis
