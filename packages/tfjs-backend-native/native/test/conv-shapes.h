// The convolutions that are tried.
#pragma once

#include <initializer_list>
#include <vector>

#include "conv/shape.h"

namespace genesis_test {

using genesis::Conv3dShape;

inline Conv3dShape same(int n, int d, int h, int w, int inC, int outC, int k = 3) {
  return {n, d, h, w, inC, d, h, w, outC, k, k, k, 1, 1, 1, (k - 1) / 2, (k - 1) / 2, (k - 1) / 2};
}

inline Conv3dShape valid(int n, int d, int h, int w, int inC, int outC, int k, int s) {
  return {n, d, h, w, inC, (d - k) / s + 1, (h - k) / s + 1, (w - k) / s + 1, outC, k, k, k, s, s, s, 0, 0, 0};
}

/// Sizes and channel counts that fill tiles and vectors, and that do not.
inline std::vector<Conv3dShape> allShapes() {
  std::vector<Conv3dShape> shapes;
  const int sizes[] = {1, 2, 3, 5, 7, 17};
  const int channels[] = {1, 3, 31, 33};
  int turn = 0;
  for (int d : sizes)
    for (int h : sizes)
      for (int w : sizes) {
        // Every triple of sizes, going round the channel counts and batches.
        shapes.push_back(same(1 + turn % 3, d, h, w, channels[turn % 4], channels[turn / 4 % 4]));
        ++turn;
      }
  for (int inC : channels)
    for (int outC : channels) shapes.push_back(same(2, 5, 7, 3, inC, outC));
  for (int inC : {8, 16, 64, 96}) shapes.push_back(same(1, 8, 8, 12, inC, inC == 8 ? 16 : 64));
  for (const Conv3dShape& s : std::initializer_list<Conv3dShape>{
           same(1, 8, 8, 4, 128, 64),
           same(2, 8, 8, 4, 64, 160),
           same(1, 16, 16, 16, 64, 32),
           same(1, 4, 5, 6, 33, 7, 1),
           same(2, 8, 8, 8, 64, 1, 1),
           same(1, 9, 11, 13, 33, 3, 1),
           same(2, 8, 8, 8, 1, 64, 1),
           same(1, 6, 6, 6, 3, 5, 5),
           same(1, 9, 9, 9, 2, 3, 9),
           valid(2, 8, 8, 8, 32, 64, 2, 2),
           valid(1, 8, 16, 16, 160, 160, 2, 2),
           valid(1, 9, 7, 11, 31, 33, 2, 2),
           valid(2, 4, 6, 18, 16, 48, 2, 2),
           valid(1, 4, 4, 16, 136, 16, 2, 2),
           same(1, 9, 7, 20, 4, 24),
           same(1, 8, 9, 40, 40, 16),
           valid(1, 9, 7, 11, 5, 33, 3, 2),
           valid(1, 9, 8, 7, 16, 16, 3, 1),
           {1, 9, 7, 11, 5, 3, 4, 11, 3, 3, 2, 1, 3, 2, 1, 1, 0, 0},
           {2, 4, 4, 4, 3, 6, 6, 6, 3, 3, 3, 3, 1, 1, 1, 2, 2, 2},
           {1, 5, 5, 5, 3, 3, 3, 3, 4, 3, 3, 3, 2, 2, 2, 1, 1, 1},
           {1, 5, 5, 5, 3, 2, 2, 2, 4, 2, 2, 2, 3, 3, 3, 0, 0, 0},
       }) {
    shapes.push_back(s);
  }
  return shapes;
}

/// One shape per path through the kernels.
inline std::vector<Conv3dShape> briefShapes() {
  return {
      same(1, 5, 7, 6, 17, 35),           // few Winograd tiles; direct taps
      same(2, 17, 9, 15, 3, 5),           // many Winograd tiles, in parts; direct patches
      same(1, 17, 13, 13, 200, 1),        // several chunks of input channels
      same(1, 17, 13, 13, 1, 140),        // several groups of output channels
      same(1, 4, 5, 6, 33, 7, 1),         // one tap
      same(2, 8, 8, 8, 40, 1, 1),         // narrow
      same(1, 32, 64, 64, 1, 32, 1),      // result stored past the caches
      valid(1, 8, 8, 12, 33, 130, 2, 2),  // strided: phases of the input gradient
      valid(1, 9, 7, 11, 5, 18, 3, 2),   valid(1, 4, 6, 18, 16, 48, 2, 2),  // windows side by side, sums in place
      same(1, 9, 7, 18, 2, 11),                                             // few input channels
      same(1, 9, 5, 40, 34, 8),  // input channels in two arrays within a block
  };
}

}  // namespace genesis_test
