// Convolution by its definition, in double precision: what the kernels are measured against.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "conv/channels.h"
#include "conv/shape.h"

namespace genesis_test {

using genesis::Conv3dShape;

inline int64_t inSize(const Conv3dShape& s) { return int64_t{s.batch} * s.inD * s.inH * s.inW * s.inC; }
inline int64_t outSize(const Conv3dShape& s) { return int64_t{s.batch} * s.outD * s.outH * s.outW * s.outC; }
inline int64_t filterSize(const Conv3dShape& s) { return int64_t{s.kD} * s.kH * s.kW * s.inC * s.outC; }

/// All channels in one array.
inline genesis::Source source(const std::vector<float>& x, int channels) { return {1, {x.data()}, {channels}}; }
inline genesis::Target target(std::vector<float>& x, int channels) { return {1, {x.data()}, {channels}}; }

/// Calls f(out voxel, in voxel, tap) for every pair that the convolution joins.
template <typename F>
void forEachPair(const Conv3dShape& s, F&& f) {
  for (int n = 0; n < s.batch; ++n)
    for (int od = 0; od < s.outD; ++od)
      for (int oh = 0; oh < s.outH; ++oh)
        for (int ow = 0; ow < s.outW; ++ow)
          for (int kd = 0; kd < s.kD; ++kd)
            for (int kh = 0; kh < s.kH; ++kh)
              for (int kw = 0; kw < s.kW; ++kw) {
                const int id = od * s.sD - s.padD + kd, ih = oh * s.sH - s.padH + kh;
                const int iw = ow * s.sW - s.padW + kw;
                if (id < 0 || id >= s.inD || ih < 0 || ih >= s.inH || iw < 0 || iw >= s.inW) continue;
                f(((int64_t{n} * s.outD + od) * s.outH + oh) * s.outW + ow,
                  ((int64_t{n} * s.inD + id) * s.inH + ih) * s.inW + iw, (int64_t{kd} * s.kH + kh) * s.kW + kw);
              }
}

inline std::vector<double> forward(const Conv3dShape& s, const std::vector<float>& x, const std::vector<float>& w,
                                   const std::vector<float>& bias) {
  std::vector<double> y(static_cast<size_t>(outSize(s)));
  if (!bias.empty()) {
    for (size_t i = 0; i < y.size(); ++i) y[i] = bias[i % static_cast<size_t>(s.outC)];
  }
  forEachPair(s, [&](int64_t o, int64_t i, int64_t tap) {
    for (int c = 0; c < s.inC; ++c) {
      const double value = x[static_cast<size_t>(i * s.inC + c)];
      const float* row = w.data() + (tap * s.inC + c) * s.outC;
      double* out = y.data() + o * s.outC;
      for (int k = 0; k < s.outC; ++k) out[k] += value * row[k];
    }
  });
  return y;
}

inline std::vector<double> inputGrad(const Conv3dShape& s, const std::vector<float>& dy, const std::vector<float>& w) {
  std::vector<double> dx(static_cast<size_t>(inSize(s)));
  forEachPair(s, [&](int64_t o, int64_t i, int64_t tap) {
    for (int c = 0; c < s.inC; ++c) {
      const float* row = w.data() + (tap * s.inC + c) * s.outC;
      const float* g = dy.data() + o * s.outC;
      double total = 0;
      for (int k = 0; k < s.outC; ++k) total += static_cast<double>(row[k]) * g[k];
      dx[static_cast<size_t>(i * s.inC + c)] += total;
    }
  });
  return dx;
}

inline std::vector<double> filterGrad(const Conv3dShape& s, const std::vector<float>& x, const std::vector<float>& dy) {
  std::vector<double> dw(static_cast<size_t>(filterSize(s)));
  forEachPair(s, [&](int64_t o, int64_t i, int64_t tap) {
    for (int c = 0; c < s.inC; ++c) {
      const double value = x[static_cast<size_t>(i * s.inC + c)];
      const float* g = dy.data() + o * s.outC;
      double* out = dw.data() + (tap * s.inC + c) * s.outC;
      for (int k = 0; k < s.outC; ++k) out[k] += value * g[k];
    }
  });
  return dw;
}

inline double relativeError(const std::vector<double>& expected, const std::vector<float>& actual) {
  double difference = 0, norm = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    const double d = actual[i] - expected[i];
    difference += d * d;
    norm += expected[i] * expected[i];
  }
  // A NaN must fail every comparison of the kind "error > limit".
  if (!(difference == difference)) return INFINITY;
  return norm > 0 ? std::sqrt(difference / norm) : std::sqrt(difference);
}

/// Uniform in [-1, 1), the same on every platform.
inline std::vector<float> randomFloats(int64_t count, uint64_t seed) {
  std::vector<float> values(static_cast<size_t>(count));
  uint64_t state = seed * 0x9E3779B97F4A7C15ull + 0x1234567;
  for (float& v : values) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    v = static_cast<float>(static_cast<double>(state >> 40) / (1 << 23) - 1.0);
  }
  return values;
}

}  // namespace genesis_test
