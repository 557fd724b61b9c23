// The filter gradient of a 3×3×3 stride-1 convolution by Winograd F(3, m): both x and dy go to Winograd's
// domain, their products are summed over all tiles there, and only the sum is transformed back.
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

constexpr int64_t kStepPadding = 16;

struct Problem {
  TileSource x, dy;
  int padD, padH, padW;
  int64_t inC, outC;
  TileGrid grid;
  int64_t tiles;          // of a block
  int64_t chunk, group;   // input and output channels of a unit
  int64_t parts;          // the tiles are summed in this many parts, added up at the end
};

template <typename S, typename F>
GENESIS_INLINE void forEachPass(F&& f) {
  f(std::integral_constant<int, 0>());
  f(std::integral_constant<int, 1>());
  if constexpr (S::PD == 6) f(std::integral_constant<int, 2>());
}

/// sums[position][chunk][group] (+)= Σ_tiles v[position][tile][chunk]ᵀ · g[position][tile][group].
void addProducts(int positions, const float* v, int64_t vStep, int64_t lda, const float* g, int64_t gStep,
                 int64_t ldb, int64_t tiles, float* sums, int64_t sumStep, int64_t rows, int64_t columns, bool add) {
  for (int i = 0; i < positions; ++i) {
    for (int64_t c = 0; c < columns; c += kPanel) {
      for (int64_t r = 0; r < rows; r += kRows) {
        multiplyTransposedBlock<kRows, kPanelVectors>(v + i * vStep + r, lda, g + i * gStep + c, ldb, tiles,
                                                      sums + i * sumStep + r * ldb + c, ldb, add);
      }
    }
  }
}

template <typename S>
struct Buffers {
  int64_t rows, lda, ldb, vStep, gStep, sumStep;
  explicit Buffers(const Problem& p) {
    rows = roundUp(p.chunk, kRows);
    lda = roundUp(rows, kWidth);
    ldb = p.group;
    vStep = p.tiles * lda + kStepPadding;
    gStep = p.tiles * ldb + kStepPadding;
    sumStep = rows * ldb + kStepPadding;
  }
  int64_t pointerFloats(const Problem& p) const { return p.tiles * (S::inputs + S::outputs) * 2; }
  int64_t floats(const Problem& p) const {
    return roundUp((vStep + gStep) * S::positions + sumStep * S::positions * S::passes + pointerFloats(p), 64);
  }
};

/// One unit: the channels first … of x, column … of dy, over the tiles [tileBegin, tileEnd), to
/// out[tap][inC][outC].
template <typename S>
void sumUnit(const Problem& p, int64_t first, int64_t column, int64_t tileBegin, int64_t tileEnd, float* scratch,
             float* out, int64_t tapStep, int64_t rowStep) {
  const Buffers<S> b(p);
  const int64_t count = min64(p.chunk, p.inC - first), columns = min64(p.group, p.outC - column);
  float* v = scratch;
  float* g = v + b.vStep * S::positions;
  float* sums = g + b.gStep * S::positions;
  const float** voxels = reinterpret_cast<const float**>(sums + b.sumStep * S::positions * S::passes);
  const float** outputs = voxels + p.tiles * S::inputs;
  for (int64_t block = tileBegin; block < tileEnd; block += p.tiles) {
    const int64_t tiles = min64(p.tiles, tileEnd - block);
    for (int64_t t = 0; t < tiles; ++t) {
      const TileIndex at = tileAt(p.grid, block + t);
      const int d = at.d * S::MD, h = at.h * S::MH, w = at.w * S::MW;
      tilePointers<S::PD, S::PH, S::PW>(p.x, at.n, d - p.padD, h - p.padH, w - p.padW, voxels + t * S::inputs);
      tilePointers<S::MD, S::MH, S::MW>(p.dy, at.n, d, h, w, outputs + t * S::outputs);
    }
    forEachPass<S>([&](auto pair) {
      for (int64_t t = 0; t < tiles; ++t) {
        for (int64_t c = 0; c < count; c += kWidth) {
          inputPass<S, pair.value>(voxels + t * S::inputs, first + c, v + t * b.lda + c, b.vStep);
        }
        for (int64_t c = 0; c < columns; c += kWidth) {
          gradientPass<S, pair.value>(outputs + t * S::outputs, column + c, g + t * b.ldb + c, b.gStep);
        }
      }
      addProducts(S::positions, v, b.vStep, b.lda, g, b.gStep, b.ldb, tiles,
                  sums + pair.value * S::positions * b.sumStep, b.sumStep, roundUp(count, kRows),
                  roundUp(columns, kPanel), block > tileBegin);
    });
  }
  for (int64_t r = 0; r < count; ++r) {
    for (int64_t c = 0; c < columns; c += kWidth) {
      VecF taps[27];
      tapTransform<S>(sums + r * b.ldb + c, b.sumStep, taps);
      float* to = out + r * rowStep + c;
      for (int i = 0; i < 27; ++i) storePartial(to + i * tapStep, taps[i], columns - c);
    }
  }
}

template <typename S>
void filterGrad(const Conv3dShape& s, const float* x, const float* dy, float* dw) {
  Problem p;
  p.inC = s.inC;
  p.outC = s.outC;
  p.padD = s.padD;
  p.padH = s.padH;
  p.padW = s.padW;
  p.grid = {s.batch, (s.outD + S::MD - 1) / S::MD, (s.outH + S::MH - 1) / S::MH, (s.outW + S::MW - 1) / S::MW};
  p.chunk = min64(knob("WK", 64), p.inC);
  p.group = min64(knob("WN", 64), roundUp(p.outC, kPanel));
  const int64_t chunks = (p.inC + p.chunk - 1) / p.chunk, groups = (p.outC + p.group - 1) / p.group;
  p.tiles = min64(knob("WT", 32), p.grid.count());
  // The parts depend on the shape alone, so that the sums do not depend on the number of threads.
  const int64_t blocks = (p.grid.count() + p.tiles - 1) / p.tiles;
  p.parts = max64(1, min64(knob("WP", 16) / (chunks * groups), blocks / 2));
  const int64_t blocksOfPart = (blocks + p.parts - 1) / p.parts;
  p.parts = (blocks + blocksOfPart - 1) / blocksOfPart;

  const Buffers<S> buffers(p);
  const int64_t filter = 27 * p.inC * p.outC, xEdge = sourceScratch(p.inC), dyEdge = sourceScratch(p.outC);
  const int64_t partFloats = p.parts > 1 ? roundUp(filter, 16) * p.parts : 0;
  Scratch scratch(buffers.floats(p) * numThreads() + partFloats + xEdge + dyEdge);
  float* parts = scratch.data() + buffers.floats(p) * numThreads();
  p.x = prepareSource(x, s.batch, s.inD, s.inH, s.inW, p.inC, parts + partFloats);
  p.dy = prepareSource(dy, s.batch, s.outD, s.outH, s.outW, p.outC, parts + partFloats + xEdge);
  parallelFor(p.parts * chunks * groups, [&](int64_t unit, int worker) {
    const int64_t part = unit % p.parts;
    const int64_t first = unit / p.parts / groups * p.chunk, column = unit / p.parts % groups * p.group;
    float* out = (p.parts > 1 ? parts + part * roundUp(filter, 16) : dw) + first * p.outC + column;
    const int64_t begin = part * blocksOfPart * p.tiles;
    sumUnit<S>(p, first, column, begin, min64(p.grid.count(), begin + blocksOfPart * p.tiles),
               scratch.data() + worker * buffers.floats(p), out, p.inC * p.outC, p.outC);
  });
  if (p.parts > 1) {
    parallelRange(filter, 8192, [&](int64_t begin, int64_t end, int) {
      for (int64_t i = begin; i < end; i += kWidth) {
        VecF total = loadPartial(parts + i, end - i);
        for (int64_t part = 1; part < p.parts; ++part) {
          total += loadPartial(parts + part * roundUp(filter, 16) + i, end - i);
        }
        storePartial(dw + i, total, end - i);
      }
    });
  }
}

void filterGrad444(const Conv3dShape& s, const float* x, const float* dy, float* dw) {
  filterGrad<TileShape<4, 4, 4>>(s, x, dy, dw);
}
void filterGrad466(const Conv3dShape& s, const float* x, const float* dy, float* dw) {
  filterGrad<TileShape<4, 6, 6>>(s, x, dy, dw);
}
void filterGrad666(const Conv3dShape& s, const float* x, const float* dy, float* dw) {
  filterGrad<TileShape<6, 6, 6>>(s, x, dy, dw);
}

}  // namespace

extern const WinogradGradKernels winogradGradKernels = {{filterGrad444, filterGrad466, filterGrad666}};

}  // namespace GENESIS_ISA
}  // namespace genesis
