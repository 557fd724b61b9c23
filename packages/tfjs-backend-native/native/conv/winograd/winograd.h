// Winograd convolution: 3×3×3 filters of stride 1. Members are named by their tiles of outputs along D, H and W.
#pragma once

#include "conv/channels.h"
#include "conv/shape.h"
#include "runtime/kernel-table.h"

namespace genesis {

/// Forward, or with `backward` the input gradient (x is then dy, y is dx).
struct WinogradKernels {
  void (*tiles222)(const Conv3dShape&, bool backward, const Source& x, const float* w, const float* bias,
                   const Target& y);
  void (*tiles244)(const Conv3dShape&, bool backward, const Source& x, const float* w, const float* bias,
                   const Target& y);
  void (*tiles444)(const Conv3dShape&, bool backward, const Source& x, const float* w, const float* bias,
                   const Target& y);
};
GENESIS_DECLARE_KERNELS(WinogradKernels, winogradKernels)

struct WinogradFilterGradKernels {
  void (*tiles222)(const Conv3dShape&, const Source& x, const float* dy, float* dw);
  void (*tiles244)(const Conv3dShape&, const Source& x, const float* dy, float* dw);
  void (*tiles444)(const Conv3dShape&, const Source& x, const float* dy, float* dw);
};
GENESIS_DECLARE_KERNELS(WinogradFilterGradKernels, winogradFilterGradKernels)

}  // namespace genesis
