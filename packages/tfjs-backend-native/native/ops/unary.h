// Element-wise functions of one array.
#pragma once

#include <cstdint>

#include "runtime/kernel-table.h"
#include "runtime/names.h"

namespace genesis {

/// By the names of TensorFlow.js's kernels, and Scale.
// clang-format off
#define GENESIS_UNARY_OPS(X) \
  X(Abs) X(Neg) X(Exp) X(Expm1) X(Log) X(Sqrt) X(Rsqrt) X(Square) X(Reciprocal) X(Sigmoid) X(Tanh) \
  X(Relu) X(Relu6) X(LeakyRelu) X(Elu) X(Selu) X(Softplus) X(Step) X(Sign) X(ClipByValue) X(Scale)
// clang-format on
enum class UnaryOp { GENESIS_UNARY_OPS(GENESIS_MEMBER) Count };
constexpr const char* kUnaryNames[] = {GENESIS_UNARY_OPS(GENESIS_NAME)};

struct UnaryKernels {
  /// y[i] = op(x[i]), y may be x; p and q are LeakyRelu's slope, Step's value below, ClipByValue's limits, Scale's
  /// factor.
  void (*apply)(UnaryOp op, float p, float q, int64_t size, const float* x, float* y);
};
GENESIS_DECLARE_KERNELS(UnaryKernels, unaryKernels)

}  // namespace genesis
