// The pieces of work that an array of [outer, rows, channels] is cut into, and walking over them.
#pragma once

#include "ops/norm/norm.h"
#include "ops/periodic.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

/// The pieces of [outer, rows]: none spans two outer indices.
struct Pieces {
  int64_t rows, each, perOuter, count;
  Pieces(const NormShape& s, const Period& period)
      : rows(s.rows), each(period.pieceRows()), perOuter((s.rows + each - 1) / each), count(s.outer * perOuter) {}
  int64_t outer(int64_t piece) const { return piece / perOuter; }
  int64_t firstRow(int64_t piece) const { return outer(piece) * rows + piece % perOuter * each; }
  int64_t rowsOf(int64_t piece) const { return min64(each, rows - piece % perOuter * each); }
};

/// Per-channel parameters over one period for every outer index: `count` arrays of period floats.
template <typename F>
void parameters(const NormShape& s, const Period& period, int count, float* out, F&& value) {
  for (int64_t outer = 0; outer < s.outer; ++outer) {
    for (int i = 0; i < count; ++i) {
      float* to = out + (outer * count + i) * period.floats;
      for (int64_t c = 0; c < s.channels; ++c) to[c] = value(outer, c, i);
      for (int64_t j = s.channels; j < period.floats; ++j) to[j] = to[j - s.channels];
    }
  }
}

int64_t statIndex(const NormShape& s, int64_t outer, int64_t channel) {
  return outer * s.groups + channel / (s.channels / s.groups);
}

/// Calls f<vector or scalar> over a piece: body(i, place) for whole vectors, then lanes of one vector
/// for the rest by way of buffers, so that both go through the same arithmetic.
template <typename F>
GENESIS_INLINE void walk(int64_t floats, int64_t periodFloats, F&& body) {
  int64_t i = 0;
  for (; i + periodFloats <= floats; i += periodFloats) {
    for (int64_t v = 0; v < periodFloats; v += kWidth) body(i + v, v, kWidth);
  }
  for (int64_t v = 0; i + v < floats; v += kWidth) body(i + v, v, min64(kWidth, floats - i - v));
}

}  // namespace

}  // namespace GENESIS_ISA
}  // namespace genesis
