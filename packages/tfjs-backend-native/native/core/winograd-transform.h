// Three-dimensional tile transforms: one pass handles one pair of points of the D axis and all points
// of H and W, so that the products of a pass stay in the second-level cache.
//
// Positions of a pass: (slice 0|1, h, w), h and w in pair order; `step` floats apart in memory.
#pragma once

#include "winograd-points.h"

namespace genesis {
namespace GENESIS_ISA {

template <int PD_, int PH_, int PW_>
struct TileShape {
  static constexpr int PD = PD_, PH = PH_, PW = PW_;             // points, also the input tile
  static constexpr int MD = PD - 2, MH = PH - 2, MW = PW - 2;    // output tile
  static constexpr int passes = PD / 2;
  static constexpr int positions = 2 * PH * PW;                  // of a pass
  static constexpr int inputs = PD * PH * PW;
  static constexpr int outputs = MD * MH * MW;
};

#define GENESIS_ROLLED _Pragma("GCC unroll 1")

/// Input tile to V: `voxels` holds one pointer per voxel of the tile, [PW][PH][PD] order.
template <typename S, int Pair>
GENESIS_INLINE void inputPass(const float* const* voxels, int64_t channel, float* v, int64_t step) {
  VecF t[2][S::PH][S::PW];
  GENESIS_ROLLED
  for (int w = 0; w < S::PW; ++w) {
    VecF upper[S::PH], lower[S::PH];
    for (int h = 0; h < S::PH; ++h) {
      VecF x[S::PD];
      for (int d = 0; d < S::PD; ++d) {
        if (inputUsed<S::PD, Pair>(d)) x[d] = load(voxels[(w * S::PH + h) * S::PD + d] + channel);
      }
      inputPair<S::PD, Pair>(x, upper[h], lower[h]);
    }
    VecF out[S::PH];
    inputAxis<S::PH>(upper, out);
    for (int h = 0; h < S::PH; ++h) t[0][h][w] = out[h];
    inputAxis<S::PH>(lower, out);
    for (int h = 0; h < S::PH; ++h) t[1][h][w] = out[h];
  }
  GENESIS_ROLLED
  for (int row = 0; row < 2 * S::PH; ++row) {
    VecF out[S::PW];
    inputAxis<S::PW>(t[0][0] + row * S::PW, out);
    for (int w = 0; w < S::PW; ++w) store(v + (row * S::PW + w) * step, out[w]);
  }
}

/// Output-gradient tile to the dy side of the filter gradient; `voxels` in [MW][MH][MD] order.
template <typename S, int Pair>
GENESIS_INLINE void gradientPass(const float* const* voxels, int64_t channel, float* v, int64_t step) {
  VecF t[2][S::PH][S::MW];
  GENESIS_ROLLED
  for (int w = 0; w < S::MW; ++w) {
    VecF upper[S::MH], lower[S::MH];
    for (int h = 0; h < S::MH; ++h) {
      VecF g[S::MD];
      for (int d = 0; d < S::MD; ++d) {
        if (gradientUsed<S::PD, Pair>(d)) g[d] = load(voxels[(w * S::MH + h) * S::MD + d] + channel);
      }
      gradientPair<S::PD, Pair>(g, upper[h], lower[h]);
    }
    VecF out[S::PH];
    gradientAxis<S::PH>(upper, out);
    for (int h = 0; h < S::PH; ++h) t[0][h][w] = out[h];
    gradientAxis<S::PH>(lower, out);
    for (int h = 0; h < S::PH; ++h) t[1][h][w] = out[h];
  }
  GENESIS_ROLLED
  for (int row = 0; row < 2 * S::PH; ++row) {
    VecF out[S::PW];
    gradientAxis<S::PW>(t[0][0] + row * S::MW, out);
    for (int w = 0; w < S::PW; ++w) store(v + (row * S::PW + w) * step, out[w]);
  }
}

/// Filter taps to U: tap (kd, kh, kw) is at g + ((kd·3 + kh)·3 + kw)·tapStep.
template <typename S, int Pair>
GENESIS_INLINE void filterPass(const float* g, int64_t tapStep, float* u, int64_t step) {
  VecF t[2][S::PH][3];
  GENESIS_ROLLED
  for (int w = 0; w < 3; ++w) {
    VecF upper[3], lower[3];
    for (int h = 0; h < 3; ++h) {
      VecF taps[3];
      for (int d = 0; d < 3; ++d) {
        if (Pair != 0 || d != 1) taps[d] = load(g + ((d * 3 + h) * 3 + w) * tapStep);
      }
      filterPair<S::PD, Pair>(taps, upper[h], lower[h]);
    }
    VecF out[S::PH];
    filterAxis<S::PH>(upper, out);
    for (int h = 0; h < S::PH; ++h) t[0][h][w] = out[h];
    filterAxis<S::PH>(lower, out);
    for (int h = 0; h < S::PH; ++h) t[1][h][w] = out[h];
  }
  GENESIS_ROLLED
  for (int row = 0; row < 2 * S::PH; ++row) {
    VecF out[S::PW];
    filterAxis<S::PW>(t[0][0] + row * 3, out);
    for (int w = 0; w < S::PW; ++w) store(u + (row * S::PW + w) * step, out[w]);
  }
}

/// Where an output tile lies: `extent` voxels of it per axis exist.
struct OutputTile {
  float* y;
  int extentD, extentH, extentW;
};

/// Strides of y in floats.
struct OutputSteps {
  int64_t d, h, w;
};

/// Products of one pass to y. First: overwrites (with `start`, the bias); else adds.
template <typename S, int Pair, bool First, bool Partial>
GENESIS_INLINE void outputPass(const float* m, int64_t step, const OutputTile& tile, const OutputSteps& steps,
                               int64_t channel, VecF start, int64_t lanes) {
  static_assert(!First || Pair != 0, "the first pass must reach every output");
  VecF t[2][S::MW][S::PH];
  GENESIS_ROLLED
  for (int h = 0; h < S::PH; ++h) {
    const float* upper = m + h * S::PW * step;
    const float* lower = upper + S::PH * S::PW * step;
    VecF a[S::PW], b[S::PW];
    for (int w = 0; w < S::PW; ++w) {
      const VecF p = load(upper + w * step), q = load(lower + w * step);
      a[w] = Pair == 0 ? p : p + q;
      b[w] = Pair == 0 ? q : p - q;
    }
    VecF out[S::MW];
    outputAxis<S::PW>(a, out);
    for (int w = 0; w < S::MW; ++w) t[0][w][h] = out[w];
    outputAxis<S::PW>(b, out);
    for (int w = 0; w < S::MW; ++w) t[1][w][h] = out[w];
  }
  GENESIS_ROLLED
  for (int w = 0; w < tile.extentW; ++w) {
    VecF a[S::MH], b[S::MH];
    outputAxis<S::PH>(t[0][w], a);
    outputAxis<S::PH>(t[1][w], b);
    float* column = tile.y + w * steps.w + channel;
    for (int h = 0; h < S::MH; ++h) {
      if (h >= tile.extentH) break;
      for (int d = 0; d < S::MD; ++d) {
        if (Pair == 0 && d != 0 && d != S::MD - 1) continue;
        if (d >= tile.extentD) break;
        float* y = column + h * steps.h + d * steps.d;
        const VecF before = First ? start : Partial ? loadPartial(y, lanes) : load(y);
        VecF after;
        if constexpr (Pair == 0) {
          after = before + (d == 0 ? a[h] : b[h]);
        } else {
          const float factor = outputFactor<S::PD, Pair>(d);
          after = before + (d % 2 == 0 ? a[h] : b[h]) * factor;
        }
        if (Partial) {
          storePartial(y, after, lanes);
        } else {
          store(y, after);
        }
      }
    }
  }
}

/// Sums of all passes to the 27 taps of a filter gradient. Position (pass, slice, h, w) at
/// sums + (pass·positions + …)·step.
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
