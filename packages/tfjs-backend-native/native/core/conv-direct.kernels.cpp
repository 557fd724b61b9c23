// Direct convolution and input gradient for any kernel size and stride: a matrix product per tap, whose rows
// are read in place through pointers (rows in the padding point at zeros). With few input channels the rows
// are gathered first, all taps side by side.
#include "conv-narrow.h"
#include "gather.h"
#include "gemm.h"
#include "kernels.h"
#include "threads.h"
#include "workspace.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

constexpr int64_t kUnitRows = 16 * kRows;
constexpr int64_t kUnitPanels = 4;
constexpr int64_t kDepth = 128;        // summed in registers, then added
constexpr int64_t kStreamBytes = int64_t{16} << 20;  // results from this size on bypass the caches
constexpr int64_t kPatchChannels = 4;  // at most, for rows to be gathered

struct Direct {
  Gather phases[64];
  int phaseCount;
  int batch;
  int64_t k, n, allTaps;
  bool backward;
  bool stream;  // the result is large and its rows are aligned to vectors
  const float* source;
  const float* packed;  // [panel][tap][k][kPanel]
  const float* bias;
  const float* zeros;
  float* target;
};

/// filter → [panel][tap][k][kPanel]. Backward: k is the out channel.
void packFilter(const Direct& p, int64_t inC, int64_t outC, const float* w, float* packed) {
  const int64_t panels = (p.n + kPanel - 1) / kPanel;
  parallelFor(panels * p.allTaps, [&](int64_t unit, int) {
    const int64_t first = unit / p.allTaps * kPanel;
    const float* tap = w + unit % p.allTaps * inC * outC;
    packPanel(tap + first * (p.backward ? outC : 1), p.backward ? 1 : outC, p.backward ? outC : 1, p.k,
              min64(kPanel, p.n - first), packed + unit * p.k * kPanel);
  });
}

int64_t rowsOfUnit(int taps) { return max64(kRows, min64(kUnitRows, 8192 / (taps + 1) / kRows * kRows)); }

/// Pointers of a unit: [tap][row] sources, then targets, then one mark per tap and row block.
int64_t pointerFloats(int taps) { return 2 * (rowsOfUnit(taps) * (taps + 2)) + roundUp(taps * kUnitRows / kRows, 16); }

void multiplyTaps(const Direct& p, const Gather& g, int64_t first, int64_t count, int64_t panelBegin, int64_t panelEnd,
                  float* scratch) {
  const int taps = g.taps();
  const int64_t unit = rowsOfUnit(taps), padded = roundUp(count, kRows);
  const float** sources = reinterpret_cast<const float**>(scratch);
  float** targets = reinterpret_cast<float**>(scratch + 2 * unit * taps);
  unsigned char* used = reinterpret_cast<unsigned char*>(targets + unit);
  std::memset(used, 0, static_cast<size_t>(taps * (padded / kRows)));
  GatherRow row = gatherRow(g, first);
  for (int64_t r = 0; r < padded; ++r) {
    targets[r] = p.target + targetOffset(g, row);
    sourcePointers(g, row, p.source, p.zeros, sources + r, unit, used + r / kRows * taps);
    if (r + 1 < count) advance(g, row);  // the padding repeats the last row
  }
  for (int64_t panel = panelBegin; panel < panelEnd; ++panel) {
    const int64_t lanes = min64(kPanel, p.n - panel * kPanel);
    const float* bias = p.bias != nullptr ? p.bias + panel * kPanel : nullptr;
    const Into once = p.stream && taps == 1 && p.k <= kDepth && lanes == kPanel ? Into::Stream : Into::Overwrite;
    bool started[kUnitRows / kRows] = {};
    int tap = 0;
    for (int jd = 0; jd < g.d.taps; ++jd) {
      for (int jh = 0; jh < g.h.taps; ++jh) {
        for (int jw = 0; jw < g.w.taps; ++jw, ++tap) {
          const float* b = p.packed + (panel * p.allTaps + g.tapIndex(jd, jh, jw)) * p.k * kPanel;
          for (int64_t depth = 0; depth < p.k; depth += kDepth) {
            for (int64_t r = 0; r < padded; r += kRows) {
              if (!used[r / kRows * taps + tap]) continue;
              const float* from[kRows];
              float* to[kRows];
              for (int j = 0; j < kRows; ++j) {
                from[j] = sources[tap * unit + r + j] + depth;
                to[j] = targets[r + j] + panel * kPanel;
              }
              bool& add = started[r / kRows];
              // The first panel brings the rows in from memory: ask for the next block of them.
              const float* const* next = panel == panelBegin && r + kRows < padded ? sources + tap * unit + r + kRows : nullptr;
              multiplyRows(from, b + depth * kPanel, min64(kDepth, p.k - depth), to, min64(kRows, count - r), lanes,
                           add ? Into::Add : bias != nullptr ? Into::Bias : once, bias, next);
              add = true;
            }
          }
        }
      }
    }
    // Rows that no tap reaches.
    for (int64_t r = 0; r < count; ++r) {
      if (started[r / kRows]) continue;
      for (int64_t i = 0; i < lanes; ++i) targets[r][panel * kPanel + i] = bias != nullptr ? bias[i] : 0.0f;
    }
  }
}

/// Few input channels: rows of all taps side by side, one product.
void multiplyPatches(const Direct& p, const Gather& g, int64_t first, int64_t count, int64_t panelBegin,
                     int64_t panelEnd, float* scratch) {
  const int64_t k = p.allTaps * p.k;
  float* targets[kRows];
  const float* from[kRows];
  GatherRow row = gatherRow(g, first);
  for (int64_t r = 0; r < count; r += kRows) {
    const int64_t rows = min64(kRows, count - r);
    for (int j = 0; j < kRows; ++j) {
      sourcePatch(g, row, p.source, scratch + j * k);
      from[j] = scratch + j * k;
      targets[j] = p.target + targetOffset(g, row);
      if (r + j + 1 < count) advance(g, row);
    }
    for (int64_t panel = panelBegin; panel < panelEnd; ++panel) {
      float* to[kRows];
      for (int j = 0; j < kRows; ++j) to[j] = targets[j] + panel * kPanel;
      multiplyRows(from, p.packed + panel * k * kPanel, k, to, rows, min64(kPanel, p.n - panel * kPanel),
                   p.bias != nullptr ? Into::Bias : Into::Overwrite,
                   p.bias != nullptr ? p.bias + panel * kPanel : nullptr, nullptr);
    }
  }
}

void runPhases(const Direct& p, bool patches) {
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
  Direct p;
  p.batch = s.batch;
  p.backward = backward;
  p.k = backward ? s.outC : s.inC;
  p.n = backward ? s.inC : s.outC;
  p.allTaps = int64_t{s.kD} * s.kH * s.kW;
  p.source = source;
  p.bias = bias;
  p.target = target;
  const int64_t results = int64_t{s.batch} * (backward ? s.inD : s.outD) * (backward ? s.inH : s.outH) *
                          (backward ? s.inW : s.outW) * p.n;
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
  } else {
    run(s, false, x, w, bias, y);
  }
}

void directInputGrad(const Conv3dShape& s, const float* dy, const float* w, float* dx) {
  if (isNarrow(s)) {
    narrowInputGrad(s, dy, w, dx);
  } else {
    run(s, true, dy, w, nullptr, dx);
  }
}

}  // namespace

extern const DirectKernels directKernels = {directForward, directInputGrad};

}  // namespace GENESIS_ISA
}  // namespace genesis
