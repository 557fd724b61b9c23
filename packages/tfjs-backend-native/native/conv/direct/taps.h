// Direct convolution, a matrix product per tap: rows are read in place through pointers.
#pragma once

#include "conv/direct/problem.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

int64_t rowsOfUnit(int taps) { return max64(kRows, min64(kUnitRows, 8192 / (taps + 1) / kRows * kRows)); }

/// Pointers of a unit: [tap][row] sources, then targets, then one mark per tap and row block.
int64_t pointerFloats(int taps) { return 2 * (rowsOfUnit(taps) * (taps + 2)) + roundUp(taps * kUnitRows / kRows, 16); }

void multiplyTaps(const DirectProblem& p, const Gather& g, int64_t first, int64_t count, int64_t panelBegin,
                  int64_t panelEnd, float* scratch) {
  const int taps = g.taps();
  const int64_t unit = rowsOfUnit(taps), padded = roundUp(count, kRows);
  const float** sources = reinterpret_cast<const float**>(scratch);
  float** targets = reinterpret_cast<float**>(scratch + 2 * unit * taps);
  unsigned char* used = reinterpret_cast<unsigned char*>(targets + unit);
  std::memset(used, 0, static_cast<size_t>(taps * (padded / kRows)));
  GatherRow row = gatherRow(g, first);
  for (int64_t r = 0; r < padded; ++r) {
    targets[r] = p.target + targetOffset(g, row);
    sourcePointers(g, row, p.source, p.zeros, sources + r, unit, used + r / kRows * taps);
    if (r + 1 < count) advance(g, row);  // the padding repeats the last row
  }
  for (int64_t panel = panelBegin; panel < panelEnd; ++panel) {
    const int64_t lanes = min64(kPanel, p.n - panel * kPanel);
    const float* bias = p.bias != nullptr ? p.bias + panel * kPanel : nullptr;
    const Into once = p.stream && taps == 1 && p.k <= kDepth && lanes == kPanel ? Into::Stream : Into::Overwrite;
    bool started[kUnitRows / kRows] = {};
    int tap = 0;
    for (int jd = 0; jd < g.d.taps; ++jd) {
      for (int jh = 0; jh < g.h.taps; ++jh) {
        for (int jw = 0; jw < g.w.taps; ++jw, ++tap) {
          const float* b = p.packed + (panel * p.allTaps + g.tapIndex(jd, jh, jw)) * p.k * kPanel;
          for (int64_t depth = 0; depth < p.k; depth += kDepth) {
            for (int64_t r = 0; r < padded; r += kRows) {
              if (!used[r / kRows * taps + tap]) continue;
              const float* from[kRows];
              float* to[kRows];
              for (int j = 0; j < kRows; ++j) {
                from[j] = sources[tap * unit + r + j] + depth;
                to[j] = targets[r + j] + panel * kPanel;
              }
              bool& add = started[r / kRows];
              // The first panel brings the rows in from memory: ask for the next block of them.
              const float* const* next =
                  panel == panelBegin && r + kRows < padded ? sources + tap * unit + r + kRows : nullptr;
              multiplyRows(from, b + depth * kPanel, min64(kDepth, p.k - depth), to, min64(kRows, count - r), lanes,
                           add               ? Into::Add
                           : bias != nullptr ? Into::Bias
                                             : once,
                           bias, next);
              add = true;
            }
          }
        }
      }
    }
    // Rows that no tap reaches.
    for (int64_t r = 0; r < count; ++r) {
      if (started[r / kRows]) continue;
      for (int64_t i = 0; i < lanes; ++i) targets[r][panel * kPanel + i] = bias != nullptr ? bias[i] : 0.0f;
    }
  }
}

}  // namespace

}  // namespace GENESIS_ISA
}  // namespace genesis
