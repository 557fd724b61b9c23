// Moving elements between layouts.
#pragma once

#include <cstdint>

#include "ops/max-rank.h"

namespace genesis {

/// out[Σ i·stepOut] = in[Σ i·stepIn] for every index of `size`, elements of `bytes` (1 or 4).
struct StridedCopy {
  int rank, bytes;
  int64_t size[kMaxRank], stepIn[kMaxRank], stepOut[kMaxRank];
};
void stridedCopy(const StridedCopy&, const void* in, void* out);
void fill(int64_t size, float value, float* out);

}  // namespace genesis
