// Direct convolution: any kernel size and stride.
#pragma once

#include "conv/shape.h"
#include "runtime/kernel-table.h"

namespace genesis {

struct DirectKernels {
  void (*forward)(const Conv3dShape&, const float* x, const float* w, const float* bias, float* y);
  void (*inputGrad)(const Conv3dShape&, const float* dy, const float* w, const float* bias, float* dx);
};
GENESIS_DECLARE_KERNELS(DirectKernels, directKernels)

struct DirectFilterGradKernels {
  void (*filterGrad)(const Conv3dShape&, const float* x, const float* dy, float* dw);
};
GENESIS_DECLARE_KERNELS(DirectFilterGradKernels, directFilterGradKernels)

}  // namespace genesis
