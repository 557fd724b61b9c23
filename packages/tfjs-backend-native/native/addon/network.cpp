// Normalization, pooling, up-sampling and the optimisers' updates.
#include <cmath>
#include <stdexcept>

#include "addon/call.h"
#include "ops/class-sums.h"
#include "ops/norm/norm.h"
#include "ops/optimizer.h"
#include "ops/pool3d.h"
#include "ops/upsample3d.h"

namespace genesis {

namespace {

Activation activationOf(const Call& call, int index) {
  const int64_t value = call.integer(index);
  if (value < 0 || value >= static_cast<int64_t>(Activation::Count))
    throw std::invalid_argument("There is no such activation");
  return static_cast<Activation>(value);
}

NormShape normShapeOf(const Call& call, int index) {
  const int32_t* v = call.ints(index, int64_t{4});
  const NormShape s{v[0], v[1], v[2], v[3]};
  if (s.outer < 1 || s.rows < 1 || s.channels < 1 || s.groups < 1 || s.channels % s.groups != 0) {
    throw std::invalid_argument("The channels cannot be split in these groups");
  }
  return s;
}

/// (shape, x, gamma, beta, epsilon, activation, alpha, y, mean, invStd)
void normAct(Call& call) {
  const NormShape s = normShapeOf(call, 0);
  const int64_t size = s.outer * s.rows * s.channels;
  GENESIS_KERNELS(normKernels)
      .forward(s, call.floats(1, size), call.floats(2, s.channels), call.floats(3, s.channels),
               static_cast<float>(call.number(4)), activationOf(call, 5), static_cast<float>(call.number(6)),
               call.floats(7, size), call.floats(8, s.outer * s.groups), call.floats(9, s.outer * s.groups));
}

/// (shape, dy, x, gamma, beta, mean, invStd, activation, alpha, dx, dgamma, dbeta, sums of dx)
void normActGrad(Call& call) {
  const NormShape s = normShapeOf(call, 0);
  const int64_t size = s.outer * s.rows * s.channels, stats = s.outer * s.groups;
  GENESIS_KERNELS(normGradKernels)
      .backward(s, call.floats(1, size), call.floats(2, size), call.floats(3, s.channels), call.floats(4, s.channels),
                call.floats(5, stats), call.floats(6, stats), activationOf(call, 7), static_cast<float>(call.number(8)),
                call.floats(9, size), call.floats(10, s.channels), call.floats(11, s.channels),
                call.floats(12, s.channels));
}

PoolShape poolShapeOf(const Call& call, int index) {
  const int32_t* v = call.ints(index, int64_t{17});
  for (int i = 0; i < 14; ++i) {
    if (v[i] < 1) throw std::invalid_argument("A pooling window's shape holds a wrong size");
  }
  return {v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], v[11], v[12], v[13], v[14], v[15], v[16]};
}

int64_t inFloats(const PoolShape& s) { return int64_t{s.batch} * s.inD * s.inH * s.inW * s.channels; }
int64_t outFloats(const PoolShape& s) { return int64_t{s.batch} * s.outD * s.outH * s.outW * s.channels; }

void maxPool(Call& call) {
  const PoolShape s = poolShapeOf(call, 0);
  GENESIS_KERNELS(poolKernels).max(s, call.floats(1, inFloats(s)), call.floats(2, outFloats(s)));
}

/// (shape, dy, x, y, dx)
void maxPoolGrad(Call& call) {
  const PoolShape s = poolShapeOf(call, 0);
  GENESIS_KERNELS(poolKernels)
      .maxGrad(s, call.floats(1, outFloats(s)), call.floats(2, inFloats(s)), call.floats(3, outFloats(s)),
               call.floats(4, inFloats(s)));
}

ClassSumsShape classSumsShapeOf(const Call& call, int index) {
  const int32_t* v = call.sizes(index, 3);
  const ClassSumsShape s{v[0], v[1], v[2]};
  if (s.samples < 1 || s.voxels < 1 || s.classes < 1) throw std::invalid_argument("There is nothing to sum");
  return s;
}

int64_t sumFloats(const ClassSumsShape& s) { return s.samples * kClassSums * s.classes; }

/// (shape, entropy, target, prediction, sums)
void classSums(Call& call) {
  const ClassSumsShape s = classSumsShapeOf(call, 0);
  const int64_t size = s.samples * s.voxels * s.classes;
  GENESIS_KERNELS(classSumsKernels)
      .forward(s, call.boolean(1), call.floats(2, size), call.floats(3, size), call.floats(4, sumFloats(s)));
}

/// (shape, entropy, dsums, target, prediction, dprediction)
void classSumsGrad(Call& call) {
  const ClassSumsShape s = classSumsShapeOf(call, 0);
  const int64_t size = s.samples * s.voxels * s.classes;
  GENESIS_KERNELS(classSumsKernels)
      .backward(s, call.boolean(1), call.floats(2, sumFloats(s)), call.floats(3, size), call.floats(4, size),
                call.floats(5, size));
}

UpsampleShape upsampleShapeOf(const Call& call, int index) {
  const int32_t* v = call.sizes(index, 8);
  return {v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]};
}

int64_t smallFloats(const UpsampleShape& s) { return s.batch * s.d * s.h * s.w * s.channels; }
int64_t largeFloats(const UpsampleShape& s) { return smallFloats(s) * s.timesD * s.timesH * s.timesW; }

void upsample(Call& call) {
  const UpsampleShape s = upsampleShapeOf(call, 0);
  GENESIS_KERNELS(upsampleKernels).forward(s, call.floats(1, smallFloats(s)), call.floats(2, largeFloats(s)));
}

void upsampleGrad(Call& call) {
  const UpsampleShape s = upsampleShapeOf(call, 0);
  GENESIS_KERNELS(upsampleKernels).backward(s, call.floats(1, largeFloats(s)), call.floats(2, smallFloats(s)));
}

/// (learningRate, momentum, weightDecay, nesterov, param, grad, velocity, newParam, newVelocity)
void sgd(Call& call) {
  const SgdSettings s{static_cast<float>(call.number(0)), static_cast<float>(call.number(1)),
                      static_cast<float>(call.number(2)), call.boolean(3)};
  int64_t size;
  const float* param = call.floats(4, &size);
  GENESIS_KERNELS(optimizerKernels)
      .sgd(size, s, param, call.floats(5, size), call.floats(6, size), call.floats(7, size), call.floats(8, size));
}

/// (learningRate, beta1, beta2, epsilon, weightDecay, decoupled, step, param, grad, m, v, and the new ones)
void adam(Call& call) {
  AdamSettings s;
  const double beta1 = call.number(1), beta2 = call.number(2), step = call.number(6);
  s.learningRate = static_cast<float>(call.number(0));
  s.beta1 = static_cast<float>(beta1);
  s.beta2 = static_cast<float>(beta2);
  s.epsilon = static_cast<float>(call.number(3));
  s.weightDecay = static_cast<float>(call.number(4));
  s.decoupled = call.boolean(5);
  s.correction1 = static_cast<float>(1 - std::pow(beta1, step));
  s.correction2 = static_cast<float>(1 - std::pow(beta2, step));
  int64_t size;
  const float* param = call.floats(7, &size);
  GENESIS_KERNELS(optimizerKernels)
      .adam(size, s, param, call.floats(8, size), call.floats(9, size), call.floats(10, size), call.floats(11, size),
            call.floats(12, size), call.floats(13, size));
}

}  // namespace

extern const Binding networkBindings[] = {
    {"normAct", normAct},     {"normActGrad", normActGrad},     {"maxPool3d", maxPool}, {"maxPool3dGrad", maxPoolGrad},
    {"upsample3d", upsample}, {"upsample3dGrad", upsampleGrad}, {"sgd", sgd},           {"adam", adam},
    {"classSums", classSums}, {"classSumsGrad", classSumsGrad}, {nullptr, nullptr},
};

}  // namespace genesis
