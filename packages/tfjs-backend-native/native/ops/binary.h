// Element-wise functions of two arrays with broadcasting.
#pragma once

#include <cstdint>

#include "ops/max-rank.h"
#include "runtime/kernel-table.h"
#include "runtime/names.h"

namespace genesis {

/// By the names of TensorFlow.js's kernels.
#define GENESIS_BINARY_OPS(X) \
  X(Add) X(Sub) X(Multiply) X(RealDiv) X(Maximum) X(Minimum) X(SquaredDifference) X(Prelu) X(EluGrad)
enum class BinaryOp { GENESIS_BINARY_OPS(GENESIS_MEMBER) Count };
constexpr const char* kBinaryNames[] = {GENESIS_BINARY_OPS(GENESIS_NAME)};

#define GENESIS_COMPARE_OPS(X) X(Equal) X(NotEqual) X(Greater) X(GreaterEqual) X(Less) X(LessEqual)
enum class CompareOp { GENESIS_COMPARE_OPS(GENESIS_MEMBER) Count };
constexpr const char* kCompareNames[] = {GENESIS_COMPARE_OPS(GENESIS_NAME)};

/// Both operands' steps per dimension of the result; 0 where an operand is repeated.
struct Broadcast {
  int rank;
  int64_t size[kMaxRank], stepA[kMaxRank], stepB[kMaxRank];
};

struct BinaryKernels {
  void (*arithmetic)(BinaryOp op, const Broadcast&, const float* a, const float* b, float* out);
  void (*compare)(CompareOp op, const Broadcast&, const float* a, const float* b, uint8_t* out);
  /// out[i] = condition[i] == 1 ? a[i] : b[i]
  void (*choose)(int64_t size, const uint8_t* condition, const float* a, const float* b, float* out);
};
GENESIS_DECLARE_KERNELS(BinaryKernels, binaryKernels)

}  // namespace genesis
