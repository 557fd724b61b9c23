// The tiles that cover a volume, and pointers to their voxels.
#pragma once

#include "conv3d.h"
#include "winograd-transform.h"

namespace genesis {
namespace GENESIS_ISA {

/// A dense channels-last volume that tiles read. Voxels outside it read as zeros; vectors that would run
/// past its end (channel counts that are no multiple of the width) read from a padded copy of the tail.
struct TileSource {
  const float* data;
  int batch, d, h, w;
  int64_t channels;
  const float* zeros;       // ≥ roundUp(channels) zeros
  const float* tail;        // copy of data[tailStart …], zero-padded
  int64_t tailStart;        // voxels from here on are read from the copy
};

GENESIS_INLINE int64_t paddedChannels(int64_t channels) { return roundUp(channels, kWidth); }

/// Floats that prepareSource needs for zeros and tail.
GENESIS_INLINE int64_t sourceScratch(int64_t channels) {
  return paddedChannels(channels) + (kWidth + 1) * channels + 2 * kWidth;
}

inline TileSource prepareSource(const float* data, int batch, int d, int h, int w, int64_t channels, float* scratch) {
  TileSource s{data, batch, d, h, w, channels, scratch, nullptr, 0};
  const int64_t padded = paddedChannels(channels), total = int64_t{batch} * d * h * w * channels;
  std::memset(scratch, 0, static_cast<size_t>(sourceScratch(channels)) * sizeof(float));
  float* tail = scratch + padded;
  const int64_t voxels = min64(total / channels, padded == channels ? 0 : (padded - 1) / channels);
  s.tailStart = total - voxels * channels;
  std::memcpy(tail, data + s.tailStart, static_cast<size_t>(voxels * channels) * sizeof(float));
  s.tail = tail;
  return s;
}

/// Output tiles of MD×MH×MW voxels in a grid over every sample, w fastest.
struct TileGrid {
  int batch, d, h, w;
  int64_t count() const { return int64_t{batch} * d * h * w; }
};

struct TileIndex {
  int n, d, h, w;
};

GENESIS_INLINE TileIndex tileAt(const TileGrid& grid, int64_t index) {
  TileIndex t;
  t.w = static_cast<int>(index % grid.w);
  index /= grid.w;
  t.h = static_cast<int>(index % grid.h);
  index /= grid.h;
  t.d = static_cast<int>(index % grid.d);
  t.n = static_cast<int>(index / grid.d);
  return t;
}

/// Pointers to the D×H×W voxels from (d, h, w) of sample n on, in [w][h][d] order.
template <int D, int H, int W>
inline void tilePointers(const TileSource& s, int n, int d, int h, int w, const float** out) {
  int64_t rows[H];
  bool rowInside[H];
  for (int j = 0; j < H; ++j) {
    rowInside[j] = h + j >= 0 && h + j < s.h;
    rows[j] = (h + j) * int64_t{s.w} * s.channels;
  }
  int64_t slices[D];
  bool sliceInside[D];
  for (int i = 0; i < D; ++i) {
    sliceInside[i] = d + i >= 0 && d + i < s.d;
    slices[i] = (int64_t{n} * s.d + d + i) * s.h * int64_t{s.w} * s.channels;
  }
  for (int k = 0; k < W; ++k) {
    const bool columnInside = w + k >= 0 && w + k < s.w;
    const int64_t column = (w + k) * s.channels;
    for (int j = 0; j < H; ++j) {
      const bool inside = columnInside && rowInside[j];
      const int64_t base = column + rows[j];
      for (int i = 0; i < D; ++i) {
        const int64_t offset = base + slices[i];
        const float* p = offset >= s.tailStart ? s.tail + (offset - s.tailStart) : s.data + offset;
        *out++ = inside && sliceInside[i] ? p : s.zeros;
      }
    }
  }
}

}  // namespace GENESIS_ISA
}  // namespace genesis
