// Direct convolution of few input channels: rows are gathered, all taps side by side, for one matrix product.
#pragma once

#include "conv/direct/problem.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

void multiplyPatches(const DirectProblem& p, const Gather& g, int64_t first, int64_t count, int64_t panelBegin,
                     int64_t panelEnd, float* scratch) {
  const int64_t k = p.allTaps * p.k;
  float* targets[kRows];
  const float* from[kRows];
  GatherRow row = gatherRow(g, first);
  for (int64_t r = 0; r < count; r += kRows) {
    const int64_t rows = min64(kRows, count - r);
    for (int j = 0; j < kRows; ++j) {
      sourcePatch(g, row, p.source, scratch + j * k);
      from[j] = scratch + j * k;
      targets[j] = p.target + targetOffset(g, row);
      if (r + j + 1 < count) advance(g, row);
    }
    for (int64_t panel = panelBegin; panel < panelEnd; ++panel) {
      float* to[kRows];
      for (int j = 0; j < kRows; ++j) to[j] = targets[j] + panel * kPanel;
      multiplyRows(from, p.packed + panel * k * kPanel, k, to, rows, min64(kPanel, p.n - panel * kPanel),
                   p.bias != nullptr ? Into::Bias : Into::Overwrite,
                   p.bias != nullptr ? p.bias + panel * kPanel : nullptr, nullptr);
    }
  }
}

}  // namespace

}  // namespace GENESIS_ISA
}  // namespace genesis
