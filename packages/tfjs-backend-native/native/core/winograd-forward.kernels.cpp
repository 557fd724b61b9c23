// 3×3×3 stride-1 convolution and its input gradient by Winograd F(m, 3) in three dimensions.
#include "gemm.h"
#include "kernels.h"
#include "threads.h"
#include "winograd-filter.h"
#include "winograd-tiles.h"
#include "workspace.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

// Block sizes, found by measuring with 1 MiB of second-level cache per core.
constexpr int64_t kBoxTiles = 16;
constexpr int64_t kChunk = 192;  // input channels, with many tiles
constexpr int64_t kGroup = 128;  // output channels, with many tiles
// With few tiles the filter's transforms set the pace.
constexpr int64_t kFewTiles = 48;
constexpr int64_t kFewChunk = 16;
constexpr int64_t kFewGroup = 32;
constexpr int64_t kFilterRows = 16;  // of a unit of the filter transform

/// y[n] = x[k] * filter, as seen after exchanging roles for an input gradient.
struct Problem {
  const float* x;
  const float* zeros;  // a row of x
  Volume in, out;
  int padD, padH, padW;
  FilterSource filter;
  const float* bias;
  float* y;
  int64_t k, n;
  TileGrid grid;
  BoxGrid boxes;
  int64_t tiles, chunk, group;  // block sizes: tiles (of rows of V and M), input channels, output channels
};

/// m[position][tile][column] (+)= v[position][tile][k] · u[position][panel][k][column].
void multiplyPositions(int positions, const float* v, int64_t vStep, int64_t lda, const float* u, int64_t uStep,
                       float* m, int64_t mStep, int64_t ldc, int64_t rows, int64_t k, int64_t columns, bool add) {
  for (int i = 0; i < positions; ++i) {
    for (int64_t c = 0; c < columns; c += kPanel) {
      const float* b = u + i * uStep + c * k;
      for (int64_t r = 0; r < rows; r += kRows) {
        const float* next = c + kPanel < columns ? b + kPanel * k : u + (i + 1) * uStep;
        multiplyBlock<kRows, kPanelVectors>(v + i * vStep + r * lda, lda, b, k, m + i * mStep + r * ldc + c, ldc, add,
                                            next + r / kRows * k * 16);
      }
    }
  }
}

/// Per-worker buffers.
template <typename S>
struct Buffers {
  int64_t vStep, mStep, rowsIn, rowsOut;
  explicit Buffers(const Problem& p) {
    vStep = p.tiles * p.chunk + kStepPadding;
    mStep = p.tiles * p.group + kStepPadding;
    rowsIn = rowBufferFloats(p.boxes.layers, 2, p.boxes.h * S::MH + 2, p.boxes.w * S::MW + 2, p.chunk);
    rowsOut = rowBufferFloats(p.boxes.layers, S::PD, p.boxes.h * S::MH, p.boxes.w * S::MW, p.group);
  }
  int64_t floats() const { return roundUp((vStep + 2 * mStep) * S::positions + rowsIn + rowsOut, 64); }
};

/// One box of tiles times one group of output channels.
template <typename S>
void convolveBox(const Problem& p, const Box& box, int64_t column, int64_t columns, const float* u, int64_t uStep,
                 float* scratch) {
  const Buffers<S> b(p);
  float* v = scratch;
  float* m = v + b.vStep * S::positions;
  const RowBuffer rows{m + 2 * b.mStep * S::positions, box.countH * S::MH + 2, box.countW * S::MW + 2, p.chunk, 2};
  const RowBuffer products{rows.data + b.rowsIn, box.countH * S::MH, box.countW * S::MW, p.group, S::PD};
  const int64_t uSlice = uStep * S::positions;
  const int64_t tiles = roundUp(box.tiles(), kRows);
  const int64_t used = min64(columns, p.n - column);
  forEachPair<S::pairs>([&](auto pair) {
    for (int64_t first = 0; first < p.k; first += p.chunk) {
      const int64_t count = min64(p.chunk, p.k - first);
      depthRows<Side::Input, S, pair.value>(p.x, p.in, p.zeros, p.grid, box, p.padD, p.padH, p.padW, first, count,
                                            rows);
      for (int slice = 0; slice < 2; ++slice) {
        planes<Side::Input, S>(rows, slice, box, count, v, b.vStep, p.chunk);
        multiplyPositions(S::positions, v, b.vStep, p.chunk, u, uStep, m + slice * b.mStep * S::positions, b.mStep,
                          p.group, tiles, count, columns, first > 0);
        u += uSlice;
      }
    }
    for (int slice = 0; slice < 2; ++slice) {
      planesOut<S>(m + slice * b.mStep * S::positions, b.mStep, p.group, box, used, products, 2 * pair.value + slice);
    }
  });
  depthOut<S>(products, p.grid, box, p.out, column, used, p.bias, p.y);
}

/// Many tiles: the filter of a group of output channels is transformed once, then read by every box.
/// U: [pair][chunk][slice][position][panel][k][kPanel].
template <typename S>
void manyTiles(const Problem& p) {
  const int64_t chunks = (p.k + p.chunk - 1) / p.chunk;
  const int64_t uStep = p.chunk * p.group + kStepPadding;
  const int64_t uChunk = 2 * uStep * S::positions;
  const int64_t workerFloats = max64(Buffers<S>(p).floats(), S::PD * 9 * kFilterRows * kPanel);
  Scratch scratch(uChunk * chunks * S::pairs + workerFloats * numThreads());
  float* u = scratch.data();
  float* buffers = u + uChunk * chunks * S::pairs;
  for (int64_t column = 0; column < p.n; column += p.group) {
    const int64_t columns = min64(p.group, roundUp(p.n - column, kPanel));
    const int64_t pieces = (p.k + kFilterRows - 1) / kFilterRows, panels = columns / kPanel;
    parallelFor(pieces * panels, [&](int64_t unit, int worker) {
      const int64_t first = unit / panels * kFilterRows, panel = unit % panels;
      const int64_t count = min64(kFilterRows, p.k - first), chunk = first / p.chunk;
      const int64_t rows = min64(p.chunk, p.k - chunk * p.chunk);
      float* spread = buffers + worker * workerFloats;
      filterDepth<S::PD>(p.filter, first, count, column + panel * kPanel, kPanel, spread);
      for (int slice = 0; slice < S::PD; ++slice) {
        filterPlanes<S::PH, S::PW>(spread + slice * 9 * count * kPanel, count, kPanel,
                                   u + ((slice / 2 * chunks + chunk) * 2 + slice % 2) * uStep * S::positions +
                                       panel * rows * kPanel,
                                   uStep, first % p.chunk, rows);
      }
    });
    parallelFor(p.boxes.count(), [&](int64_t unit, int worker) {
      convolveBox<S>(p, boxAt(p.grid, p.boxes, unit), column, columns, u, uStep, buffers + worker * workerFloats);
    });
  }
}

/// Few tiles: transforming the filter costs more than writing it out and reading it again would gain. The
/// tiles are transformed once for all, then each group of output channels transforms its part of the filter
/// in pieces that stay in the second-level cache and uses them at once.
/// V: [chunk][slice][position][tile][k].
template <typename S>
void fewTiles(const Problem& p) {
  const int64_t chunks = (p.k + p.chunk - 1) / p.chunk;
  const Buffers<S> b(p);
  const int64_t vSlice = b.vStep * S::positions, mSlice = b.mStep * S::positions;
  const int64_t uStep = p.chunk * p.group + kStepPadding, uSlice = uStep * S::positions;
  const int64_t spread = S::PD * 9 * p.chunk * p.group;
  const int64_t workerFloats = roundUp(max64(spread + uSlice + S::PD * mSlice + b.rowsOut, b.rowsIn), 64);
  Scratch scratch(vSlice * S::PD * chunks + workerFloats * numThreads());
  float* shared = scratch.data();
  float* buffers = shared + vSlice * S::PD * chunks;
  const Box box = boxAt(p.grid, p.boxes, 0);
  parallelFor(chunks * S::pairs, [&](int64_t unit, int worker) {
    const RowBuffer rows{buffers + worker * workerFloats, box.countH * S::MH + 2, box.countW * S::MW + 2, p.chunk, 2};
    const int64_t first = unit / S::pairs * p.chunk, count = min64(p.chunk, p.k - first);
    forEachPair<S::pairs>([&](auto pair) {
      if (pair.value != unit % S::pairs) return;
      depthRows<Side::Input, S, pair.value>(p.x, p.in, p.zeros, p.grid, box, p.padD, p.padH, p.padW, first, count,
                                            rows);
    });
    for (int slice = 0; slice < 2; ++slice) {
      planes<Side::Input, S>(rows, slice, box, count, shared + (unit * 2 + slice) * vSlice, b.vStep, p.chunk);
    }
  });
  parallelFor((p.n + p.group - 1) / p.group, [&](int64_t unit, int worker) {
    const int64_t column = unit * p.group, columns = min64(p.group, roundUp(p.n - column, kPanel));
    const int64_t used = min64(columns, p.n - column), tiles = roundUp(box.tiles(), kRows);
    float* depth = buffers + worker * workerFloats;
    float* u = depth + spread;
    float* m = u + uSlice;
    const RowBuffer products{m + S::PD * mSlice, box.countH * S::MH, box.countW * S::MW, p.group, S::PD};
    for (int64_t chunk = 0; chunk < chunks; ++chunk) {
      const int64_t first = chunk * p.chunk, count = min64(p.chunk, p.k - first);
      filterDepth<S::PD>(p.filter, first, count, column, columns, depth);
      for (int slice = 0; slice < S::PD; ++slice) {
        filterPlanes<S::PH, S::PW>(depth + slice * 9 * count * columns, count, columns, u, uStep, 0, count);
        multiplyPositions(S::positions, shared + (chunk * S::PD + slice) * vSlice, b.vStep, p.chunk, u, uStep,
                          m + slice * mSlice, b.mStep, p.group, tiles, count, columns, chunk > 0);
      }
    }
    for (int slice = 0; slice < S::PD; ++slice) {
      planesOut<S>(m + slice * mSlice, b.mStep, p.group, box, used, products, slice);
    }
    depthOut<S>(products, p.grid, box, p.out, column, used, p.bias, p.y);
  });
}

template <typename S>
void convolve(const Conv3dShape& s, bool backward, const float* x, const float* w, const float* bias, float* y) {
  Problem p;
  p.x = x;
  p.y = y;
  p.bias = bias;
  p.in = {s.batch, s.inD, s.inH, s.inW, s.inC};
  p.out = {s.batch, s.outD, s.outH, s.outW, s.outC};
  p.padD = s.padD;
  p.padH = s.padH;
  p.padW = s.padW;
  if (backward) {
    std::swap(p.in, p.out);
    p.padD = 2 - s.padD;
    p.padH = 2 - s.padH;
    p.padW = 2 - s.padW;
  }
  p.k = p.in.channels;
  p.n = p.out.channels;
  p.filter = {w, s.inC, s.outC, backward};
  p.grid = tileGrid<S>(p.out);
  const bool few = p.grid.count() <= kFewTiles;
  p.boxes = few ? BoxGrid{p.grid.layers, p.grid.h, p.grid.w, 1, 1, 1} : boxGrid(p.grid, kBoxTiles);
  p.tiles = roundUp(p.boxes.tiles(), kRows);
  p.chunk = evenChunk(p.k, few ? kFewChunk : kChunk, kFilterRows);
  p.group = evenChunk(p.n, few ? kFewGroup : kGroup, kPanel);
  Scratch zeros(p.in.row());
  std::memset(zeros.data(), 0, static_cast<size_t>(p.in.row()) * sizeof(float));
  p.zeros = zeros.data();
  if (few) {
    fewTiles<S>(p);
  } else {
    manyTiles<S>(p);
  }
}

}  // namespace

extern const WinogradKernels winogradKernels = {
    {convolve<TileShape<4, 4, 4>>, convolve<TileShape<4, 6, 6>>, convolve<TileShape<6, 6, 6>>}};

}  // namespace GENESIS_ISA
}  // namespace genesis
