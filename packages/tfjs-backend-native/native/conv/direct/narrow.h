// 1×1×1 convolution to a few output channels (a network's last layer): vectors along the input channels, at
// the speed of memory.
#pragma once

#include "conv/shape.h"
#include "runtime/simd.h"
#include "runtime/threads.h"
#include "runtime/workspace.h"

namespace genesis {
namespace GENESIS_ISA {

constexpr int kNarrowOutputs = 4;

inline bool isNarrow(const Conv3dShape& s) {
  return s.kD == 1 && s.kH == 1 && s.kW == 1 && s.sD == 1 && s.sH == 1 && s.sW == 1 && s.padD == 0 && s.padH == 0 &&
         s.padW == 0 && s.inD == s.outD && s.inH == s.outH && s.inW == s.outW && s.outC <= kNarrowOutputs &&
         s.inC > s.outC;
}

GENESIS_INLINE int64_t narrowVoxels(const Conv3dShape& s) { return int64_t{s.batch} * s.inD * s.inH * s.inW; }

/// w[inC][outC] to columns[outC][padded inC].
inline void narrowColumns(const Conv3dShape& s, const float* w, float* columns) {
  const int64_t padded = roundUp(s.inC, kWidth);
  for (int64_t o = 0; o < s.outC; ++o) {
    for (int64_t c = 0; c < padded; ++c) columns[o * padded + c] = c < s.inC ? w[c * s.outC + o] : 0.0f;
  }
}

inline void narrowForward(const Conv3dShape& s, const float* x, const float* w, const float* bias, float* y) {
  const int64_t k = s.inC, n = s.outC, padded = roundUp(k, kWidth);
  Scratch columns(n * padded);
  narrowColumns(s, w, columns.data());
  parallelRange(narrowVoxels(s), 1024, [&](int64_t begin, int64_t end, int) {
    for (int64_t r = begin; r < end; ++r) {
      for (int64_t o = 0; o < n; ++o) {
        const float* column = columns.data() + o * padded;
        VecF total = {};
        for (int64_t c = 0; c < k; c += kWidth) total += loadPartial(x + r * k + c, k - c) * load(column + c);
        y[r * n + o] = sum(total) + (bias != nullptr ? bias[o] : 0.0f);
      }
    }
  });
}

inline void narrowInputGrad(const Conv3dShape& s, const float* dy, const float* w, const float* bias, float* dx) {
  const int64_t k = s.inC, n = s.outC, padded = roundUp(k, kWidth);
  Scratch columns(n * padded);
  narrowColumns(s, w, columns.data());
  parallelRange(narrowVoxels(s), 1024, [&](int64_t begin, int64_t end, int) {
    for (int64_t r = begin; r < end; ++r) {
      for (int64_t c = 0; c < k; c += kWidth) {
        VecF total = bias != nullptr ? loadPartial(bias + c, k - c) : VecF{};
        for (int64_t o = 0; o < n; ++o) total += load(columns.data() + o * padded + c) * splat(dy[r * n + o]);
        storePartial(dx + r * k + c, total, k - c);
      }
    }
  });
}

/// Summed in blocks of voxels and then over the blocks, both in order.
inline void narrowFilterGrad(const Conv3dShape& s, const float* x, const float* dy, float* dw) {
  constexpr int64_t kBlock = 512;
  const int64_t k = s.inC, n = s.outC, padded = roundUp(k, kWidth), voxels = narrowVoxels(s);
  const int64_t blocks = (voxels + kBlock - 1) / kBlock;
  Scratch sums(blocks * n * padded);
  parallelFor(blocks, [&](int64_t block, int) {
    const int64_t begin = block * kBlock, end = min64(voxels, begin + kBlock);
    float* mine = sums.data() + block * n * padded;
    for (int64_t o = 0; o < n; ++o) {
      int64_t c = 0;
      for (; c + 4 * kWidth <= k; c += 4 * kWidth) {
        VecF total[4] = {};
        for (int64_t r = begin; r < end; ++r) {
          const VecF g = splat(dy[r * n + o]);
          for (int v = 0; v < 4; ++v) total[v] += load(x + r * k + c + v * kWidth) * g;
        }
        for (int v = 0; v < 4; ++v) store(mine + o * padded + c + v * kWidth, total[v]);
      }
      for (; c < k; c += kWidth) {
        VecF total = {};
        for (int64_t r = begin; r < end; ++r) total += loadPartial(x + r * k + c, k - c) * splat(dy[r * n + o]);
        store(mine + o * padded + c, total);
      }
    }
  });
  for (int64_t o = 0; o < n; ++o) {
    for (int64_t c = 0; c < k; ++c) {
      float total = 0.0f;
      for (int64_t block = 0; block < blocks; ++block) total += sums.data()[(block * n + o) * padded + c];
      dw[c * n + o] = total;
    }
  }
}

}  // namespace GENESIS_ISA
}  // namespace genesis
