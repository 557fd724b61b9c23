// What the forward pass and the input gradient by Winograd's transforms share, whatever the number of tiles.
#pragma once

#include "conv/winograd/filter.h"
#include "conv/winograd/tiles.h"
#include "gemm/blocks.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

constexpr int64_t kFilterRows = 16;  // of a unit of the filter transform

/// y[n] = x[k] * filter, as seen after exchanging roles for an input gradient.
struct WinogradProblem {
  Source x;
  const float* zeros;  // a row of x
  Volume in, out;
  int padD, padH, padW;
  FilterSource filter;
  const float* bias;
  Target y;
  int64_t k, n;
  TileGrid grid;
  BoxGrid boxes;
  int64_t tiles, chunk, group;  // block sizes: tiles (of rows of V and M), input channels, output channels
};

/// m[position][tile][column] (+)= v[position][tile][k] · u[position][panel][k][column]. Columns are whole vectors; the
/// last panel may have one vector alone.
void multiplyPositions(int positions, const float* v, int64_t vStep, int64_t lda, const float* u, int64_t uStep,
                       float* m, int64_t mStep, int64_t ldc, int64_t rows, int64_t k, int64_t columns, bool add) {
  for (int i = 0; i < positions; ++i) {
    for (int64_t c = 0; c < columns; c += kPanel) {
      const float* a = v + i * vStep;
      const float* b = u + i * uStep + c * k;
      float* to = m + i * mStep + c;
      const float* next = c + kPanel < columns ? b + kPanel * k : u + (i + 1) * uStep;
      const float* nextA = a + vStep;
      int64_t r = 0;
      if (columns - c < kPanel) {
        for (; r + kTallRows <= rows; r += kTallRows) {
          multiplyBlock<kTallRows, 1>(a + r * lda, lda, b, k, to + r * ldc, ldc, add, next + r / kTallRows * k * 16,
                                      nextA + r * lda);
        }
        for (; r < rows; r += kRows) {
          multiplyBlock<kRows, 1>(a + r * lda, lda, b, k, to + r * ldc, ldc, add, next, nextA + r * lda);
        }
      }
      for (; r < rows; r += kRows) {
        multiplyBlock<kRows, kPanelVectors>(a + r * lda, lda, b, k, to + r * ldc, ldc, add, next + r / kRows * k * 16,
                                            nextA + r * lda);
      }
    }
  }
}

/// Per-worker buffers.
template <typename S>
struct WinogradBuffers {
  int64_t vStep, mStep, rowsIn, rowsOut;
  explicit WinogradBuffers(const WinogradProblem& p) {
    vStep = p.tiles * p.chunk + kStepPadding;
    mStep = p.tiles * p.group + kStepPadding;
    rowsIn = rowBufferFloats(p.boxes.layers, 2, p.boxes.h * S::MH + 2, p.boxes.w * S::MW + 2, p.chunk);
    rowsOut = rowBufferFloats(p.boxes.layers, S::PD, p.boxes.h * S::MH, p.boxes.w * S::MW, p.group);
  }
  int64_t floats() const { return roundUp((vStep + 2 * mStep) * S::positions + rowsIn + rowsOut, 64); }
};

}  // namespace

}  // namespace GENESIS_ISA
}  // namespace genesis
