// Parameter updates with PyTorch's meaning.
#pragma once

#include <cstdint>

#include "runtime/kernel-table.h"

namespace genesis {

struct SgdSettings {
  float learningRate, momentum, weightDecay;
  bool nesterov;
};
struct AdamSettings {
  float learningRate, beta1, beta2, epsilon, weightDecay;
  bool decoupled;
  float correction1, correction2;  // 1 − betaᵗ
};
struct OptimizerKernels {
  /// Outputs may be the inputs.
  void (*sgd)(int64_t size, const SgdSettings&, const float* param, const float* grad, const float* velocity,
              float* newParam, float* newVelocity);
  void (*adam)(int64_t size, const AdamSettings&, const float* param, const float* grad, const float* m, const float* v,
               float* newParam, float* newM, float* newV);
};
GENESIS_DECLARE_KERNELS(OptimizerKernels, optimizerKernels)

}  // namespace genesis
