// The order of work for many tiles: the filter's transform is written out once and read by every box of tiles.
#pragma once

#include "conv/winograd/problem.h"
#include "runtime/threads.h"
#include "runtime/workspace.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

/// One box of tiles times one group of output channels.
template <typename S>
void convolveBox(const WinogradProblem& p, const Box& box, int64_t column, int64_t columns, const float* u,
                 int64_t uStep, float* scratch) {
  const WinogradBuffers<S> b(p);
  float* v = scratch;
  float* m = v + b.vStep * S::positions;
  const RowBuffer rows{m + 2 * b.mStep * S::positions, box.countH * S::MH + 2, box.countW * S::MW + 2, p.chunk, 2};
  const RowBuffer products{rows.data + b.rowsIn, box.countH * S::MH, box.countW * S::MW, p.group, S::PD};
  const int64_t uSlice = uStep * S::positions;
  const int64_t tiles = roundUp(box.tiles(), kRows);
  const int64_t used = min64(columns, p.n - column);
  forEachPair<S::pairs>([&](auto pair) {
    for (int64_t first = 0; first < p.k; first += p.chunk) {
      const int64_t count = min64(p.chunk, p.k - first);
      sourceRows<Side::Input, S, pair.value>(p.x, p.in, p.zeros, p.grid, box, p.padD, p.padH, p.padW, first, count,
                                             rows);
      for (int slice = 0; slice < 2; ++slice) {
        planes<Side::Input, S>(rows, slice, box, count, v, b.vStep, p.chunk);
        multiplyPositions(S::positions, v, b.vStep, p.chunk, u, uStep, m + slice * b.mStep * S::positions, b.mStep,
                          p.group, tiles, count, columns, first > 0);
        u += uSlice;
      }
    }
    for (int slice = 0; slice < 2; ++slice) {
      planesOut<S>(m + slice * b.mStep * S::positions, b.mStep, p.group, box, used, products, 2 * pair.value + slice);
    }
  });
  targetRows<S>(products, p.grid, box, p.out, column, used, p.bias, p.y);
}

/// Many tiles: the filter of a group of output channels is transformed once, then read by every box.
/// U: [pair][chunk][slice][position][panel][k][kPanel].
template <typename S>
void manyTiles(const WinogradProblem& p) {
  const int64_t chunks = (p.k + p.chunk - 1) / p.chunk;
  const int64_t uStep = p.chunk * p.group + kStepPadding;
  const int64_t uChunk = 2 * uStep * S::positions;
  const int64_t workerFloats = max64(WinogradBuffers<S>(p).floats(), S::PD * 9 * kFilterRows * kPanel);
  Scratch scratch(uChunk * chunks * S::pairs + workerFloats * numThreads());
  float* u = scratch.data();
  float* buffers = u + uChunk * chunks * S::pairs;
  for (int64_t column = 0; column < p.n; column += p.group) {
    const int64_t columns = min64(p.group, roundUp(p.n - column, kWidth));
    const int64_t pieces = (p.k + kFilterRows - 1) / kFilterRows, panels = (columns + kPanel - 1) / kPanel;
    parallelFor(pieces * panels, [&](int64_t unit, int worker) {
      const int64_t first = unit / panels * kFilterRows, panel = unit % panels;
      const int64_t count = min64(kFilterRows, p.k - first), chunk = first / p.chunk;
      const int64_t rows = min64(p.chunk, p.k - chunk * p.chunk);
      float* spread = buffers + worker * workerFloats;
      const int64_t width = min64(kPanel, columns - panel * kPanel);
      filterDepth<S::PD>(p.filter, first, count, column + panel * kPanel, width, spread);
      for (int slice = 0; slice < S::PD; ++slice) {
        filterPlanes<S::PH, S::PW>(
            spread + slice * 9 * count * width, count, width,
            u + ((slice / 2 * chunks + chunk) * 2 + slice % 2) * uStep * S::positions + panel * rows * kPanel, uStep,
            first % p.chunk, rows);
      }
    });
    parallelFor(p.boxes.count(), [&](int64_t unit, int worker) {
      convolveBox<S>(p, boxAt(p.grid, p.boxes, unit), column, columns, u, uStep, buffers + worker * workerFloats);
    });
  }
}

}  // namespace

}  // namespace GENESIS_ISA
}  // namespace genesis
