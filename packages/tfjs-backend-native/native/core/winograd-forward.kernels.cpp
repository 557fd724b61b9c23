// 3×3×3 stride-1 convolution and its input gradient by Winograd F(m, 3) in three dimensions.
#include <cstdlib>
#include "gemm.h"
#include "kernels.h"
#include "threads.h"
#include "winograd-filter.h"
#include "winograd-tiles.h"
#include "workspace.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

int64_t knob(const char* name, int64_t value) {
  const char* t = std::getenv(name);
  return t ? std::atoi(t) : value;
}

// Position strides are padded by a cache line: powers of two would put all positions of a tile into
// the same sets.
constexpr int64_t kStepPadding = 16;

/// y[n] = x[k] * filter, as seen after exchanging roles for an input gradient.
struct Problem {
  TileSource x;
  FilterSource filter;
  const float* bias;
  float* y;
  int batch, outD, outH, outW;
  int padD, padH, padW;
  int64_t k, n;
  TileGrid grid;
  int64_t tiles, chunk, group;  // block sizes: tiles, input channels, output channels
};

template <typename S>
struct Layout {
  int64_t chunkStep(const Problem& p) const { return p.tiles * p.chunk + kStepPadding; }
  int64_t groupStep(const Problem& p) const { return p.tiles * p.group + kStepPadding; }
};

template <typename S, typename F>
GENESIS_INLINE void forEachPass(F&& f) {
  f(std::integral_constant<int, 1>());  // a ± pair first: it reaches every output
  if constexpr (S::PD == 6) f(std::integral_constant<int, 2>());
  f(std::integral_constant<int, 0>());
}

template <typename S, int Pair>
void inputBlock(const Problem& p, const float* const* pointers, int64_t tiles, int64_t first, int64_t count, float* v,
                int64_t step) {
  const int64_t lda = p.chunk;
  for (int64_t t = 0; t < tiles; ++t) {
    for (int64_t c = 0; c < count; c += kWidth) {
      inputPass<S, Pair>(pointers + t * S::inputs, first + c, v + t * lda + c, step);
    }
  }
}

void multiplyPositions(int positions, const float* v, int64_t vStep, int64_t lda, const float* u, int64_t uStep,
                       float* m, int64_t mStep, int64_t ldc, int64_t rows, int64_t k, int64_t columns, bool add) {
  for (int i = 0; i < positions; ++i) {
    for (int64_t c = 0; c < columns; c += kPanel) {
      const float* b = u + i * uStep + c * k;
      for (int64_t r = 0; r < rows; r += kRows) {
        multiplyBlock<kRows, kPanelVectors>(v + i * vStep + r * lda, lda, b, k, m + i * mStep + r * ldc + c, ldc, add);
      }
    }
  }
}

template <typename S, int Pair>
void outputBlock(const Problem& p, int64_t firstTile, int64_t tiles, int64_t column, int64_t columnEnd, const float* m,
                 int64_t step) {
  constexpr bool first = Pair == 1;
  const OutputSteps steps{int64_t{p.outH} * p.outW * p.n, p.outW * p.n, p.n};
  for (int64_t t = 0; t < tiles; ++t) {
    const TileIndex at = tileAt(p.grid, firstTile + t);
    OutputTile tile;
    tile.y = p.y + ((int64_t{at.n} * p.outD + at.d * S::MD) * p.outH + at.h * S::MH) * p.outW * p.n + at.w * S::MW * p.n;
    tile.extentD = static_cast<int>(min64(S::MD, p.outD - at.d * S::MD));
    tile.extentH = static_cast<int>(min64(S::MH, p.outH - at.h * S::MH));
    tile.extentW = static_cast<int>(min64(S::MW, p.outW - at.w * S::MW));
    for (int64_t c = column; c < columnEnd && c < p.n; c += kWidth) {
      const int64_t lanes = p.n - c;
      const VecF start = first && p.bias != nullptr ? loadPartial(p.bias + c, lanes) : VecF{};
      const float* from = m + t * p.group + (c - column);
      if (lanes >= kWidth) {
        outputPass<S, Pair, first, false>(from, step, tile, steps, c, start, lanes);
      } else {
        outputPass<S, Pair, first, true>(from, step, tile, steps, c, start, lanes);
      }
    }
  }
}

template <typename S>
void tileBlockPointers(const Problem& p, int64_t firstTile, int64_t tiles, const float** pointers) {
  for (int64_t t = 0; t < tiles; ++t) {
    const TileIndex at = tileAt(p.grid, firstTile + t);
    tilePointers<S::PD, S::PH, S::PW>(p.x, at.n, at.d * S::MD - p.padD, at.h * S::MH - p.padH, at.w * S::MW - p.padW,
                                      pointers + t * S::inputs);
  }
}

/// Many tiles: the filter of a group of output channels is transformed once, then read by every block
/// of tiles.
template <typename S>
void manyTiles(const Problem& p) {
  const int64_t vStep = p.tiles * p.chunk + kStepPadding, mStep = p.tiles * p.group + kStepPadding;
  const int64_t kPadded = roundUp(p.k, p.chunk);
  const int64_t chunks = kPadded / p.chunk;
  const int64_t uStep = p.chunk * p.group + kStepPadding;
  const int64_t uChunk = uStep * S::positions;
  const int64_t blocks = (p.grid.count() + p.tiles - 1) / p.tiles;
  const int64_t workerFloats = roundUp((vStep + mStep) * S::positions + p.tiles * S::inputs * 2, 64);
  Scratch scratch(uChunk * chunks * S::passes + workerFloats * numThreads());
  float* u = scratch.data();
  for (int64_t column = 0; column < p.n; column += p.group) {
    const int64_t columnEnd = min64(column + p.group, roundUp(p.n, kPanel));
    constexpr int64_t kRowsOfUnit = 16;
    const int64_t pieces = (p.k + kRowsOfUnit - 1) / kRowsOfUnit;
    const int64_t panels = (columnEnd - column) / kPanel;
    parallelFor(pieces * panels, [&](int64_t unit, int) {
      const int64_t first = unit / panels * kRowsOfUnit, panel = unit % panels;
      const int64_t count = min64(kRowsOfUnit, p.k - first), chunk = first / p.chunk;
      const int64_t rows = min64(p.chunk, p.k - chunk * p.chunk);
      forEachPass<S>([&](auto pair) {
        transformFilter<S, pair.value>(p.filter, first, count, column + panel * kPanel, column + (panel + 1) * kPanel,
                                       u + (pair.value * chunks + chunk) * uChunk + panel * rows * kPanel, uStep,
                                       first % p.chunk, rows);
      });
    });
    parallelFor(blocks, [&](int64_t block, int worker) {
      float* v = u + uChunk * chunks * S::passes + worker * workerFloats;
      float* m = v + vStep * S::positions;
      const float** pointers = reinterpret_cast<const float**>(m + mStep * S::positions);
      const int64_t firstTile = block * p.tiles, tiles = min64(p.tiles, p.grid.count() - firstTile);
      tileBlockPointers<S>(p, firstTile, tiles, pointers);
      forEachPass<S>([&](auto pair) {
        for (int64_t chunk = 0; chunk < chunks; ++chunk) {
          const int64_t first = chunk * p.chunk, count = min64(p.chunk, p.k - first);
          inputBlock<S, pair.value>(p, pointers, tiles, first, count, v, vStep);
          multiplyPositions(S::positions, v, vStep, p.chunk, u + (pair.value * chunks + chunk) * uChunk, uStep, m,
                            mStep, p.group, roundUp(tiles, kRows), count, columnEnd - column, chunk > 0);
        }
        outputBlock<S, pair.value>(p, firstTile, tiles, column, columnEnd, m, mStep);
      });
    });
  }
}

template <typename S>
void convolve(const Conv3dShape& s, bool backward, const float* source, const float* w, const float* bias,
              float* target) {
  Problem p;
  p.batch = s.batch;
  p.k = backward ? s.outC : s.inC;
  p.n = backward ? s.inC : s.outC;
  p.filter = {w, s.inC, s.outC, backward};
  p.bias = bias;
  p.y = target;
  p.outD = backward ? s.inD : s.outD;
  p.outH = backward ? s.inH : s.outH;
  p.outW = backward ? s.inW : s.outW;
  p.padD = backward ? 2 - s.padD : s.padD;
  p.padH = backward ? 2 - s.padH : s.padH;
  p.padW = backward ? 2 - s.padW : s.padW;
  p.grid = {s.batch, (p.outD + S::MD - 1) / S::MD, (p.outH + S::MH - 1) / S::MH, (p.outW + S::MW - 1) / S::MW};
  p.tiles = min64(roundUp(knob("GT", 32), kRows), roundUp(p.grid.count(), kRows));
  p.chunk = min64(knob("GK", 64), roundUp(p.k, kWidth));
  p.group = min64(knob("GN", 64), roundUp(p.n, kPanel));
  Scratch edge(sourceScratch(p.k));
  p.x = prepareSource(source, s.batch, backward ? s.outD : s.inD, backward ? s.outH : s.inH,
                      backward ? s.outW : s.inW, p.k, edge.data());
  manyTiles<S>(p);
}

void forward444(const Conv3dShape& s, bool backward, const float* x, const float* w, const float* b, float* y) {
  convolve<TileShape<4, 4, 4>>(s, backward, x, w, b, y);
}
void forward466(const Conv3dShape& s, bool backward, const float* x, const float* w, const float* b, float* y) {
  convolve<TileShape<4, 6, 6>>(s, backward, x, w, b, y);
}
void forward666(const Conv3dShape& s, bool backward, const float* x, const float* w, const float* b, float* y) {
  convolve<TileShape<6, 6, 6>>(s, backward, x, w, b, y);
}

}  // namespace

extern const WinogradKernels winogradKernels = {{forward444, forward466, forward666}};

}  // namespace GENESIS_ISA
}  // namespace genesis
