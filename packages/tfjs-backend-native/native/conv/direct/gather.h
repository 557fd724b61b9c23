// Which source voxels a target voxel of a convolution of any kernel and stride sums over, found without
// scattering: forward, or backward (the input gradient, which for stride s is s³ stride-1 problems, one per
// phase of the target's position).
#pragma once

#include "conv/shape.h"
#include "runtime/simd.h"

namespace genesis {
namespace GENESIS_ISA {

/// One axis of one phase. Target t = first + u·step (u < count) reads, for j < taps, source
/// u·scale + base + j·delta through filter tap tapFirst + j·tapStep.
struct GatherAxis {
  int targets, sources;
  int first, step, count;
  int scale, base, delta;
  int taps, tapFirst, tapStep;
};

inline GatherAxis forwardAxis(int targets, int sources, int kernel, int stride, int pad) {
  return {targets, sources, 0, 1, targets, stride, -pad, 1, kernel, 0, 1};
}

inline GatherAxis backwardAxis(int targets, int sources, int kernel, int stride, int pad, int phase) {
  GatherAxis a;
  a.targets = targets;
  a.sources = sources;
  a.first = phase;
  a.step = stride;
  a.count = targets > phase ? (targets - phase + stride - 1) / stride : 0;
  a.scale = 1;
  a.delta = -1;
  // tfjs's front padding is negative where the stride exceeds the kernel and the size leaves a rest.
  a.tapFirst = ((phase + pad) % stride + stride) % stride;
  a.tapStep = stride;
  a.base = (phase + pad - a.tapFirst) / stride;
  a.taps = kernel > a.tapFirst ? (kernel - a.tapFirst + stride - 1) / stride : 0;
  return a;
}

/// A phase of a convolution: its three axes, channels and filter size.
struct Gather {
  GatherAxis d, h, w;
  int kernelH, kernelW;
  int64_t sourceChannels, targetChannels;
  int64_t rowsPerSample() const { return int64_t{d.count} * h.count * w.count; }
  int taps() const { return d.taps * h.taps * w.taps; }
  int64_t tapIndex(int jd, int jh, int jw) const {
    return (int64_t{d.tapFirst + jd * d.tapStep} * kernelH + h.tapFirst + jh * h.tapStep) * kernelW + w.tapFirst +
           jw * w.tapStep;
  }
};

/// A row of the matrix product: one target voxel.
struct GatherRow {
  int n, d, h, w;  // sample and u of each axis
};

GENESIS_INLINE GatherRow gatherRow(const Gather& g, int64_t index) {
  GatherRow r;
  r.w = static_cast<int>(index % g.w.count);
  index /= g.w.count;
  r.h = static_cast<int>(index % g.h.count);
  index /= g.h.count;
  r.d = static_cast<int>(index % g.d.count);
  r.n = static_cast<int>(index / g.d.count);
  return r;
}

/// The row after r.
GENESIS_INLINE void advance(const Gather& g, GatherRow& r) {
  if (++r.w < g.w.count) return;
  r.w = 0;
  if (++r.h < g.h.count) return;
  r.h = 0;
  if (++r.d < g.d.count) return;
  r.d = 0;
  ++r.n;
}

GENESIS_INLINE int64_t targetOffset(const Gather& g, const GatherRow& r) {
  const int d = g.d.first + r.d * g.d.step, h = g.h.first + r.h * g.h.step, w = g.w.first + r.w * g.w.step;
  return (((int64_t{r.n} * g.d.targets + d) * g.h.targets + h) * g.w.targets + w) * g.targetChannels;
}

/// Pointers to a row's source voxels, tap by tap, `stride` apart; `zeros` outside. Sets used[tap] where a source
/// is inside.
inline void sourcePointers(const Gather& g, const GatherRow& r, const float* source, const float* zeros,
                           const float** out, int64_t stride, unsigned char* used) {
  for (int jd = 0; jd < g.d.taps; ++jd) {
    const int d = r.d * g.d.scale + g.d.base + jd * g.d.delta;
    const bool insideD = d >= 0 && d < g.d.sources;
    for (int jh = 0; jh < g.h.taps; ++jh) {
      const int h = r.h * g.h.scale + g.h.base + jh * g.h.delta;
      const bool insideH = insideD && h >= 0 && h < g.h.sources;
      const int64_t line = ((int64_t{r.n} * g.d.sources + d) * g.h.sources + h) * g.w.sources;
      for (int jw = 0; jw < g.w.taps; ++jw, out += stride, ++used) {
        const int w = r.w * g.w.scale + g.w.base + jw * g.w.delta;
        const bool inside = insideH && w >= 0 && w < g.w.sources;
        *out = inside ? source + (line + w) * g.sourceChannels : zeros;
        *used |= inside;
      }
    }
  }
}

/// A row's source voxels themselves, tap by tap (forward only: the taps along W are contiguous).
inline void sourcePatch(const Gather& g, const GatherRow& r, const float* source, float* out) {
  const int64_t c = g.sourceChannels, run = g.w.taps * c;
  const int w = r.w * g.w.scale + g.w.base;
  const int64_t from = max64(0, -w) * c, to = max64(from, min64(g.w.taps, g.w.sources - w) * c);
  for (int jd = 0; jd < g.d.taps; ++jd) {
    const int d = r.d * g.d.scale + g.d.base + jd;
    for (int jh = 0; jh < g.h.taps; ++jh, out += run) {
      const int h = r.h * g.h.scale + g.h.base + jh;
      if (d < 0 || d >= g.d.sources || h < 0 || h >= g.h.sources) {
        for (int64_t i = 0; i < run; ++i) out[i] = 0.0f;
        continue;
      }
      const float* line = source + (((int64_t{r.n} * g.d.sources + d) * g.h.sources + h) * g.w.sources + w) * c;
      for (int64_t i = 0; i < from; ++i) out[i] = 0.0f;
      for (int64_t i = from; i < to; ++i) out[i] = line[i];
      for (int64_t i = to; i < run; ++i) out[i] = 0.0f;
    }
  }
}

}  // namespace GENESIS_ISA
}  // namespace genesis
