// Moving elements between layouts: slices, padding, concatenation, repetition, transposition.
#include "ops/strided-copy.h"

#include <cstring>

#include "runtime/threads.h"

namespace genesis {

namespace {

constexpr int64_t kPiece = 16384;
constexpr int64_t kTile = 32;

template <typename T>
void line(int64_t n, const T* in, int64_t stepIn, T* out, int64_t stepOut) {
  if (stepIn == 1 && stepOut == 1) {
    std::memcpy(out, in, static_cast<size_t>(n) * sizeof(T));
    return;
  }
  for (int64_t i = 0; i < n; ++i) out[i * stepOut] = in[i * stepIn];
}

/// Two innermost dimensions, in tiles, because one of the arrays is read or written across its rows.
template <typename T>
void plane(const StridedCopy& s, int outer, int inner, const T* in, T* out) {
  for (int64_t i = 0; i < s.size[outer]; i += kTile) {
    const int64_t rows = s.size[outer] - i < kTile ? s.size[outer] - i : kTile;
    for (int64_t j = 0; j < s.size[inner]; j += kTile) {
      const int64_t columns = s.size[inner] - j < kTile ? s.size[inner] - j : kTile;
      for (int64_t r = i; r < i + rows; ++r) {
        line(columns, in + r * s.stepIn[outer] + j * s.stepIn[inner], s.stepIn[inner],
             out + r * s.stepOut[outer] + j * s.stepOut[inner], s.stepOut[inner]);
      }
    }
  }
}

template <typename T>
void copy(const StridedCopy& s, const T* in, T* out) {
  const int last = s.rank - 1;
  if (s.rank == 1) {
    parallelRange(s.size[0], 4 * kPiece, [&](int64_t begin, int64_t end, int) {
      line(end - begin, in + begin * s.stepIn[0], s.stepIn[0], out + begin * s.stepOut[0], s.stepOut[0]);
    });
    return;
  }
  const bool straight = s.stepIn[last] == 1 && s.stepOut[last] == 1;
  // Straight rows are moved one by one, others by tiles of the two innermost dimensions.
  const int moved = straight ? 1 : 2;
  int64_t blocks = 1, blockSize = 1;
  for (int i = 0; i < s.rank; ++i) (i < s.rank - moved ? blocks : blockSize) *= s.size[i];
  // With few blocks, the outer of a block's two dimensions is split among the threads as well.
  const int64_t perUnit = kPiece / blockSize < 1 ? 1 : kPiece / blockSize;
  const int64_t strips = !straight && blocks < 64 ? (s.size[last - 1] + kTile - 1) / kTile : 1;
  const int64_t groups = strips > 1 ? blocks : (blocks + perUnit - 1) / perUnit;
  parallelFor(groups * strips, [&](int64_t unit, int) {
    const int64_t from = strips > 1 ? unit / strips : unit * perUnit;
    const int64_t to = strips > 1 ? from + 1 : (from + perUnit < blocks ? from + perUnit : blocks);
    for (int64_t block = from; block < to; ++block) {
      int64_t rest = block, atIn = 0, atOut = 0;
      for (int i = s.rank - moved - 1; i >= 0; --i) {
        atIn += rest % s.size[i] * s.stepIn[i];
        atOut += rest % s.size[i] * s.stepOut[i];
        rest /= s.size[i];
      }
      if (straight) {
        line(s.size[last], in + atIn, 1, out + atOut, 1);
        continue;
      }
      StridedCopy part = s;
      if (strips > 1) {
        const int64_t first = unit % strips * kTile;
        part.size[last - 1] = s.size[last - 1] - first < kTile ? s.size[last - 1] - first : kTile;
        atIn += first * s.stepIn[last - 1];
        atOut += first * s.stepOut[last - 1];
      }
      plane(part, last - 1, last, in + atIn, out + atOut);
    }
  });
}

}  // namespace

void stridedCopy(const StridedCopy& s, const void* in, void* out) {
  for (int i = 0; i < s.rank; ++i) {
    if (s.size[i] == 0) return;
  }
  if (s.bytes == 4) {
    copy(s, static_cast<const uint32_t*>(in), static_cast<uint32_t*>(out));
  } else {
    copy(s, static_cast<const uint8_t*>(in), static_cast<uint8_t*>(out));
  }
}

void fill(int64_t size, float value, float* out) {
  parallelRange(size, 4 * kPiece, [&](int64_t begin, int64_t end, int) {
    for (int64_t i = begin; i < end; ++i) out[i] = value;
  });
}

}  // namespace genesis
