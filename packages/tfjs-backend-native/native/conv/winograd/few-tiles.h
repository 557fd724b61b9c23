// The order of work for few tiles: the tiles are transformed once, the filter in pieces that are used at once.
#pragma once

#include "conv/winograd/problem.h"
#include "runtime/threads.h"
#include "runtime/workspace.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

/// Few tiles: transforming the filter costs more than writing it out and reading it again would gain. The
/// tiles are transformed once for all, then each group of output channels transforms its part of the filter
/// in pieces that stay in the second-level cache and uses them at once.
/// V: [chunk][slice][position][tile][k].
template <typename S>
void fewTiles(const WinogradProblem& p) {
  const int64_t chunks = (p.k + p.chunk - 1) / p.chunk;
  const WinogradBuffers<S> b(p);
  const int64_t vSlice = b.vStep * S::positions, mSlice = b.mStep * S::positions;
  const int64_t uStep = p.chunk * p.group + kStepPadding, uSlice = uStep * S::positions;
  const int64_t spread = S::PD * 9 * p.chunk * p.group;
  const int64_t workerFloats = roundUp(max64(spread + uSlice + S::PD * mSlice + b.rowsOut, b.rowsIn), 64);
  Scratch scratch(vSlice * S::PD * chunks + workerFloats * numThreads());
  float* shared = scratch.data();
  float* buffers = shared + vSlice * S::PD * chunks;
  const Box box = boxAt(p.grid, p.boxes, 0);
  parallelFor(chunks * S::pairs, [&](int64_t unit, int worker) {
    const RowBuffer rows{buffers + worker * workerFloats, box.countH * S::MH + 2, box.countW * S::MW + 2, p.chunk, 2};
    const int64_t first = unit / S::pairs * p.chunk, count = min64(p.chunk, p.k - first);
    forEachPair<S::pairs>([&](auto pair) {
      if (pair.value != unit % S::pairs) return;
      sourceRows<Side::Input, S, pair.value>(p.x, p.in, p.zeros, p.grid, box, p.padD, p.padH, p.padW, first, count,
                                             rows);
    });
    for (int slice = 0; slice < 2; ++slice) {
      planes<Side::Input, S>(rows, slice, box, count, shared + (unit * 2 + slice) * vSlice, b.vStep, p.chunk);
    }
  });
  parallelFor((p.n + p.group - 1) / p.group, [&](int64_t unit, int worker) {
    const int64_t column = unit * p.group, columns = min64(p.group, roundUp(p.n - column, kWidth));
    const int64_t used = min64(columns, p.n - column), tiles = roundUp(box.tiles(), kRows);
    float* depth = buffers + worker * workerFloats;
    float* u = depth + spread;
    float* m = u + uSlice;
    const RowBuffer products{m + S::PD * mSlice, box.countH * S::MH, box.countW * S::MW, p.group, S::PD};
    for (int64_t chunk = 0; chunk < chunks; ++chunk) {
      const int64_t first = chunk * p.chunk, count = min64(p.chunk, p.k - first);
      filterDepth<S::PD>(p.filter, first, count, column, columns, depth);
      for (int slice = 0; slice < S::PD; ++slice) {
        filterPlanes<S::PH, S::PW>(depth + slice * 9 * count * columns, count, columns, u, uStep, 0, count);
        multiplyPositions(S::positions, shared + (chunk * S::PD + slice) * vSlice, b.vStep, p.chunk, u, uStep,
                          m + slice * mSlice, b.mStep, p.group, tiles, count, columns, chunk > 0);
      }
    }
    for (int slice = 0; slice < S::PD; ++slice) {
      planesOut<S>(m + slice * mSlice, b.mStep, p.group, box, used, products, slice);
    }
    targetRows<S>(products, p.grid, box, p.out, column, used, p.bias, p.y);
  });
}

}  // namespace

}  // namespace GENESIS_ISA
}  // namespace genesis
