// 3-D convolution on float32, channels last, by the algorithm that suits the shape.
#pragma once

#include "conv/channels.h"
#include "conv/shape.h"

namespace genesis {

/// Fast allows Winograd F(4,3) (relative L2 error up to 5e-6), Strict stays below 1e-6.
enum class Precision { Fast, Strict };
void setPrecision(Precision precision);
Precision precision();

/// y = x * w (+ bias). bias [outC] or null. Outputs are overwritten, never read.
void conv3d(const Conv3dShape& shape, const Source& x, const float* w, const float* bias, float* y);

/// dx from dy; with a 2×2×2 stride-2 shape this is the transposed convolution's forward pass, whose bias [inC] is added
/// (or null).
void conv3dInputGrad(const Conv3dShape& shape, const float* dy, const float* w, const float* bias, const Target& dx);

/// dw [kD, kH, kW, inC, outC] from x and dy.
void conv3dFilterGrad(const Conv3dShape& shape, const Source& x, const float* dy, float* dw);

}  // namespace genesis
