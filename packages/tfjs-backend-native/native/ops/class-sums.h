// Sums over voxels of what losses of segmentations need of each class, and their gradient.
#pragma once

#include <cstdint>

#include "runtime/kernel-table.h"

namespace genesis {

constexpr int kClassSums = 4;

/// Target and prediction are [samples, voxels, classes].
struct ClassSumsShape {
  int64_t samples, voxels, classes;
};
struct ClassSumsKernels {
  /// sums [samples, 4, classes]: Σ t·log(p·(1 − 2e) + e) with e = 1e-7 (0 unless `entropy`), Σ t·p, Σ t, Σ p.
  void (*forward)(const ClassSumsShape&, bool entropy, const float* target, const float* prediction, float* sums);
  /// The gradient in the prediction.
  void (*backward)(const ClassSumsShape&, bool entropy, const float* dsums, const float* target,
                   const float* prediction, float* dprediction);
};
GENESIS_DECLARE_KERNELS(ClassSumsKernels, classSumsKernels)

}  // namespace genesis
