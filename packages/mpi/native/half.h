// IEEE half precision: rounding to nearest even, as the processor's own conversions do.
#pragma once

#include <cstddef>
#include <cstdint>

namespace genesis {

/// out[i] = half(scale · (x[i] + residual[i])), within ±limit; what that leaves over of the sum goes back to residual,
/// which may be null.
void toHalf(const float* x, size_t length, float scale, float limit, float* residual, uint16_t* out);

/// out[i] = float(x[i]) / scale
void fromHalf(const uint16_t* x, size_t length, float scale, float* out);

/// sum[i] = half(float(sum[i]) + float(x[i]))
void addHalf(const uint16_t* x, uint16_t* sum, size_t length);

}  // namespace genesis
