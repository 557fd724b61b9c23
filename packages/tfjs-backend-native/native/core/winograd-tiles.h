// Boxes of tiles: the blocks in which Winograd convolutions work.
#pragma once

#include "winograd-transform.h"

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
  int64_t offset(int n, int z, int y, int x) const {
    return (((int64_t{n} * d + z) * h + y) * w + x) * channels;
  }
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
  int layer, h, w;                // first tile
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

/// The compact buffer of a box's rows: [layer][slice][row][column][channel], `chunk` floats a voxel.
struct RowBuffer {
  float* data;
  int rows, columns;
  int64_t chunk;
  int slices;
  int64_t rowStep() const { return columns * chunk; }
  int64_t sliceStep() const { return rows * rowStep(); }
  float* at(int layer, int slice, int row) const {
    return data + (int64_t{layer} * slices + slice) * sliceStep() + row * rowStep();
  }
};

GENESIS_INLINE int64_t rowBufferFloats(int64_t layers, int64_t slices, int64_t rows, int64_t columns, int64_t chunk) {
  return layers * slices * rows * columns * chunk;
}

/// D axis of one pair of points over a box: channels first … first + count of x to the buffer's slices
/// 0 and 1; voxels outside x are zeros. `zeros` has a row of x. Tiles start at −pad voxels.
template <Side side, typename S, int Pair>
void depthRows(const float* x, const Volume& shape, const float* zeros, const TileGrid& grid, const Box& box, int padD,
               int padH, int padW, int64_t first, int64_t count, const RowBuffer& buffer) {
  constexpr int inputs = side == Side::Input ? S::PD : S::MD;
  constexpr int halo = side == Side::Input ? 2 : 0;
  const int rows = box.countH * S::MH + halo, columns = box.countW * S::MW + halo;
  const int y0 = box.h * S::MH - padH, x0 = box.w * S::MW - padW;
  const int from = static_cast<int>(max64(0, -x0));
  const int to = static_cast<int>(max64(from, min64(columns, shape.w - x0)));
  const size_t before = static_cast<size_t>(from * buffer.chunk) * sizeof(float);
  const size_t after = static_cast<size_t>((columns - to) * buffer.chunk) * sizeof(float);
  for (int layer = 0; layer < box.countLayers; ++layer) {
    const int n = (box.layer + layer) / grid.d, z0 = (box.layer + layer) % grid.d * S::MD - padD;
    for (int row = 0; row < rows; ++row) {
      float* upper = buffer.at(layer, 0, row);
      float* lower = buffer.at(layer, 1, row);
      const int y = y0 + row;
      if (y < 0 || y >= shape.h) {
        std::memset(upper, 0, static_cast<size_t>(columns * buffer.chunk) * sizeof(float));
        std::memset(lower, 0, static_cast<size_t>(columns * buffer.chunk) * sizeof(float));
        continue;
      }
      std::memset(upper, 0, before);
      std::memset(lower, 0, before);
      std::memset(upper + to * buffer.chunk, 0, after);
      std::memset(lower + to * buffer.chunk, 0, after);
      const float* sources[inputs];
      for (int d = 0; d < inputs; ++d) {
        const int z = z0 + d;
        sources[d] = (z < 0 || z >= shape.d ? zeros : x + shape.offset(n, z, y, x0 + from)) + first;
      }
      upper += from * buffer.chunk;
      lower += from * buffer.chunk;
      if (count == shape.channels && count == buffer.chunk) {
        depthRow<side, S::PD, Pair>(sources, (to - from) * count, upper, lower);
        continue;
      }
      for (int column = from; column < to; ++column) {
        depthRow<side, S::PD, Pair>(sources, count, upper, lower);
        for (int d = 0; d < inputs; ++d) sources[d] += shape.channels;
        upper += buffer.chunk;
        lower += buffer.chunk;
      }
    }
  }
}

/// H and W axes of one slice of a box: the buffer's `slice` to v[position·step + tile·lda + channel].
template <Side side, typename S>
void planes(const RowBuffer& buffer, int slice, const Box& box, int64_t count, float* v, int64_t step, int64_t lda) {
  for (int layer = 0; layer < box.countLayers; ++layer) {
    for (int h = 0; h < box.countH; ++h) {
      for (int w = 0; w < box.countW; ++w, v += lda) {
        const float* rows = buffer.at(layer, slice, h * S::MH) + w * S::MW * buffer.chunk;
        for (int64_t c = 0; c < count; c += kWidth) {
          planeTransform<side, S::PH, S::PW>(rows + c, buffer.rowStep(), buffer.chunk, v + c, step);
        }
      }
    }
  }
}

/// H and W axes of one slice of products m[position·step + tile·ldm + channel] to the buffer's `slice`.
template <typename S>
void planesOut(const float* m, int64_t step, int64_t ldm, const Box& box, int64_t count, const RowBuffer& buffer,
               int slice) {
  for (int layer = 0; layer < box.countLayers; ++layer) {
    for (int h = 0; h < box.countH; ++h) {
      for (int w = 0; w < box.countW; ++w, m += ldm) {
        float* rows = buffer.at(layer, slice, h * S::MH) + w * S::MW * buffer.chunk;
        for (int64_t c = 0; c < count; c += kWidth) {
          planeOutput<S::PH, S::PW>(m + c, step, rows + c, buffer.rowStep(), buffer.chunk);
        }
      }
    }
  }
}

/// D axis of the outputs: all slices of the buffer to channels first … first + count of y, plus bias.
template <typename S>
void depthOut(const RowBuffer& buffer, const TileGrid& grid, const Box& box, const Volume& shape, int64_t first,
              int64_t count, const float* bias, float* y) {
  const int x0 = box.w * S::MW;
  const int columns = static_cast<int>(min64(box.countW * S::MW, shape.w - x0));
  const int rows = static_cast<int>(min64(box.countH * S::MH, shape.h - box.h * S::MH));
  const int64_t sliceStep = buffer.sliceStep();
  for (int layer = 0; layer < box.countLayers; ++layer) {
    const int n = (box.layer + layer) / grid.d, z0 = (box.layer + layer) % grid.d * S::MD;
    const int depth = static_cast<int>(min64(S::MD, shape.d - z0));
    for (int row = 0; row < rows; ++row) {
      const float* from = buffer.at(layer, 0, row);
      float* to = y + shape.offset(n, z0, box.h * S::MH + row, x0) + first;
      const int64_t depthStep = shape.h * shape.row();
      for (int column = 0; column < columns; ++column, from += buffer.chunk, to += shape.channels) {
        for (int64_t c = 0; c < count; c += kWidth) {
          const int64_t lanes = count - c;
          VecF m[S::PD], out[S::MD];
          for (int slice = 0; slice < S::PD; ++slice) m[slice] = load(from + slice * sliceStep + c);
          outputAxis<S::PD>(m, out);
          const VecF start = bias != nullptr ? loadPartial(bias + first + c, lanes) : VecF{};
          for (int d = 0; d < S::MD; ++d) {
            if (d < depth) storePartial(to + d * depthStep + c, out[d] + start, lanes);
          }
        }
      }
    }
  }
}

}  // namespace GENESIS_ISA
}  // namespace genesis
