// Boxes of tiles: the blocks in which Winograd convolutions work.
#pragma once

#include "conv/winograd/transform.h"

namespace genesis {
namespace GENESIS_ISA {

// Position strides are padded by a cache line: powers of two would put all positions of a tile into the
// same cache sets.
constexpr int64_t kStepPadding = 16;

/// A dense channels-last volume.
struct Volume {
  int batch, d, h, w;
  int64_t channels;
  int64_t row() const { return w * channels; }
  int64_t offset(int n, int z, int y, int x) const { return (((int64_t{n} * d + z) * h + y) * w + x) * channels; }
};

/// Output tiles over every sample. Samples and tiles along D make up one axis, `layers`: boxes may span
/// samples, as every layer is transformed on its own.
struct TileGrid {
  int d;  // tiles along D of one sample
  int layers, h, w;
  int64_t count() const { return int64_t{layers} * h * w; }
};

template <typename S>
GENESIS_INLINE TileGrid tileGrid(const Volume& y) {
  const int d = (y.d + S::MD - 1) / S::MD;
  return {d, y.batch * d, (y.h + S::MH - 1) / S::MH, (y.w + S::MW - 1) / S::MW};
}

/// Size of the boxes that the grid is cut into, in tiles, and their number per axis.
struct BoxGrid {
  int layers, h, w;
  int countLayers, countH, countW;
  int64_t count() const { return int64_t{countLayers} * countH * countW; }
  int64_t tiles() const { return int64_t{layers} * h * w; }
};

inline int evenPart(int total, int64_t most) {
  const int parts = static_cast<int>((total + most - 1) / most);
  return (total + parts - 1) / parts;
}

/// Channels of a block: parts of `count` as even as can be, of at most `most`, in multiples of `unit`.
inline int64_t evenChunk(int64_t count, int64_t most, int64_t unit) {
  const int64_t parts = (count + most - 1) / most;
  return roundUp((count + parts - 1) / parts, unit);
}

/// Boxes of at most `most` tiles, long in W, whose sizes are as even as can be.
inline BoxGrid boxGrid(const TileGrid& g, int64_t most) {
  BoxGrid b;
  b.w = evenPart(g.w, most);
  b.h = evenPart(g.h, max64(1, most / b.w));
  b.layers = evenPart(g.layers, max64(1, most / (b.w * b.h)));
  b.countW = (g.w + b.w - 1) / b.w;
  b.countH = (g.h + b.h - 1) / b.h;
  b.countLayers = (g.layers + b.layers - 1) / b.layers;
  return b;
}

/// One box; tile (layer, h, w) of it has index (layer·h + h)·w + w.
struct Box {
  int layer, h, w;  // first tile
  int countLayers, countH, countW;
  int tiles() const { return countLayers * countH * countW; }
};

inline Box boxAt(const TileGrid& g, const BoxGrid& b, int64_t index) {
  Box box;
  box.w = static_cast<int>(index % b.countW) * b.w;
  index /= b.countW;
  box.h = static_cast<int>(index % b.countH) * b.h;
  box.layer = static_cast<int>(index / b.countH) * b.layers;
  box.countW = static_cast<int>(min64(b.w, g.w - box.w));
  box.countH = static_cast<int>(min64(b.h, g.h - box.h));
  box.countLayers = static_cast<int>(min64(b.layers, g.layers - box.layer));
  return box;
}

}  // namespace GENESIS_ISA
}  // namespace genesis
