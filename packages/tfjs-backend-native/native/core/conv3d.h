// 3-D convolution and matrix products on float32, channels last: the public face of native/core.
#pragma once

#include <cstdint>

namespace genesis {

/// x is [batch, inD, inH, inW, inC], the filter [kD, kH, kW, inC, outC], y [batch, outD, outH, outW,
/// outC], all dense. out voxel o reads in voxels o·s − pad + k (pad: in front; reads past either end
/// are zero), so any padding scheme is said by pad and the out sizes. No dilation.
struct Conv3dShape {
  int batch;
  int inD, inH, inW, inC;
  int outD, outH, outW, outC;
  int kD, kH, kW;
  int sD, sH, sW;
  int padD, padH, padW;
};

/// Fast allows Winograd F(4,3) (relative L2 error up to 5e-6), Strict stays below 1e-6.
enum class Precision { Fast, Strict };
void setPrecision(Precision precision);
Precision precision();

/// y = x * w (+ bias). bias [outC] or null. Outputs are overwritten, never read.
void conv3d(const Conv3dShape& shape, const float* x, const float* w, const float* bias, float* y);

/// dx from dy; with a 2×2×2 stride-2 shape this is the transposed convolution's forward pass.
void conv3dInputGrad(const Conv3dShape& shape, const float* dy, const float* w, float* dx);

/// dw [kD, kH, kW, inC, outC] from x and dy.
void conv3dFilterGrad(const Conv3dShape& shape, const float* x, const float* dy, float* dw);

/// c [m, n] = op(a) · op(b), row-major and dense. a is [m, k], or [k, m] when transposeA; b is
/// [k, n], or [n, k] when transposeB.
void matmul(int64_t m, int64_t n, int64_t k, const float* a, bool transposeA, const float* b,
            bool transposeB, float* c);

/// Name of the algorithm that the rule in choose.h takes: "direct", "winograd-4x4x4", …
const char* conv3dAlgorithm(const Conv3dShape& shape);

/// Scratch memory kept between calls, in bytes, and its release.
int64_t workspaceBytes();
void releaseWorkspace();

}  // namespace genesis
