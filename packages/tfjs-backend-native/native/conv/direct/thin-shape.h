// Which convolutions have so few input channels that vectors run along the W axis.
#pragma once

#include "conv/shape.h"

namespace genesis {

constexpr int kThinInputs = 4;

/// Static, because it is also called from files that are compiled once per instruction set.
static inline bool isThin(const Conv3dShape& s) {
  return s.inC <= kThinInputs && s.kW == 3 && s.sD == 1 && s.sH == 1 && s.sW == 1 && s.padD >= 0 && s.padH >= 0 &&
         s.padW >= 0;
}

}  // namespace genesis
