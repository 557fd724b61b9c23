// The transforms of a box of tiles, by way of a compact buffer of its rows.
#pragma once

#include "conv/channels.h"
#include "conv/winograd/boxes.h"

namespace genesis {
namespace GENESIS_ISA {

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
/// 0 and 1; voxels outside x are zeros, in all channels of the buffer, if `clear`. `zeros` has a row of x. Tiles start
/// at −pad voxels.
template <Side side, typename S, int Pair>
void depthRows(const float* x, const Volume& shape, const float* zeros, const TileGrid& grid, const Box& box, int padD,
               int padH, int padW, int64_t first, int64_t count, const RowBuffer& buffer, bool clear) {
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
      const bool outside = y < 0 || y >= shape.h;
      if (clear && outside) {
        std::memset(upper, 0, static_cast<size_t>(columns * buffer.chunk) * sizeof(float));
        std::memset(lower, 0, static_cast<size_t>(columns * buffer.chunk) * sizeof(float));
      } else if (clear) {
        std::memset(upper, 0, before);
        std::memset(lower, 0, before);
        std::memset(upper + to * buffer.chunk, 0, after);
        std::memset(lower + to * buffer.chunk, 0, after);
      }
      if (outside) continue;
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

/// Calls f(array, its channels, its first channel of those asked for, their number, how many channels lie before them)
/// for each array that holds some of the channels first … first + count.
template <typename T, typename F>
GENESIS_INLINE void forEachArray(const Channels<T>& all, int64_t first, int64_t count, F&& f) {
  int64_t at = 0;
  for (int i = 0; i < all.count; at += all.channels[i++]) {
    const int64_t from = max64(first, at), to = min64(first + count, at + all.channels[i]);
    if (from < to) f(all.data[i], all.channels[i], from - at, to - from, from - first);
  }
}

/// depthRows from one or two arrays.
template <Side side, typename S, int Pair>
void sourceRows(const Source& x, const Volume& shape, const float* zeros, const TileGrid& grid, const Box& box,
                int padD, int padH, int padW, int64_t first, int64_t count, const RowBuffer& buffer) {
  forEachArray(x, first, count, [&](const float* data, int64_t channels, int64_t from, int64_t used, int64_t before) {
    Volume part = shape;
    part.channels = channels;
    RowBuffer to = buffer;
    to.data += before;
    depthRows<side, S, Pair>(data, part, zeros, grid, box, padD, padH, padW, from, used, to, before == 0);
  });
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

/// depthOut to one or two arrays.
template <typename S>
void targetRows(const RowBuffer& buffer, const TileGrid& grid, const Box& box, const Volume& shape, int64_t first,
                int64_t count, const float* bias, const Target& y) {
  forEachArray(y, first, count, [&](float* data, int64_t channels, int64_t from, int64_t used, int64_t before) {
    Volume part = shape;
    part.channels = channels;
    RowBuffer products = buffer;
    products.data += before;
    // Counted from the array's first channel.
    const float* biases = bias != nullptr ? bias + first + before - from : nullptr;
    depthOut<S>(products, grid, box, part, from, used, biases, data);
  });
}

}  // namespace GENESIS_ISA
}  // namespace genesis
