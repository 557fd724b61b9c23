// Arrays of rows of `channels` floats, walked in whole vectors whatever the channel count: the least
// number of rows whose length is a multiple of the vector width makes one period, and per-channel
// parameters are repeated over it.
#pragma once

#include "runtime/simd.h"

namespace genesis {
namespace GENESIS_ISA {

struct Period {
  int64_t channels;
  int64_t floats;  // channels × rows of the period, a multiple of kWidth

  explicit Period(int64_t c) : channels(c), floats(c) {
    while (floats % kWidth != 0) floats += c;
  }
  int64_t rows() const { return floats / channels; }
  /// out [floats] = values [channels], repeated.
  void repeat(const float* values, float* out) const {
    for (int64_t i = 0; i < floats; i += channels) {
      std::memcpy(out + i, values, static_cast<size_t>(channels) * sizeof(float));
    }
  }
  /// Rows per piece of work: about 32k floats (128 KiB), whole periods.
  int64_t pieceRows() const {
    const int64_t periods = 32768 / floats;
    return rows() * (periods < 1 ? 1 : periods);
  }
};

}  // namespace GENESIS_ISA
}  // namespace genesis
