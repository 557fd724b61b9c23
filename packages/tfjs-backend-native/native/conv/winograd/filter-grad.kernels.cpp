// The filter gradient of a 3×3×3 stride-1 convolution by Winograd F(3, m): x and dy go to Winograd's domain,
// their products are summed over all tiles there, and only the sums are transformed back.
#include "conv/winograd/tiles.h"
#include "conv/winograd/winograd.h"
#include "gemm/blocks.h"
#include "runtime/threads.h"
#include "runtime/workspace.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

// Block sizes, found by measuring with 1 MiB of second-level cache per core.
constexpr int64_t kBoxTiles = 32;
constexpr int64_t kGroup = 128;          // output channels
constexpr int64_t kUnitSums = 96 * 128;  // input times output channels: 10 MiB of sums
constexpr int64_t kOnceSums = 32 * 32;   // of one box, whose sums are written and read once: 0.9 MiB
// Units of work that a small layer is split into by parts of its tiles.
constexpr int64_t kUnits = 16;

struct Problem {
  Source x;
  const float* dy;
  const float* zeros;  // a row of x or of dy
  Volume in, out;
  int padD, padH, padW;
  TileGrid grid;
  BoxGrid boxes;
  int64_t chunk, group;  // input and output channels of a unit
};

/// sums[position][row][column] (+)= Σ_tiles v[position][tile][row] · g[position][tile][column].
void addProducts(int positions, const float* v, int64_t vStep, int64_t lda, const float* g, int64_t gStep, int64_t ldb,
                 int64_t tiles, float* sums, int64_t sumStep, int64_t rows, int64_t columns, bool add) {
  for (int i = 0; i < positions; ++i) {
    for (int64_t c = 0; c < columns; c += kPanel) {
      const float* a = v + i * vStep;
      const float* b = g + i * gStep + c;
      float* to = sums + i * sumStep + c;
      int64_t r = 0;
      if (columns - c < kPanel) {
        const float* next = sums + (i + 1) * sumStep;
        for (; r + kTallRows <= rows; r += kTallRows) {
          multiplyTransposedBlock<kTallRows, 1>(a + r, lda, b, ldb, tiles, to + r * ldb, ldb, add, next + r * ldb,
                                                a + vStep + r);
        }
        for (; r < rows; r += kRows) {
          multiplyTransposedBlock<kRows, 1>(a + r, lda, b, ldb, tiles, to + r * ldb, ldb, add, next + r * ldb,
                                            a + vStep + r);
        }
      }
      for (; r < rows; r += kRows) {
        float* block = to + r * ldb;
        const float* next = r + kRows < rows       ? block + kRows * ldb
                            : c + kPanel < columns ? sums + i * sumStep + c + kPanel
                                                   : sums + (i + 1) * sumStep;
        multiplyTransposedBlock<kRows, kPanelVectors>(a + r, lda, b, ldb, tiles, block, ldb, add, next, a + vStep + r);
      }
    }
  }
}

/// Per-worker buffers.
template <typename S>
struct Buffers {
  int64_t rows, lda, ldb, vStep, gStep, sumStep, rowsIn, rowsOut;
  explicit Buffers(const Problem& p) {
    rows = roundUp(p.chunk, kRows);
    lda = roundUp(rows, kWidth);
    ldb = p.group;
    vStep = p.boxes.tiles() * lda + kStepPadding;
    gStep = p.boxes.tiles() * ldb + kStepPadding;
    sumStep = rows * ldb + kStepPadding;
    rowsIn = rowBufferFloats(p.boxes.layers, 2, p.boxes.h * S::MH + 2, p.boxes.w * S::MW + 2, lda);
    rowsOut = rowBufferFloats(p.boxes.layers, 2, p.boxes.h * S::MH, p.boxes.w * S::MW, ldb);
  }
  int64_t floats() const { return roundUp((vStep + gStep + sumStep * S::PD) * S::positions + rowsIn + rowsOut, 64); }
};

/// One unit: channels first … of x and column … of dy over the boxes [boxBegin, boxEnd), to
/// out[tap·tapStep + row·rowStep + column].
template <typename S>
void sumUnit(const Problem& p, int64_t first, int64_t column, int64_t boxBegin, int64_t boxEnd, float* scratch,
             float* out, int64_t tapStep, int64_t rowStep) {
  const Buffers<S> b(p);
  const int64_t count = min64(p.chunk, p.in.channels - first), columns = min64(p.group, p.out.channels - column);
  float* v = scratch;
  float* g = v + b.vStep * S::positions;
  float* sums = g + b.gStep * S::positions;
  float* rows = sums + b.sumStep * S::positions * S::PD;
  for (int64_t index = boxBegin; index < boxEnd; ++index) {
    const Box box = boxAt(p.grid, p.boxes, index);
    const RowBuffer xRows{rows, box.countH * S::MH + 2, box.countW * S::MW + 2, b.lda, 2};
    const RowBuffer dyRows{rows + b.rowsIn, box.countH * S::MH, box.countW * S::MW, b.ldb, 2};
    forEachPair<S::pairs>([&](auto pair) {
      sourceRows<Side::Input, S, pair.value>(p.x, p.in, p.zeros, p.grid, box, p.padD, p.padH, p.padW, first, count,
                                             xRows);
      depthRows<Side::Gradient, S, pair.value>(p.dy, p.out, p.zeros, p.grid, box, 0, 0, 0, column, columns, dyRows,
                                               true);
      for (int slice = 0; slice < 2; ++slice) {
        planes<Side::Input, S>(xRows, slice, box, count, v, b.vStep, b.lda);
        planes<Side::Gradient, S>(dyRows, slice, box, columns, g, b.gStep, b.ldb);
        addProducts(S::positions, v, b.vStep, b.lda, g, b.gStep, b.ldb, box.tiles(),
                    sums + (2 * pair.value + slice) * S::positions * b.sumStep, b.sumStep, roundUp(count, kRows),
                    roundUp(columns, kWidth), index > boxBegin);
      }
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

/// total = Σ parts, in order.
void addParts(const float* parts, int64_t count, int64_t step, int64_t floats, float* total) {
  parallelRange(floats, 8192, [&](int64_t begin, int64_t end, int) {
    for (int64_t i = begin; i < end; i += kWidth) {
      VecF sum = loadPartial(parts + i, end - i);
      for (int64_t part = 1; part < count; ++part) sum += loadPartial(parts + part * step + i, end - i);
      storePartial(total + i, sum, end - i);
    }
  });
}

template <typename S>
void filterGrad(const Conv3dShape& s, const Source& x, const float* dy, float* dw) {
  Problem p;
  p.x = x;
  p.dy = dy;
  p.in = {s.batch, s.inD, s.inH, s.inW, s.inC};
  p.out = {s.batch, s.outD, s.outH, s.outW, s.outC};
  p.padD = s.padD;
  p.padH = s.padH;
  p.padW = s.padW;
  p.grid = tileGrid<S>(p.out);
  p.boxes = boxGrid(p.grid, kBoxTiles);
  p.group = evenChunk(s.outC, kGroup, kWidth);
  const int64_t unitSums = p.boxes.count() == 1 ? kOnceSums : kUnitSums;
  p.chunk = evenChunk(s.inC, unitSums / p.group, x.count > 1 ? kJoinUnit : 1);
  const int64_t chunks = (s.inC + p.chunk - 1) / p.chunk, groups = (s.outC + p.group - 1) / p.group;
  // The tiles are summed in parts, so that there is work for every thread. Their number depends on the
  // shape alone: so do the bits of the result, then.
  const int64_t boxes = p.boxes.count();
  int64_t parts = max64(1, min64(kUnits / (chunks * groups), boxes / 2));
  const int64_t boxesOfPart = (boxes + parts - 1) / parts;
  parts = (boxes + boxesOfPart - 1) / boxesOfPart;

  const int64_t workerFloats = Buffers<S>(p).floats(), filter = 27 * int64_t{s.inC} * s.outC;
  const int64_t partStep = roundUp(filter, 16), partFloats = parts > 1 ? partStep * parts : 0;
  const int64_t zeroFloats = max64(p.in.row(), p.out.row());
  Scratch scratch(workerFloats * numThreads() + partFloats + zeroFloats);
  float* partSums = scratch.data() + workerFloats * numThreads();
  float* zeros = partSums + partFloats;
  std::memset(zeros, 0, static_cast<size_t>(zeroFloats) * sizeof(float));
  p.zeros = zeros;
  parallelFor(parts * chunks * groups, [&](int64_t unit, int worker) {
    const int64_t part = unit % parts;
    const int64_t first = unit / parts / groups * p.chunk, column = unit / parts % groups * p.group;
    float* out = (parts > 1 ? partSums + part * partStep : dw) + first * s.outC + column;
    const int64_t begin = part * boxesOfPart;
    sumUnit<S>(p, first, column, begin, min64(boxes, begin + boxesOfPart), scratch.data() + worker * workerFloats, out,
               int64_t{s.inC} * s.outC, s.outC);
  });
  if (parts > 1) addParts(partSums, parts, partStep, filter, dw);
}

}  // namespace

extern const WinogradFilterGradKernels winogradFilterGradKernels = {.tiles222 = filterGrad<TileShape<4, 4, 4>>,
                                                                    .tiles244 = filterGrad<TileShape<4, 6, 6>>,
                                                                    .tiles444 = filterGrad<TileShape<6, 6, 6>>};

}  // namespace GENESIS_ISA
}  // namespace genesis
