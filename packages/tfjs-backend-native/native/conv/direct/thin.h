// Convolutions of stride 1 from a few input channels (a network's first layer): vectors along the W axis. The input is
// copied channel by channel into planes with zeros around them, so that every tap is a load at an offset.
#pragma once

#include "conv/direct/thin-shape.h"
#include "runtime/simd.h"
#include "runtime/threads.h"
#include "runtime/workspace.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

constexpr int kThinOutputs = 8;                      // output channels whose sums are in registers
constexpr int kThinSums = kRegisters == 32 ? 8 : 4;  // output channels of a filter gradient's block
constexpr int kThinTaps = 3;                         // along W
constexpr int64_t kThinParts = 16;                   // of the voxels of a filter gradient
constexpr int64_t kThinPlane = 16384;                // floats of a block of dy

/// One sample's input, [channel][d][h][w] with zeros around: output (d, h, w) reads at (d + kd, h + kh, w + kw).
struct ThinPlanes {
  int64_t d, h, w;
  explicit ThinPlanes(const Conv3dShape& s)
      : d(s.outD + s.kD - 1), h(s.outH + s.kH - 1), w(roundUp(s.outW, kWidth) + s.kW - 1) {}
  int64_t channel() const { return d * h * w; }
};

/// Copies a sample, row by row.
inline void copyPlanes(const Conv3dShape& s, const ThinPlanes& p, const float* x, float* planes) {
  parallelRange(s.inC * p.d * p.h, 64, [&](int64_t begin, int64_t end, int) {
    const int from = static_cast<int>(max64(0, s.padW)), to = static_cast<int>(min64(p.w, s.inW + s.padW));
    for (int64_t row = begin; row < end; ++row) {
      const int64_t h = row % p.h - s.padH, d = row / p.h % p.d - s.padD, c = row / p.h / p.d;
      float* out = planes + row * p.w;
      std::memset(out, 0, static_cast<size_t>(p.w) * sizeof(float));
      if (d < 0 || d >= s.inD || h < 0 || h >= s.inH) continue;
      const float* line = x + ((d * s.inH + h) * s.inW - s.padW) * s.inC + c;
      for (int w = from; w < to; ++w) out[w] = line[w * s.inC];
    }
  });
}

/// Vectors along W, one per channel, to voxels whose channels lie side by side.
template <int N>
GENESIS_INLINE void sideBySide(VecF (&v)[N]) {
  GENESIS_UNROLLED
  for (int round = 1; round < N; round *= 2) {
    VecF out[N];
    GENESIS_UNROLLED
    for (int i = 0; i < N / 2; ++i) {
      out[2 * i] = interleave<0>(v[i], v[i + N / 2]);
      out[2 * i + 1] = interleave<1>(v[i], v[i + N / 2]);
    }
    GENESIS_UNROLLED
    for (int i = 0; i < N; ++i) v[i] = out[i];
  }
}

/// kWidth voxels of one row, output channels of one block: y points at the first voxel's first channel of the block.
GENESIS_INLINE void thinVoxels(const Conv3dShape& s, const ThinPlanes& p, const float* corner, const float* weights,
                               const float* bias, int64_t voxels, int64_t channels, float* y) {
  VecF acc[kThinOutputs];
  GENESIS_UNROLLED
  for (int j = 0; j < kThinOutputs; ++j) acc[j] = splat(bias[j]);
  for (int kd = 0; kd < s.kD; ++kd) {
    for (int kh = 0; kh < s.kH; ++kh) {
      for (int kw = 0; kw < s.kW; ++kw) {
        const float* at = corner + (kd * p.h + kh) * p.w + kw;
        for (int c = 0; c < s.inC; ++c, weights += kThinOutputs, at += p.channel()) {
          const VecF value = load(at);
          GENESIS_UNROLLED
          for (int j = 0; j < kThinOutputs; ++j) acc[j] += value * splat(weights[j]);
        }
      }
    }
  }
  sideBySide(acc);
  if (s.outC == kThinOutputs) {
    const int64_t floats = voxels * kThinOutputs;
    for (int j = 0; j < kThinOutputs && j * kWidth < floats; ++j) {
      storePartial(y + j * kWidth, acc[j], floats - j * kWidth);
    }
    return;
  }
  alignas(64) float lines[kThinOutputs * kWidth];
  GENESIS_UNROLLED
  for (int j = 0; j < kThinOutputs; ++j) store(lines + j * kWidth, acc[j]);
  for (int64_t v = 0; v < voxels; ++v) {
    float* out = y + v * s.outC;
    if (channels == kThinOutputs) {
      std::memcpy(out, lines + v * kThinOutputs, kThinOutputs * sizeof(float));
    } else {
      for (int64_t j = 0; j < channels; ++j) out[j] = lines[v * kThinOutputs + j];
    }
  }
}

inline void thinForward(const Conv3dShape& s, const float* x, const float* w, const float* bias, float* y) {
  const ThinPlanes p(s);
  const int64_t depth = int64_t{s.kD} * s.kH * s.kW * s.inC, blocks = (s.outC + kThinOutputs - 1) / kThinOutputs;
  const int64_t planes = roundUp(s.inC * p.channel(), 16);
  Scratch scratch(planes + blocks * kThinOutputs * (depth + 1));
  float* weights = scratch.data() + planes;
  float* biases = weights + blocks * kThinOutputs * depth;
  for (int64_t c = 0; c < blocks * kThinOutputs; ++c) {
    const bool present = c < s.outC;
    biases[c] = present && bias != nullptr ? bias[c] : 0.0f;
    float* to = weights + c / kThinOutputs * kThinOutputs * depth + c % kThinOutputs;
    for (int64_t i = 0; i < depth; ++i) to[i * kThinOutputs] = present ? w[i * s.outC + c] : 0.0f;
  }
  for (int n = 0; n < s.batch; ++n) {
    copyPlanes(s, p, x + int64_t{n} * s.inD * s.inH * s.inW * s.inC, scratch.data());
    parallelRange(int64_t{s.outD} * s.outH, 8, [&](int64_t begin, int64_t end, int) {
      for (int64_t row = begin; row < end; ++row) {
        const float* corner = scratch.data() + (row / s.outH * p.h + row % s.outH) * p.w;
        float* line = y + (int64_t{n} * s.outD * s.outH + row) * s.outW * s.outC;
        for (int64_t at = 0; at < s.outW; at += kWidth) {
          const int64_t voxels = min64(kWidth, s.outW - at);
          for (int64_t c = 0; c < s.outC; c += kThinOutputs) {
            thinVoxels(s, p, corner + at, weights + c * depth, biases + c, voxels, min64(kThinOutputs, s.outC - c),
                       line + at * s.outC + c);
          }
        }
      }
    });
  }
}

/// Rows of dy to channels along W: out[channel][row][w], zeros past the last voxel. A row of out has `width` floats.
inline void turnRows(const Conv3dShape& s, const float* dy, int64_t rows, int64_t width, float* out) {
  for (int64_t c = 0; c < s.outC; c += kWidth) {
    const int64_t channels = min64(kWidth, s.outC - c);
    for (int64_t row = 0; row < rows; ++row) {
      for (int64_t at = 0; at < width; at += kWidth) {
        const float* from = dy + (row * s.outW + at) * s.outC + c;
        VecF lines[kWidth];
        for (int i = 0; i < kWidth; ++i) {
          lines[i] = at + i < s.outW ? loadPartial(from + i * s.outC, channels) : VecF{};
        }
        transpose(lines);
        for (int64_t i = 0; i < channels; ++i) store(out + ((c + i) * rows + row) * width + at, lines[i]);
      }
    }
  }
}

/// sums[tap along W][channel of the block][lane] += Σ over rows of x at the tap · dy. xStep, dyStep: floats between
/// rows of a channel; dyChannel: between channels of dy.
GENESIS_INLINE void thinProducts(const float* x, int64_t xStep, const float* dy, int64_t dyStep, int64_t dyChannel,
                                 int64_t rows, int64_t width, int64_t channels, float* sums) {
  VecF acc[kThinTaps][kThinSums] = {};
  const float* from[kThinSums];
  // Channels past the last repeat it; their sums are not stored.
  for (int j = 0; j < kThinSums; ++j) from[j] = dy + min64(j, channels - 1) * dyChannel;
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t at = 0; at < width; at += kWidth) {
      VecF value[kThinTaps];
      GENESIS_UNROLLED
      for (int t = 0; t < kThinTaps; ++t) value[t] = load(x + row * xStep + at + t);
      GENESIS_UNROLLED
      for (int j = 0; j < kThinSums; ++j) {
        const VecF gradient = load(from[j] + row * dyStep + at);
        GENESIS_UNROLLED
        for (int t = 0; t < kThinTaps; ++t) acc[t][j] += value[t] * gradient;
      }
    }
  }
  GENESIS_UNROLLED
  for (int t = 0; t < kThinTaps; ++t) {
    GENESIS_UNROLLED
    for (int j = 0; j < kThinSums; ++j) {
      if (j >= channels) break;
      float* to = sums + (t * kThinSums + j) * kWidth;
      store(to, load(to) + acc[t][j]);
    }
  }
}

/// Summed in parts of the planes of dy, by the shape alone, in each lane by lane; then over lanes and parts, in order.
inline void thinFilterGrad(const Conv3dShape& s, const float* x, const float* dy, float* dw) {
  const ThinPlanes p(s);
  const int64_t width = roundUp(s.outW, kWidth), blocks = (s.outC + kThinSums - 1) / kThinSums;
  const int64_t rowsEach = max64(1, min64(s.outH, kThinPlane / (width * s.outC)));
  const int64_t unitFloats = kThinTaps * kThinSums * kWidth;  // sums of one (input channel, kd, kh, block)
  const int64_t lines = int64_t{s.inC} * s.kD * s.kH, partFloats = lines * blocks * unitFloats;
  const int64_t sample = s.inC * p.channel(), turned = rowsEach * width * s.outC;
  const int64_t planesOfPart = (s.outD + kThinParts - 1) / kThinParts;
  const int64_t parts = (s.outD + planesOfPart - 1) / planesOfPart;
  Scratch scratch(sample + turned * numThreads() + partFloats * parts);
  float* turns = scratch.data() + sample;
  float* sums = turns + turned * numThreads();
  std::memset(sums, 0, static_cast<size_t>(partFloats * parts) * sizeof(float));
  for (int n = 0; n < s.batch; ++n) {
    copyPlanes(s, p, x + int64_t{n} * s.inD * s.inH * s.inW * s.inC, scratch.data());
    parallelFor(parts, [&](int64_t part, int worker) {
      float* mine = turns + worker * turned;
      for (int64_t d = part * planesOfPart; d < min64(s.outD, (part + 1) * planesOfPart); ++d) {
        for (int64_t h = 0; h < s.outH; h += rowsEach) {
          const int64_t rows = min64(rowsEach, s.outH - h);
          turnRows(s, dy + ((int64_t{n} * s.outD + d) * s.outH + h) * s.outW * s.outC, rows, width, mine);
          for (int64_t line = 0; line < lines; ++line) {
            const int64_t kh = line % s.kH, kd = line / s.kH % s.kD, c = line / s.kH / s.kD;
            const float* from = scratch.data() + ((c * p.d + d + kd) * p.h + h + kh) * p.w;
            for (int64_t block = 0; block < blocks; ++block) {
              thinProducts(from, p.w, mine + block * kThinSums * rows * width, width, rows * width, rows, width,
                           min64(kThinSums, s.outC - block * kThinSums),
                           sums + part * partFloats + (line * blocks + block) * unitFloats);
            }
          }
        }
      }
    });
  }
  for (int64_t line = 0; line < lines; ++line) {
    const int64_t c = line / s.kH / s.kD, plane = line % (int64_t{s.kH} * s.kD);
    for (int t = 0; t < kThinTaps; ++t) {
      for (int64_t o = 0; o < s.outC; ++o) {
        const float* from =
            sums + (line * blocks + o / kThinSums) * unitFloats + (t * kThinSums + o % kThinSums) * kWidth;
        VecF total = load(from);
        for (int64_t part = 1; part < parts; ++part) total += load(from + part * partFloats);
        const int64_t tap = plane * kThinTaps + t;
        dw[(tap * s.inC + c) * s.outC + o] = sum(total);
      }
    }
  }
}

}  // namespace

}  // namespace GENESIS_ISA
}  // namespace genesis
