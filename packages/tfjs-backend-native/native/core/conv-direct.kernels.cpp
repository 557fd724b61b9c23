// Direct convolution for any kernel size and stride: a matrix product per tap, whose rows are read in
// place through pointers (rows in the padding point at zeros), so nothing is gathered or scattered.
#include "gemm.h"
#include "kernels.h"
#include "threads.h"
#include "workspace.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

constexpr int kVectors = 2;
constexpr int kColumns = kVectors * kWidth;
constexpr int kMaxTaps = 128;  // of one pass; larger kernels take several
constexpr int64_t kUnitVoxels = 256;

/// One axis of the gather: target t of phase p reads source (t·mul + add[k]) / div when that is whole.
struct Axis {
  int targets, sources, kernel, stride, pad;
};

/// filter → [column block][tap][k][kColumns], zero-padded. Swapped: k is the out channel (input grad).
void packFilter(int64_t taps, int64_t inC, int64_t outC, const float* w, bool swapped, float* packed) {
  const int64_t k = swapped ? outC : inC;
  const int64_t n = swapped ? inC : outC;
  const int64_t blocks = (n + kColumns - 1) / kColumns;
  parallelFor(blocks * taps, [&](int64_t unit, int) {
    const int64_t first = unit / taps * kColumns;
    const float* tap = w + unit % taps * inC * outC;
    float* out = packed + unit * k * kColumns;
    const int64_t columns = min64(kColumns, n - first);
    for (int64_t i = 0; i < k; ++i, out += kColumns) {
      for (int64_t j = 0; j < columns; ++j) {
        out[j] = swapped ? tap[(first + j) * outC + i] : tap[i * outC + first + j];
      }
      for (int64_t j = columns; j < kColumns; ++j) out[j] = 0.0f;
    }
  });
}

/// Rows of the result that share a phase of every stride, hence the same taps.
struct PhaseGrid {
  int first[3], count[3], step[3];
  int64_t voxels() const { return int64_t{count[0]} * count[1] * count[2]; }
};

/// target = source gathered through taps. Forward: step 1, source = t·s − pad + k. Input gradient:
/// step s, source = (t + pad − k) / s for the taps that divide.
struct Gather {
  int batch;
  Axis axis[3];
  bool backward;
  int64_t k, n;
  const float* source;
  const float* packed;
  const float* bias;
  const float* zeros;
  float* target;
};

bool sourceIndex(const Gather& g, int axis, int target, int tap, int* index) {
  const Axis& a = g.axis[axis];
  if (!g.backward) {
    *index = target * a.stride - a.pad + tap;
    return *index >= 0 && *index < a.sources;
  }
  const int scaled = target + a.pad - tap;
  if (scaled < 0 || scaled % a.stride != 0) return false;
  *index = scaled / a.stride;
  return *index < a.sources;
}

bool tapInPhase(const Gather& g, int axis, int first, int tap) {
  const Axis& a = g.axis[axis];
  return !g.backward || (first + a.pad - tap) % a.stride == 0;
}

void gatherRows(const Gather& g, const PhaseGrid& grid, int64_t firstVoxel, int64_t rows) {
  const Axis& d = g.axis[0];
  const Axis& h = g.axis[1];
  const Axis& w = g.axis[2];
  const float* pointers[kMaxTaps * kRows];
  int64_t tapIndex[kMaxTaps];
  float* out[kRows];
  int at[kRows][4];
  const int64_t perSample = grid.voxels();
  for (int r = 0; r < kRows; ++r) {
    int64_t voxel = firstVoxel + min64(r, rows - 1);
    at[r][0] = static_cast<int>(voxel / perSample);
    voxel %= perSample;
    at[r][3] = grid.first[2] + static_cast<int>(voxel % grid.count[2]) * grid.step[2];
    voxel /= grid.count[2];
    at[r][2] = grid.first[1] + static_cast<int>(voxel % grid.count[1]) * grid.step[1];
    at[r][1] = grid.first[0] + static_cast<int>(voxel / grid.count[1]) * grid.step[0];
    out[r] = g.target +
             (((int64_t{at[r][0]} * d.targets + at[r][1]) * h.targets + at[r][2]) * w.targets + at[r][3]) * g.n;
  }
  int taps = 0;
  bool first = true;
  const auto flush = [&] {
    const int64_t allTaps = int64_t{d.kernel} * h.kernel * w.kernel;
    for (int64_t column = 0; column < g.n; column += kColumns) {
      const float* block = g.packed + column / kColumns * allTaps * g.k * kColumns;
      const int64_t left = min64(kColumns, g.n - column);
      VecF acc[kRows][kVectors] = {};
      if (!first || g.bias != nullptr) {
        for (int v = 0; v < kVectors && v * kWidth < left; ++v) {
          for (int r = 0; r < kRows; ++r) {
            acc[r][v] = loadPartial<kWidth>((first ? g.bias : out[r]) + column + v * kWidth, left - v * kWidth);
          }
        }
      }
      for (int t = 0; t < taps; ++t) {
        accumulateRows<kRows, kVectors, kWidth>(acc, pointers + t * kRows, 1, g.k,
                                                block + tapIndex[t] * g.k * kColumns, kColumns);
      }
      for (int64_t r = 0; r < rows; ++r) {
        for (int v = 0; v < kVectors && v * kWidth < left; ++v) {
          storePartial<kWidth>(out[r] + column + v * kWidth, acc[r][v], left - v * kWidth);
        }
      }
    }
    first = false;
    taps = 0;
  };
  for (int kd = 0; kd < d.kernel; ++kd) {
    if (!tapInPhase(g, 0, grid.first[0], kd)) continue;
    for (int kh = 0; kh < h.kernel; ++kh) {
      if (!tapInPhase(g, 1, grid.first[1], kh)) continue;
      for (int kw = 0; kw < w.kernel; ++kw) {
        if (!tapInPhase(g, 2, grid.first[2], kw)) continue;
        bool any = false;
        for (int r = 0; r < kRows; ++r) {
          int id, ih, iw;
          const bool inside = sourceIndex(g, 0, at[r][1], kd, &id) && sourceIndex(g, 1, at[r][2], kh, &ih) &&
                              sourceIndex(g, 2, at[r][3], kw, &iw);
          any |= inside;
          pointers[taps * kRows + r] =
              inside ? g.source + (((int64_t{at[r][0]} * d.sources + id) * h.sources + ih) * w.sources + iw) * g.k
                     : g.zeros;
        }
        if (any) tapIndex[taps++] = (int64_t{kd} * h.kernel + kh) * w.kernel + kw;
        if (taps == kMaxTaps) flush();
      }
    }
  }
  if (taps > 0 || first) flush();
}

void gather(const Gather& g) {
  int phases[3];
  for (int i = 0; i < 3; ++i) phases[i] = g.backward ? g.axis[i].stride : 1;
  for (int pd = 0; pd < phases[0]; ++pd) {
    for (int ph = 0; ph < phases[1]; ++ph) {
      for (int pw = 0; pw < phases[2]; ++pw) {
        const int phase[3] = {pd, ph, pw};
        PhaseGrid grid;
        for (int i = 0; i < 3; ++i) {
          grid.first[i] = phase[i];
          grid.step[i] = phases[i];
          grid.count[i] = (g.axis[i].targets - phase[i] + phases[i] - 1) / phases[i];
          if (grid.count[i] < 0) grid.count[i] = 0;
        }
        const int64_t voxels = g.batch * grid.voxels();
        parallelRange(voxels, kUnitVoxels, [&](int64_t begin, int64_t end, int) {
          for (int64_t v = begin; v < end; v += kRows) gatherRows(g, grid, v, min64(kRows, end - v));
        });
      }
    }
  }
}

int64_t packedFloats(int64_t taps, int64_t k, int64_t n) { return taps * k * roundUp(n, kColumns); }

void run(const Conv3dShape& s, bool backward, const float* source, const float* w, const float* bias,
         float* target) {
  const int64_t taps = int64_t{s.kD} * s.kH * s.kW;
  Gather g;
  g.batch = s.batch;
  g.backward = backward;
  g.k = backward ? s.outC : s.inC;
  g.n = backward ? s.inC : s.outC;
  const int in[3] = {s.inD, s.inH, s.inW}, out[3] = {s.outD, s.outH, s.outW};
  const int kernel[3] = {s.kD, s.kH, s.kW}, stride[3] = {s.sD, s.sH, s.sW}, pad[3] = {s.padD, s.padH, s.padW};
  for (int i = 0; i < 3; ++i) {
    g.axis[i] = {backward ? in[i] : out[i], backward ? out[i] : in[i], kernel[i], stride[i], pad[i]};
  }
  const int64_t packed = packedFloats(taps, g.k, g.n);
  Scratch scratch(packed + g.k);
  packFilter(taps, s.inC, s.outC, w, backward, scratch.data());
  float* zeros = scratch.data() + packed;
  std::memset(zeros, 0, static_cast<size_t>(g.k) * sizeof(float));
  g.source = source;
  g.packed = scratch.data();
  g.bias = bias;
  g.zeros = zeros;
  g.target = target;
  gather(g);
}

void directForward(const Conv3dShape& s, const float* x, const float* w, const float* bias, float* y) {
  run(s, false, x, w, bias, y);
}

void directInputGrad(const Conv3dShape& s, const float* dy, const float* w, float* dx) {
  run(s, true, dy, w, nullptr, dx);
}

// dw[tap][ci][co] = Σ_voxels x[voxel·s − pad + tap][ci] · dy[voxel][co]. A unit owns one tap and a
// chunk of in channels, so no two units add to the same sum and the order of summation is fixed.
constexpr int64_t kListVoxels = 256;

template <int R>
void filterBlock(const Conv3dShape& s, const float* const* xs, const float* const* dys, int64_t count,
                 int64_t ci, bool first, float* dw) {
  for (int64_t co = 0; co < s.outC; co += kColumns) {
    const int64_t left = min64(kColumns, s.outC - co);
    float* out = dw + ci * s.outC + co;
    if (left < kColumns) {
      // Too few columns for whole vectors (a load would run past the last row): by single channels.
      for (int r = 0; r < R; ++r) {
        for (int64_t c = 0; c < left; ++c) {
          float total = 0.0f;
          for (int64_t p = 0; p < count; ++p) total += xs[p][ci + r] * dys[p][co + c];
          out[r * s.outC + c] = first ? total : out[r * s.outC + c] + total;
        }
      }
      continue;
    }
    // Each list is summed from zero: the error of a long sum grows with the longest chain.
    VecF acc[R][kVectors] = {};
    accumulateOuter<R, kVectors, kWidth>(acc, xs, ci, dys, co, count);
    for (int r = 0; r < R; ++r) {
      for (int v = 0; v < kVectors; ++v) {
        float* at = out + r * s.outC + v * kWidth;
        store(at, first ? acc[r][v] : load(at) + acc[r][v]);
      }
    }
  }
}

void directFilterGrad(const Conv3dShape& s, const float* x, const float* dy, float* dw) {
  const int64_t taps = int64_t{s.kD} * s.kH * s.kW;
  const int64_t chunk = 32;
  const int64_t chunks = (s.inC + chunk - 1) / chunk;
  parallelFor(taps * chunks, [&](int64_t unit, int) {
    const int64_t tap = unit / chunks;
    const int kw = static_cast<int>(tap % s.kW), kh = static_cast<int>(tap / s.kW % s.kH);
    const int kd = static_cast<int>(tap / s.kW / s.kH);
    const int64_t from = unit % chunks * chunk, to = min64(s.inC, from + chunk);
    float* out = dw + tap * s.inC * s.outC;
    const float* xs[kListVoxels];
    const float* dys[kListVoxels];
    int64_t count = 0;
    bool first = true;
    const auto flush = [&] {
      int64_t ci = from;
      for (; ci + kRows <= to; ci += kRows) filterBlock<kRows>(s, xs, dys, count, ci, first, out);
      for (; ci < to; ++ci) filterBlock<1>(s, xs, dys, count, ci, first, out);
      first = false;
      count = 0;
    };
    for (int n = 0; n < s.batch; ++n) {
      for (int od = 0; od < s.outD; ++od) {
        const int id = od * s.sD - s.padD + kd;
        if (id < 0 || id >= s.inD) continue;
        for (int oh = 0; oh < s.outH; ++oh) {
          const int ih = oh * s.sH - s.padH + kh;
          if (ih < 0 || ih >= s.inH) continue;
          for (int ow = 0; ow < s.outW; ++ow) {
            const int iw = ow * s.sW - s.padW + kw;
            if (iw < 0 || iw >= s.inW) continue;
            xs[count] = x + (((int64_t{n} * s.inD + id) * s.inH + ih) * s.inW + iw) * s.inC;
            dys[count] = dy + (((int64_t{n} * s.outD + od) * s.outH + oh) * s.outW + ow) * s.outC;
            if (++count == kListVoxels) flush();
          }
        }
      }
    }
    if (count > 0 || first) flush();
  });
}

}  // namespace

extern const ConvKernels convKernels = {directForward, directInputGrad, directFilterGrad};

}  // namespace GENESIS_ISA
}  // namespace genesis
