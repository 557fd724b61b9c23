// The micro-kernel for rows that lie anywhere: each row of a and of c is a pointer.
#pragma once

#include "gemm/panel.h"

namespace genesis {
namespace GENESIS_ISA {

/// What a product does with what is already in c. Bias: overwrite, starting from the bias. Stream: the same, past the
/// caches (whole vectors only); without a bias from zero.
enum class Into { Overwrite, Stream, Bias, Add };

/// c[r][column < lanes] = (0 | bias | c) + Σ_i a[r][i] · panel[i][column], for kRows rows given by pointers and
/// one packed panel. Only the first `rows` rows are stored; all of a's must be readable. Fetches k floats of
/// the rows `next` into the caches.
GENESIS_INLINE void multiplyRows(const float* const* a, const float* panel, int64_t k, float* const* c, int64_t rows,
                                 int64_t lanes, Into into, const float* bias, const float* const* next) {
  const float* row[kRows];
  for (int r = 0; r < kRows; ++r) row[r] = a[r];
  VecF acc[kRows][kPanelVectors] = {};
  const auto step = [&](int64_t i) GENESIS_INLINED {
    VecF b[kPanelVectors];
    for (int v = 0; v < kPanelVectors; ++v) b[v] = load(panel + (i * kPanelVectors + v) * kWidth);
    for (int r = 0; r < kRows; ++r) {
      const VecF value = splat(row[r][i]);
      for (int v = 0; v < kPanelVectors; ++v) acc[r][v] += value * b[v];
    }
  };
  // kWidth steps at once, where a product takes its factor from a lane.
  const auto steps = [&](int64_t i) GENESIS_INLINED {
    VecF values[kRows];
    for (int r = 0; r < kRows; ++r) values[r] = load(row[r] + i);
    forEachLane([&](auto lane) GENESIS_INLINED {
      VecF b[kPanelVectors];
      for (int v = 0; v < kPanelVectors; ++v) b[v] = load(panel + ((i + lane.value) * kPanelVectors + v) * kWidth);
      for (int r = 0; r < kRows; ++r) {
        for (int v = 0; v < kPanelVectors; ++v) acc[r][v] += splatLane<lane.value>(values[r]) * b[v];
      }
    });
  };
  int64_t i = 0;
  if (next != nullptr) {
    for (; i + 16 <= k; i += 16) {
      for (int r = 0; r < kRows; ++r) __builtin_prefetch(next[r] + i);
      if constexpr (kLaneFactors) {
        GENESIS_ROLLED
        for (int j = 0; j < 16; j += kWidth) steps(i + j);
      } else {
        GENESIS_ROLLED
        for (int j = 0; j < 16; ++j) step(i + j);
      }
    }
  }
  if constexpr (kLaneFactors) {
    for (; i + kWidth <= k; i += kWidth) steps(i);
  }
  for (; i < k; ++i) step(i);
  GENESIS_UNROLLED
  for (int r = 0; r < kRows; ++r) {
    if (r >= rows) break;
    GENESIS_UNROLLED
    for (int v = 0; v < kPanelVectors; ++v) {
      const int64_t left = lanes - v * kWidth;
      if (left <= 0) break;
      float* out = c[r] + v * kWidth;
      VecF total = acc[r][v];
      if (into == Into::Stream) {
        storeStreaming(out, bias != nullptr ? total + load(bias + v * kWidth) : total);
        continue;
      }
      if (into != Into::Overwrite) total += loadPartial(into == Into::Add ? out : bias + v * kWidth, left);
      storePartial(out, total, left);
    }
  }
}

}  // namespace GENESIS_ISA
}  // namespace genesis
