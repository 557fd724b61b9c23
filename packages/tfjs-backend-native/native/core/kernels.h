// The kernel families of native/core, one table per instruction set.
#pragma once

#include "conv3d.h"
#include "isa.h"

namespace genesis {

struct DirectKernels {
  void (*forward)(const Conv3dShape&, const float* x, const float* w, const float* bias, float* y);
  void (*inputGrad)(const Conv3dShape&, const float* dy, const float* w, float* dx);
};
struct DirectGradKernels {
  void (*filterGrad)(const Conv3dShape&, const float* x, const float* dy, float* dw);
};
/// By tile of outputs: 2×2×2, 2×4×4, 4×4×4.
struct WinogradKernels {
  /// Forward, or with `backward` the input gradient (x is then dy, y is dx).
  void (*convolve[3])(const Conv3dShape&, bool backward, const float* x, const float* w, const float* bias, float* y);
};
struct WinogradGradKernels {
  void (*filterGrad[3])(const Conv3dShape&, const float* x, const float* dy, float* dw);
};
struct MatmulKernels {
  void (*matmul)(int64_t m, int64_t n, int64_t k, const float* a, bool transposeA, const float* b,
                 bool transposeB, float* c);
};

GENESIS_DECLARE_KERNELS(DirectKernels, directKernels)
GENESIS_DECLARE_KERNELS(DirectGradKernels, directGradKernels)
GENESIS_DECLARE_KERNELS(WinogradKernels, winogradKernels)
GENESIS_DECLARE_KERNELS(WinogradGradKernels, winogradGradKernels)
GENESIS_DECLARE_KERNELS(MatmulKernels, matmulKernels)

}  // namespace genesis
