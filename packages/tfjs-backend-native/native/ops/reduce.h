// Sums and extremes along one axis, and softmax.
#pragma once

#include <cstdint>

#include "runtime/kernel-table.h"
#include "runtime/names.h"

namespace genesis {

#define GENESIS_REDUCE_OPS(X) X(Sum) X(Max) X(Min)
enum class ReduceOp { GENESIS_REDUCE_OPS(GENESIS_MEMBER) Count };
constexpr const char* kReduceNames[] = {GENESIS_REDUCE_OPS(GENESIS_NAME)};

struct ReduceKernels {
  /// x [kept, reduced, inner] → y [kept, inner]; a sum is multiplied by `scale`.
  void (*reduce)(ReduceOp op, int64_t kept, int64_t reduced, int64_t inner, float scale, const float* x, float* y);
  /// Over the last axis of x [rows, classes].
  void (*softmax)(int64_t rows, int64_t classes, const float* x, float* y);
  /// Its gradient dx = y · (dy − Σ dy · y).
  void (*softmaxGrad)(int64_t rows, int64_t classes, const float* dy, const float* y, float* dx);
};
GENESIS_DECLARE_KERNELS(ReduceKernels, reduceKernels)

}  // namespace genesis
