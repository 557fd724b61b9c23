// 3×3×3 stride-1 convolution and its input gradient by Winograd F(m, 3) in three dimensions.
#include "conv/winograd/winograd.h"

#include "conv/winograd/few-tiles.h"
#include "conv/winograd/many-tiles.h"

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

template <typename S>
void convolve(const Conv3dShape& s, bool backward, const Source& x, const float* w, const float* bias,
              const Target& y) {
  WinogradProblem p;
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
  p.group = evenChunk(p.n, few ? kFewGroup : kGroup, kWidth);
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

extern const WinogradKernels winogradKernels = {.tiles222 = convolve<TileShape<4, 4, 4>>,
                                                .tiles244 = convolve<TileShape<4, 6, 6>>,
                                                .tiles444 = convolve<TileShape<6, 6, 6>>};

}  // namespace GENESIS_ISA
}  // namespace genesis
