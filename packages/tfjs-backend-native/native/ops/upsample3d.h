// Up-sampling by repetition and its gradient.
#pragma once

#include <cstdint>

#include "runtime/kernel-table.h"

namespace genesis {

/// x is [batch, d, h, w, channels], y has each voxel repeated times[i] along axis i.
struct UpsampleShape {
  int64_t batch, d, h, w, channels;
  int64_t timesD, timesH, timesW;
};
struct UpsampleKernels {
  void (*forward)(const UpsampleShape&, const float* x, float* y);
  void (*backward)(const UpsampleShape&, const float* dy, float* dx);
};
GENESIS_DECLARE_KERNELS(UpsampleKernels, upsampleKernels)

}  // namespace genesis
