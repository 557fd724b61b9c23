// Direct convolution and input gradient for any kernel size and stride: a matrix product per tap, whose rows
// are read in place through pointers (rows in the padding point at zeros). With few input channels the rows
// are gathered first, all taps side by side.
#include "conv/direct/direct.h"

#include "conv/direct/narrow.h"
#include "conv/direct/patches.h"
#include "conv/direct/taps.h"
#include "conv/direct/thin.h"
#include "conv/direct/windows.h"
#include "runtime/threads.h"
#include "runtime/workspace.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

constexpr int64_t kUnitPanels = 4;
constexpr int64_t kStreamBytes = int64_t{16} << 20;  // results from this size on bypass the caches
constexpr int64_t kPatchChannels = 4;                // at most, for rows to be gathered

/// filter → [panel][tap][k][kPanel]. Backward: k is the out channel.
void packFilter(const DirectProblem& p, int64_t inC, int64_t outC, const float* w, float* packed) {
  const int64_t panels = (p.n + kPanel - 1) / kPanel;
  parallelFor(panels * p.allTaps, [&](int64_t unit, int) {
    const int64_t first = unit / p.allTaps * kPanel;
    const float* tap = w + unit % p.allTaps * inC * outC;
    packPanel(tap + first * (p.backward ? outC : 1), p.backward ? 1 : outC, p.backward ? outC : 1, p.k,
              min64(kPanel, p.n - first), packed + unit * p.k * kPanel);
  });
}

void runPhases(const DirectProblem& p, bool patches) {
  const int64_t panels = (p.n + kPanel - 1) / kPanel;
  int64_t begin[65] = {0}, rowUnits[64], floats = 0, panelUnits = (panels + kUnitPanels - 1) / kUnitPanels;
  for (int i = 0; i < p.phaseCount; ++i) {
    const int taps = p.phases[i].taps();
    const int64_t rows = p.batch * p.phases[i].rowsPerSample(), unit = patches ? kUnitRows : rowsOfUnit(taps);
    rowUnits[i] = (rows + unit - 1) / unit;
    begin[i + 1] = begin[i] + rowUnits[i] * panelUnits;
    floats = max64(floats, patches ? kRows * p.allTaps * p.k : pointerFloats(taps));
  }
  floats = roundUp(floats, 16);
  Scratch scratch(floats * numThreads());
  parallelFor(begin[p.phaseCount], [&](int64_t index, int worker) {
    int phase = 0;
    while (index >= begin[phase + 1]) ++phase;
    index -= begin[phase];
    const Gather& g = p.phases[phase];
    const int64_t rows = p.batch * g.rowsPerSample(), unit = patches ? kUnitRows : rowsOfUnit(g.taps());
    const int64_t first = index / panelUnits * unit, count = min64(unit, rows - first);
    const int64_t panelBegin = index % panelUnits * kUnitPanels, panelEnd = min64(panels, panelBegin + kUnitPanels);
    float* mine = scratch.data() + worker * floats;
    (patches ? multiplyPatches : multiplyTaps)(p, g, first, count, panelBegin, panelEnd, mine);
    if (p.stream) fence();
  });
}

void run(const Conv3dShape& s, bool backward, const float* source, const float* w, const float* bias, float* target) {
  const int in[3] = {s.inD, s.inH, s.inW}, out[3] = {s.outD, s.outH, s.outW};
  const int kernel[3] = {s.kD, s.kH, s.kW}, stride[3] = {s.sD, s.sH, s.sW}, pad[3] = {s.padD, s.padH, s.padW};
  DirectProblem p;
  p.batch = s.batch;
  p.backward = backward;
  p.k = backward ? s.outC : s.inC;
  p.n = backward ? s.inC : s.outC;
  p.allTaps = int64_t{s.kD} * s.kH * s.kW;
  p.source = source;
  p.bias = bias;
  p.target = target;
  const int64_t results =
      int64_t{s.batch} * (backward ? s.inD : s.outD) * (backward ? s.inH : s.outH) * (backward ? s.inW : s.outW) * p.n;
  p.stream = results * int64_t{sizeof(float)} >= kStreamBytes && p.n % kWidth == 0 &&
             reinterpret_cast<uintptr_t>(target) % sizeof(VecF) == 0;
  const int64_t packed = p.allTaps * p.k * roundUp(p.n, kPanel);
  Scratch scratch(packed + p.k);
  packFilter(p, s.inC, s.outC, w, scratch.data());
  p.packed = scratch.data();
  float* zeros = scratch.data() + packed;
  std::memset(zeros, 0, static_cast<size_t>(p.k) * sizeof(float));
  p.zeros = zeros;
  const auto axis = [&](int i, int phase) {
    return backward ? backwardAxis(in[i], out[i], kernel[i], stride[i], pad[i], phase)
                    : forwardAxis(out[i], in[i], kernel[i], stride[i], pad[i]);
  };
  p.phaseCount = 0;
  for (int d = 0; d < (backward ? stride[0] : 1); ++d) {
    for (int h = 0; h < (backward ? stride[1] : 1); ++h) {
      for (int x = 0; x < (backward ? stride[2] : 1); ++x) {
        p.phases[p.phaseCount++] = {axis(0, d), axis(1, h), axis(2, x), s.kH, s.kW, p.k, p.n};
        if (p.phaseCount == 64) {
          runPhases(p, false);
          p.phaseCount = 0;
        }
      }
    }
  }
  runPhases(p, !backward && p.k <= kPatchChannels && p.allTaps > 1);
}

void directForward(const Conv3dShape& s, const float* x, const float* w, const float* bias, float* y) {
  if (isNarrow(s)) {
    narrowForward(s, x, w, bias, y);
  } else if (isThin(s)) {
    thinForward(s, x, w, bias, y);
  } else if (windowsSideBySide(s)) {
    windowsForward(s, x, w, bias, y);
  } else {
    run(s, false, x, w, bias, y);
  }
}

void directInputGrad(const Conv3dShape& s, const float* dy, const float* w, const float* bias, float* dx) {
  if (isNarrow(s)) {
    narrowInputGrad(s, dy, w, bias, dx);
  } else if (windowsSideBySide(s)) {
    windowsInputGrad(s, dy, w, bias, dx);
  } else {
    run(s, true, dy, w, bias, dx);
  }
}

}  // namespace

extern const DirectKernels directKernels = {.forward = directForward, .inputGrad = directInputGrad};

}  // namespace GENESIS_ISA
}  // namespace genesis
