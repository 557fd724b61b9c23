// The sizes of a 3-D convolution.
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

}  // namespace genesis
