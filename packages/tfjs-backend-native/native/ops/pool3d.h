// Max pooling over 3-D windows.
#pragma once

#include <cstdint>

#include "runtime/kernel-table.h"

namespace genesis {

/// x is [batch, inD, inH, inW, channels]; windows read outside are left out of the maximum.
struct PoolShape {
  int batch, channels;
  int inD, inH, inW;
  int outD, outH, outW;
  int kD, kH, kW;
  int sD, sH, sW;
  int padD, padH, padW;
};
struct PoolKernels {
  void (*max)(const PoolShape&, const float* x, float* y);
  /// The last of equal maxima takes the gradient, as in the stock back end.
  void (*maxGrad)(const PoolShape&, const float* dy, const float* x, const float* y, float* dx);
};

GENESIS_DECLARE_KERNELS(PoolKernels, poolKernels)

}  // namespace genesis
