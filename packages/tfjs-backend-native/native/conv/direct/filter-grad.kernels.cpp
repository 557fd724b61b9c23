// Filter gradient for any kernel size and stride: dw[tap] = Σ_voxels x[voxel at tap]ᵀ · dy[voxel], a matrix
// product whose summed dimension is the voxels. Blocks of rows of x and dy are gathered first.
#include "conv/direct/direct.h"
#include "conv/direct/gather.h"
#include "conv/direct/narrow.h"
#include "conv/direct/thin.h"
#include "conv/direct/windows.h"
#include "gemm/blocks.h"
#include "runtime/threads.h"
#include "runtime/workspace.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

constexpr int64_t kVoxels = 128;       // of a block
constexpr int64_t kUnitRows = 256;     // of dw (in channels, or taps times channels), at most
constexpr int64_t kUnitColumns = 128;  // of dw (out channels), at most
constexpr int64_t kUnits = 16;         // wanted, for every thread to have work
constexpr int64_t kPatchChannels = 4;  // at most, for all taps to be rows of one product

struct Problem {
  Gather gather;
  const float* x;
  const float* dy;
  const float* zeros;
  int64_t voxels;
  int64_t inC, outC, taps;
  bool patches;           // rows are (tap, in channel); else one product per tap
  bool swapped;           // few out channels: vectors along the in channels instead
  int64_t rows, columns;  // of one product
  int64_t unitRows, unitColumns;
};

/// Source and gradient of one block of voxels, for channels first … of each side, to rows and columns.
/// Returns the number of voxels that the tap reaches.
int64_t gatherBlock(const Problem& p, int64_t tap, int64_t voxel, int64_t end, int64_t firstRow, int64_t rows,
                    int64_t lda, int64_t firstColumn, int64_t columns, float* a, float* b) {
  const Gather& g = p.gather;
  const int jw = static_cast<int>(tap % g.w.taps), jh = static_cast<int>(tap / g.w.taps % g.h.taps);
  const int jd = static_cast<int>(tap / g.w.taps / g.h.taps);
  int64_t count = 0;
  GatherRow r = gatherRow(g, voxel);
  for (int64_t i = voxel; i < end; ++i, advance(g, r)) {
    const float* dy = p.dy + i * p.outC;
    if (p.patches) {
      sourcePatch(g, r, p.x, a + count * lda);
    } else {
      const int d = r.d * g.d.scale + g.d.base + jd, h = r.h * g.h.scale + g.h.base + jh;
      const int w = r.w * g.w.scale + g.w.base + jw;
      if (d < 0 || d >= g.d.sources || h < 0 || h >= g.h.sources || w < 0 || w >= g.w.sources) continue;
      const float* x = p.x + (((int64_t{r.n} * g.d.sources + d) * g.h.sources + h) * g.w.sources + w) * p.inC;
      const float* from = p.swapped ? dy : x;
      for (int64_t c = 0; c < rows; c += kWidth) {
        store(a + count * lda + c, loadPartial(from + firstRow + c, rows - c));
      }
      if (p.swapped) dy = x;
    }
    // By panels: whole rows would lie a power of two apart.
    for (int64_t c = 0; c < columns; c += kWidth) {
      store(b + (c / kPanel * kVoxels + count) * kPanel + c % kPanel, loadPartial(dy + firstColumn + c, columns - c));
    }
    ++count;
  }
  return count;
}

/// Floats between gathered rows; patches are gathered whole.
int64_t rowStep(const Problem& p) { return roundUp(p.patches ? p.rows : p.unitRows, kWidth) + kWidth; }

/// One unit: rows × columns of one tap's product over voxels begin … end, to sums[row][ldb].
void sumUnit(const Problem& p, int64_t tap, int64_t firstRow, int64_t rows, int64_t firstColumn, int64_t columns,
             int64_t begin, int64_t end, float* a, float* b, float* sums) {
  const int64_t lda = rowStep(p), ldb = p.unitColumns;
  std::memset(sums, 0, static_cast<size_t>(roundUp(rows, kRows) * ldb) * sizeof(float));
  for (int64_t voxel = begin; voxel < end; voxel += kVoxels) {
    const int64_t count =
        gatherBlock(p, tap, voxel, min64(end, voxel + kVoxels), firstRow, rows, lda, firstColumn, columns, a, b);
    for (int64_t c = 0; c < columns; c += kPanel) {
      for (int64_t r = 0; r < rows; r += kRows) {
        multiplyTransposedBlock<kRows, kPanelVectors>(a + (p.patches ? firstRow : 0) + r, lda, b + c * kVoxels, kPanel,
                                                      count, sums + r * ldb + c, ldb, true,
                                                      sums + (r + kRows) * ldb + c, a);
      }
    }
  }
}

void directFilterGrad(const Conv3dShape& s, const float* x, const float* dy, float* dw) {
  if (isNarrow(s)) return narrowFilterGrad(s, x, dy, dw);
  if (isThin(s)) return thinFilterGrad(s, x, dy, dw);
  if (windowSumsInPlace(s)) return windowsFilterGrad(s, x, dy, dw);
  Problem p;
  p.gather = {forwardAxis(s.outD, s.inD, s.kD, s.sD, s.padD),
              forwardAxis(s.outH, s.inH, s.kH, s.sH, s.padH),
              forwardAxis(s.outW, s.inW, s.kW, s.sW, s.padW),
              s.kH,
              s.kW,
              s.inC,
              s.outC};
  p.x = x;
  p.dy = dy;
  p.voxels = int64_t{s.batch} * s.outD * s.outH * s.outW;
  p.inC = s.inC;
  p.outC = s.outC;
  p.taps = int64_t{s.kD} * s.kH * s.kW;
  p.patches = s.inC <= kPatchChannels && p.taps > 1;
  p.swapped = !p.patches && s.outC < kWidth && s.inC > s.outC;
  p.rows = p.patches ? p.taps * s.inC : p.swapped ? s.outC : s.inC;
  p.columns = p.swapped ? s.inC : s.outC;
  const int64_t products = p.patches ? 1 : p.taps;
  p.unitRows = min64(kUnitRows, p.rows);
  p.unitColumns = min64(kUnitColumns, roundUp(p.columns, kPanel));
  const int64_t rowUnits = (p.rows + p.unitRows - 1) / p.unitRows;
  const int64_t columnUnits = (p.columns + p.unitColumns - 1) / p.unitColumns;
  const int64_t units = products * rowUnits * columnUnits;
  // Parts of the voxels, by the shape alone, so that the bits do not depend on the threads.
  const int64_t blocks = (p.voxels + kVoxels - 1) / kVoxels;
  int64_t parts = max64(1, min64((kUnits + units - 1) / units, blocks / 4));
  const int64_t voxelsOfPart = (blocks + parts - 1) / parts * kVoxels;
  parts = (p.voxels + voxelsOfPart - 1) / voxelsOfPart;

  const int64_t ldb = p.unitColumns, aFloats = kVoxels * rowStep(p) + kWidth, bFloats = kVoxels * ldb;
  const int64_t sumFloats = roundUp(p.unitRows, kRows) * ldb;
  const int64_t workerFloats = roundUp(aFloats + bFloats, 16);
  Scratch scratch(workerFloats * numThreads() + sumFloats * units * parts);
  float* sums = scratch.data() + workerFloats * numThreads();
  parallelFor(units * parts, [&](int64_t index, int worker) {
    const int64_t part = index % parts, unit = index / parts;
    const int64_t column = unit % columnUnits * p.unitColumns, row = unit / columnUnits % rowUnits * p.unitRows;
    float* a = scratch.data() + worker * workerFloats;
    sumUnit(p, unit / columnUnits / rowUnits, row, min64(p.unitRows, p.rows - row), column,
            min64(p.unitColumns, p.columns - column), part * voxelsOfPart, min64(p.voxels, (part + 1) * voxelsOfPart),
            a, a + aFloats, sums + index * sumFloats);
  });
  parallelFor(units, [&](int64_t unit, int) {
    const int64_t column = unit % columnUnits * p.unitColumns, row = unit / columnUnits % rowUnits * p.unitRows;
    const int64_t tap = unit / columnUnits / rowUnits;
    float* out = dw + tap * s.inC * s.outC;
    for (int64_t r = 0; r < min64(p.unitRows, p.rows - row); ++r) {
      for (int64_t c = 0; c < min64(p.unitColumns, p.columns - column); ++c) {
        float total = 0.0f;
        for (int64_t part = 0; part < parts; ++part) total += sums[(unit * parts + part) * sumFloats + r * ldb + c];
        out[p.swapped ? (column + c) * s.outC + row + r : (row + r) * s.outC + column + c] = total;
      }
    }
  });
}

}  // namespace

extern const DirectFilterGradKernels directFilterGradKernels = {.filterGrad = directFilterGrad};

}  // namespace GENESIS_ISA
}  // namespace genesis
