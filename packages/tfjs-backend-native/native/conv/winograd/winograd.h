// Winograd convolution: 3×3×3 filters of stride 1. Members are named by their tiles of outputs along D, H and W.
#pragma once

#include "conv/shape.h"
#include "runtime/kernel-table.h"

namespace genesis {

/// Forward, or with `backward` the input gradient (x is then dy, y is dx, bias null).
struct WinogradKernels {
  void (*tiles222)(const Conv3dShape&, bool backward, const float* x, const float* w, const float* bias, float* y);
  void (*tiles244)(const Conv3dShape&, bool backward, const float* x, const float* w, const float* bias, float* y);
  void (*tiles444)(const Conv3dShape&, bool backward, const float* x, const float* w, const float* bias, float* y);
};
GENESIS_DECLARE_KERNELS(WinogradKernels, winogradKernels)

struct WinogradFilterGradKernels {
  void (*tiles222)(const Conv3dShape&, const float* x, const float* dy, float* dw);
  void (*tiles244)(const Conv3dShape&, const float* x, const float* dy, float* dw);
  void (*tiles444)(const Conv3dShape&, const float* x, const float* dy, float* dw);
};
GENESIS_DECLARE_KERNELS(WinogradFilterGradKernels, winogradFilterGradKernels)

}  // namespace genesis
