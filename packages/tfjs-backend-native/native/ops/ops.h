// The kernel families of native/ops, one table per instruction set. All arrays are dense float32,
// channels last; outputs are overwritten and never overlap inputs unless said otherwise. Sums are
// taken over fixed pieces in a fixed order, so results do not depend on the number of threads.
#pragma once

#include <cstdint>

#include "isa.h"

namespace genesis {

enum class Activation { Linear = 0, Relu = 1, LeakyRelu = 2, Elu = 3 };

/// x is [outer, rows, channels]; statistics are per outer index and group of channels. Batch norm:
/// outer 1, rows batch·voxels, groups = channels. Instance norm: outer batch, groups = channels.
struct NormShape {
  int64_t outer, rows, channels, groups;
};
struct NormKernels {
  /// y = act((x − mean)·invStd·gamma + beta); mean and invStd [outer, groups], biased variance.
  void (*forward)(const NormShape&, const float* x, const float* gamma, const float* beta, float epsilon,
                  Activation activation, float alpha, float* y, float* mean, float* invStd);
  /// Gradients of forward's first output; z is computed again from x.
  void (*backward)(const NormShape&, const float* dy, const float* x, const float* gamma, const float* beta,
                   const float* mean, const float* invStd, Activation activation, float alpha, float* dx,
                   float* dgamma, float* dbeta);
};

/// x is [batch, inD, inH, inW, channels]; windows read outside are left out of the maximum.
struct PoolShape {
  int batch, channels;
  int inD, inH, inW;
  int outD, outH, outW;
  int kD, kH, kW;
  int sD, sH, sW;
  int padD, padH, padW;
};
struct PoolKernels {
  void (*max)(const PoolShape&, const float* x, float* y);
  /// The last of equal maxima takes the gradient, as in the stock back end.
  void (*maxGrad)(const PoolShape&, const float* dy, const float* x, const float* y, float* dx);
};

/// x is [batch, d, h, w, channels], y has each voxel repeated times[i] along axis i.
struct UpsampleShape {
  int64_t batch, d, h, w, channels;
  int64_t timesD, timesH, timesW;
};
struct UpsampleKernels {
  void (*forward)(const UpsampleShape&, const float* x, float* y);
  void (*backward)(const UpsampleShape&, const float* dy, float* dx);
};

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
  void (*sgd)(int64_t size, const SgdSettings&, const float* param, const float* grad,
              const float* velocity, float* newParam, float* newVelocity);
  void (*adam)(int64_t size, const AdamSettings&, const float* param, const float* grad, const float* m,
               const float* v, float* newParam, float* newM, float* newV);
};

enum class UnaryOp {
  Abs, Neg, Exp, Expm1, Log, Sqrt, Rsqrt, Square, Reciprocal, Sigmoid, Tanh, Relu, Relu6, LeakyRelu, Elu,
  Selu, Softplus, Step, Sign, Clip, Scale, Count
};
struct UnaryKernels {
  /// y[i] = op(x[i]); p and q are LeakyRelu's slope, Step's value below, Clip's limits, Scale's factor.
  void (*apply)(UnaryOp op, float p, float q, int64_t size, const float* x, float* y);
};

enum class BinaryOp { Add, Sub, Mul, Div, Max, Min, SquaredDifference, Prelu, EluGrad, Count };
enum class CompareOp { Equal, NotEqual, Greater, GreaterEqual, Less, LessEqual, Count };

constexpr int kMaxRank = 8;
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

enum class ReduceOp { Sum, Max, Min, Count };
struct ReduceKernels {
  /// x [kept, reduced, inner] → y [kept, inner]; a sum is multiplied by `scale`.
  void (*reduce)(ReduceOp op, int64_t kept, int64_t reduced, int64_t inner, float scale, const float* x,
                 float* y);
  /// Over the last axis of x [rows, classes].
  void (*softmax)(int64_t rows, int64_t classes, const float* x, float* y);
};

/// out[Σ i·stepOut] = in[Σ i·stepIn] for every index of `size`, elements of `bytes` (1 or 4).
struct StridedCopy {
  int rank, bytes;
  int64_t size[kMaxRank], stepIn[kMaxRank], stepOut[kMaxRank];
};
void stridedCopy(const StridedCopy&, const void* in, void* out);
void fill(int64_t size, float value, float* out);

GENESIS_DECLARE_KERNELS(UnaryKernels, unaryKernels)
GENESIS_DECLARE_KERNELS(BinaryKernels, binaryKernels)
GENESIS_DECLARE_KERNELS(ReduceKernels, reduceKernels)
GENESIS_DECLARE_KERNELS(NormKernels, normKernels)
GENESIS_DECLARE_KERNELS(PoolKernels, poolKernels)
GENESIS_DECLARE_KERNELS(UpsampleKernels, upsampleKernels)
GENESIS_DECLARE_KERNELS(OptimizerKernels, optimizerKernels)

}  // namespace genesis
