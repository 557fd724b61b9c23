// Normalization and activation in one pass each way.
#pragma once

#include <cstdint>

#include "runtime/kernel-table.h"
#include "runtime/names.h"

namespace genesis {

/// As the attribute of the fused kernels names them.
#define GENESIS_ACTIVATIONS(X) X(linear) X(relu) X(leakyRelu) X(elu)
enum class Activation { GENESIS_ACTIVATIONS(GENESIS_MEMBER) Count };
constexpr const char* kActivationNames[] = {GENESIS_ACTIVATIONS(GENESIS_NAME)};

/// x is [outer, rows, channels]; statistics are per outer index and group of channels. Batch norm:
/// outer 1, rows batch·voxels, groups = channels. Instance norm: outer batch, groups = channels.
struct NormShape {
  int64_t outer, rows, channels, groups;
};

struct NormKernels {
  /// y = act((x − mean)·invStd·gamma + beta); mean and invStd [outer, groups], biased variance.
  void (*forward)(const NormShape&, const float* x, const float* gamma, const float* beta, float epsilon,
                  Activation activation, float alpha, float* y, float* mean, float* invStd);
};
GENESIS_DECLARE_KERNELS(NormKernels, normKernels)

struct NormGradKernels {
  /// Gradients of forward's first output; z is computed again from x. sums [channels]: those of dx over everything
  /// else.
  void (*backward)(const NormShape&, const float* dy, const float* x, const float* gamma, const float* beta,
                   const float* mean, const float* invStd, Activation activation, float alpha, float* dx, float* dgamma,
                   float* dbeta, float* sums);
};
GENESIS_DECLARE_KERNELS(NormGradKernels, normGradKernels)

}  // namespace genesis
