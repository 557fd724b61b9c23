// Which algorithm computes a convolution.
#pragma once

#include "conv/conv3d.h"

namespace genesis {

/// Winograd tiles of outputs (D, H, W): 2×2×2, 2×4×4 or 4×4×4.
enum class Algorithm { Direct, Winograd222, Winograd244, Winograd444 };

enum class Direction { Forward, InputGrad, FilterGrad };

/// The rule. Winograd needs a 3×3×3 filter of stride 1; Strict rules out tiles of 4 (F(4,3)). Among what is
/// left, the least estimated time: multiplications of the matrix products, plus per-element costs of the
/// transforms (constants measured on an AVX-512 machine, in vector operations), plus, for the direct
/// algorithm, its lower rate. The shape alone decides, so results do not depend on the threads.
Algorithm chooseAlgorithm(const Conv3dShape& shape, Direction direction, Precision precision);

/// Forces an algorithm where it applies (for tests and measurements); "auto" returns to the rule. False when
/// the name is unknown.
bool forceAlgorithm(const char* name);

const char* algorithmName(Algorithm algorithm);

}  // namespace genesis
