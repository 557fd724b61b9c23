// The one-dimensional transforms of Winograd's minimal filtering (Toom-Cook form; Lavin & Gray, 2015).
//
// F(m, 3) with P = m + 2 points: y = Aᵀ[(G g) ⊙ (Bᵀ x)]. Points of P = 4: 0, ∞, ±1. Points of P = 6:
// 0, ∞, ±5/8, ±3/2, which lose a third of the digits that the usual 0, ∞, ±1, ±2 lose. Every constant
// of Bᵀ and Aᵀ is exact in binary; 1/N stands in G alone.
//
// Points are kept in pairs, (0, ∞), (a, −a), (b, −b), because a pair shares half of its arithmetic:
// pair q holds positions 2q and 2q + 1 of a transformed axis.
#pragma once

#include "runtime/simd.h"

namespace genesis {
namespace GENESIS_ISA {

/// The value |p| of each ± pair; index 0 stands for (0, ∞).
template <int P>
constexpr float pointOf(int pair) {
  if (P == 4) return pair == 1 ? 1.0f : 0.0f;
  return pair == 1 ? 0.625f : pair == 2 ? 1.5f : 0.0f;
}

template <int P>
constexpr float squareOf(int pair) {
  return pointOf<P>(pair) * pointOf<P>(pair);
}

/// 1/N of a pair: N = Π (p − other finite points). N of ∞ is 1.
template <int P>
constexpr float scaleOf(int pair) {
  const double a = static_cast<double>(squareOf<P>(1)), b = P == 6 ? static_cast<double>(squareOf<P>(2)) : 0.0;
  if (P == 4) return static_cast<float>(pair == 0 ? -1.0 / a : 1.0 / (2.0 * a));
  return static_cast<float>(pair == 0   ? 1.0 / (a * b)
                            : pair == 1 ? 1.0 / (2.0 * a * (a - b))
                                        : 1.0 / (2.0 * b * (b - a)));
}

/// Bᵀ: input tile x[P] to one pair.
template <int P, int Pair>
GENESIS_INLINE void inputPair(const VecF* x, VecF& u, VecF& v) {
  if constexpr (P == 4) {
    if constexpr (Pair == 0) {
      u = x[2] - x[0];
      v = x[3] - x[1];
    } else {
      u = x[2] + x[1];
      v = x[2] - x[1];
    }
  } else if constexpr (Pair == 0) {
    constexpr float sum = squareOf<6>(1) + squareOf<6>(2), product = squareOf<6>(1) * squareOf<6>(2);
    u = x[0] * product + (x[4] - x[2] * sum);
    v = x[1] * product + (x[5] - x[3] * sum);
  } else {
    constexpr float other = squareOf<6>(3 - Pair), p = pointOf<6>(Pair);
    const VecF even = x[4] - x[2] * other;
    const VecF odd = x[3] - x[1] * other;
    u = even + odd * p;
    v = even - odd * p;
  }
}

/// Which of the P inputs a pair reads.
template <int P, int Pair>
constexpr bool inputUsed(int i) {
  if (P == 4) return Pair == 0 || i == 1 || i == 2;
  return Pair == 0 || (i >= 1 && i <= 4);
}

template <int P>
GENESIS_INLINE void inputAxis(const VecF* x, VecF* out) {
  inputPair<P, 0>(x, out[0], out[1]);
  inputPair<P, 1>(x, out[2], out[3]);
  if constexpr (P == 6) inputPair<P, 2>(x, out[4], out[5]);
}

/// G: filter g[3] to one pair.
template <int P, int Pair>
GENESIS_INLINE void filterPair(const VecF* g, VecF& u, VecF& v) {
  constexpr float scale = scaleOf<P>(Pair), p = pointOf<P>(Pair);
  if constexpr (Pair == 0) {
    u = g[0] * scale;
    v = g[2];
  } else {
    const VecF even = g[0] * scale + g[2] * (scale * p * p);
    const VecF odd = g[1] * (scale * p);
    u = even + odd;
    v = even - odd;
  }
}

template <int P>
GENESIS_INLINE void filterAxis(const VecF* g, VecF* out) {
  filterPair<P, 0>(g, out[0], out[1]);
  filterPair<P, 1>(g, out[2], out[3]);
  if constexpr (P == 6) filterPair<P, 2>(g, out[4], out[5]);
}

/// Aᵀ: products m[P] to outputs y[P − 2].
template <int P>
GENESIS_INLINE void outputAxis(const VecF* m, VecF* y) {
  const VecF sumA = m[2] + m[3], differenceA = m[2] - m[3];
  if constexpr (P == 4) {
    y[0] = m[0] + sumA;
    y[1] = differenceA + m[1];
  } else {
    constexpr float a = pointOf<6>(1), b = pointOf<6>(2);
    const VecF sumB = m[4] + m[5], differenceB = m[4] - m[5];
    y[0] = m[0] + sumA + sumB;
    y[1] = differenceA * a + differenceB * b;
    y[2] = sumA * (a * a) + sumB * (b * b);
    y[3] = m[1] + differenceA * (a * a * a) + differenceB * (b * b * b);
  }
}

/// One ± pair's factor in output k; the factor of an even k multiplies m₊ + m₋, of an odd m₊ − m₋.
template <int P, int Pair>
constexpr float outputFactor(int k) {
  float f = 1.0f;
  for (int i = 0; i < k; ++i) f *= pointOf<P>(Pair);
  return f;
}

/// The transform of an output gradient g[P − 2] for the filter gradient (F(3, m), same points, 1/N left
/// to the end).
template <int P, int Pair>
GENESIS_INLINE void gradientPair(const VecF* g, VecF& u, VecF& v) {
  if constexpr (Pair == 0) {
    u = g[0];
    v = g[P - 3];
  } else {
    constexpr float p = pointOf<P>(Pair), square = squareOf<P>(Pair);
    VecF even = g[0], odd = g[1];
    if constexpr (P == 6) {
      even += g[2] * square;
      odd += g[3] * square;
    }
    u = even + odd * p;
    v = even - odd * p;
  }
}

template <int P, int Pair>
constexpr bool gradientUsed(int i) {
  return Pair != 0 || i == 0 || i == P - 3;
}

template <int P>
GENESIS_INLINE void gradientAxis(const VecF* g, VecF* out) {
  gradientPair<P, 0>(g, out[0], out[1]);
  gradientPair<P, 1>(g, out[2], out[3]);
  if constexpr (P == 6) gradientPair<P, 2>(g, out[4], out[5]);
}

/// Sums over tiles m[P] to the three taps of the filter gradient, with 1/N.
template <int P>
GENESIS_INLINE void tapAxis(const VecF* m, VecF* taps) {
  constexpr float a = pointOf<P>(1), scaleA = scaleOf<P>(1);
  const VecF sumA = m[2] + m[3], differenceA = m[2] - m[3];
  taps[0] = m[0] * scaleOf<P>(0) + sumA * scaleA;
  taps[1] = differenceA * (scaleA * a);
  taps[2] = m[1] + sumA * (scaleA * a * a);
  if constexpr (P == 6) {
    constexpr float b = pointOf<6>(2), scaleB = scaleOf<6>(2);
    const VecF sumB = m[4] + m[5], differenceB = m[4] - m[5];
    taps[0] += sumB * scaleB;
    taps[1] += differenceB * (scaleB * b);
    taps[2] += sumB * (scaleB * b * b);
  }
}

}  // namespace GENESIS_ISA
}  // namespace genesis
