// Three-dimensional tile transforms, one axis after the other.
//
// The D axis goes first on the way in and last on the way out, a row of voxels at a time: volumes are then
// read and written in long contiguous runs, and what tiles share along H and W is computed once. H and W are
// done tile by tile from a compact buffer. Tile by tile on all axes would be three to five times slower: the
// voxels of a tile lie a power of two apart and fall into the same cache sets.
#pragma once

#include "conv/winograd/points.h"

namespace genesis {
namespace GENESIS_ISA {

template <int PD_, int PH_, int PW_>
struct TileShape {
  static constexpr int PD = PD_, PH = PH_, PW = PW_;           // points, also the input tile
  static constexpr int MD = PD - 2, MH = PH - 2, MW = PW - 2;  // output tile
  static constexpr int pairs = PD / 2;                         // of points of the D axis
  static constexpr int positions = PH * PW;                    // of a slice: one point of the D axis
};

/// Calls f(integral constant 0 … pairs − 1).
template <int Pairs, typename F>
GENESIS_INLINE void forEachPair(F&& f) {
  f(std::integral_constant<int, 0>());
  f(std::integral_constant<int, 1>());
  if constexpr (Pairs == 3) f(std::integral_constant<int, 2>());
}

enum class Side { Input, Gradient };

template <Side side, int P, int Pair>
constexpr bool axisUses(int i) {
  return side == Side::Input ? inputUsed<P, Pair>(i) : gradientUsed<P, Pair>(i);
}

template <Side side, int P>
GENESIS_INLINE void planeAxis(const VecF* x, VecF* out) {
  if constexpr (side == Side::Input) {
    inputAxis<P>(x, out);
  } else {
    gradientAxis<P>(x, out);
  }
}

/// D axis, one pair of points: `count` floats of the rows x[d] to the two slices' rows.
template <Side side, int P, int Pair>
GENESIS_INLINE void depthRow(const float* const* x, int64_t count, float* upper, float* lower) {
  constexpr int inputs = side == Side::Input ? P : P - 2;
  const auto step = [&](int64_t i, int64_t lanes) {
    VecF values[P], u, v;
    for (int d = 0; d < inputs; ++d) {
      if (axisUses<side, P, Pair>(d)) values[d] = loadPartial(x[d] + i, lanes);
    }
    if constexpr (side == Side::Input) {
      inputPair<P, Pair>(values, u, v);
    } else {
      gradientPair<P, Pair>(values, u, v);
    }
    store(upper + i, u);
    store(lower + i, v);
  };
  int64_t i = 0;
  for (; i + kWidth <= count; i += kWidth) step(i, kWidth);
  if (i < count) step(i, count - i);
}

/// H and W axes of one slice of a tile: rows[h·hStep + w·wStep] to v[position·step].
template <Side side, int PH, int PW>
GENESIS_INLINE void planeTransform(const float* rows, int64_t hStep, int64_t wStep, float* v, int64_t step) {
  constexpr int H = side == Side::Input ? PH : PH - 2, W = side == Side::Input ? PW : PW - 2;
  VecF t[PH][W];
  GENESIS_ROLLED
  for (int w = 0; w < W; ++w) {
    VecF x[H], out[PH];
    for (int h = 0; h < H; ++h) x[h] = load(rows + h * hStep + w * wStep);
    planeAxis<side, PH>(x, out);
    for (int h = 0; h < PH; ++h) t[h][w] = out[h];
  }
  GENESIS_ROLLED
  for (int h = 0; h < PH; ++h) {
    VecF out[PW];
    planeAxis<side, PW>(t[h], out);
    for (int w = 0; w < PW; ++w) store(v + (h * PW + w) * step, out[w]);
  }
}

/// H and W axes of one slice's products m[position·step] to the rows z[h·hStep + w·wStep].
template <int PH, int PW>
GENESIS_INLINE void planeOutput(const float* m, int64_t step, float* z, int64_t hStep, int64_t wStep) {
  VecF t[PW - 2][PH];
  GENESIS_ROLLED
  for (int h = 0; h < PH; ++h) {
    VecF x[PW], out[PW - 2];
    for (int w = 0; w < PW; ++w) x[w] = load(m + (h * PW + w) * step);
    outputAxis<PW>(x, out);
    for (int w = 0; w < PW - 2; ++w) t[w][h] = out[w];
  }
  GENESIS_ROLLED
  for (int w = 0; w < PW - 2; ++w) {
    VecF out[PH - 2];
    outputAxis<PH>(t[w], out);
    for (int h = 0; h < PH - 2; ++h) store(z + h * hStep + w * wStep, out[h]);
  }
}

/// H and W axes of one slice of a filter, g[h·3 + w], to u[position·step].
template <int PH, int PW>
GENESIS_INLINE void filterPlane(const VecF* g, float* u, int64_t step) {
  VecF t[PH][3];
  for (int w = 0; w < 3; ++w) {
    const VecF x[3] = {g[w], g[3 + w], g[6 + w]};
    VecF out[PH];
    filterAxis<PH>(x, out);
    for (int h = 0; h < PH; ++h) t[h][w] = out[h];
  }
  for (int h = 0; h < PH; ++h) {
    VecF out[PW];
    filterAxis<PW>(t[h], out);
    for (int w = 0; w < PW; ++w) store(u + (h * PW + w) * step, out[w]);
  }
}

/// Sums over tiles, position (slice, h, w) at sums + ((slice·PH + h)·PW + w)·step, to the 27 taps of a
/// filter gradient.
template <typename S>
GENESIS_INLINE void tapTransform(const float* sums, int64_t step, VecF* taps) {
  VecF t[S::PD][9];
  GENESIS_ROLLED
  for (int slice = 0; slice < S::PD; ++slice) {
    VecF rows[3][S::PH];
    GENESIS_ROLLED
    for (int h = 0; h < S::PH; ++h) {
      VecF m[S::PW], out[3];
      for (int w = 0; w < S::PW; ++w) m[w] = load(sums + ((slice * S::PH + h) * S::PW + w) * step);
      tapAxis<S::PW>(m, out);
      for (int w = 0; w < 3; ++w) rows[w][h] = out[w];
    }
    for (int w = 0; w < 3; ++w) {
      VecF out[3];
      tapAxis<S::PH>(rows[w], out);
      for (int h = 0; h < 3; ++h) t[slice][h * 3 + w] = out[h];
    }
  }
  for (int i = 0; i < 9; ++i) {
    VecF m[S::PD], out[3];
    for (int slice = 0; slice < S::PD; ++slice) m[slice] = t[slice][i];
    tapAxis<S::PD>(m, out);
    for (int d = 0; d < 3; ++d) taps[d * 9 + i] = out[d];
  }
}

}  // namespace GENESIS_ISA
}  // namespace genesis
