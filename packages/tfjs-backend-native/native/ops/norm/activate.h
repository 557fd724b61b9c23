// Activations and their gradients on vectors.
#pragma once

#include "ops/norm/norm.h"
#include "ops/vmath.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

template <Activation A>
GENESIS_INLINE VecF activate(VecF z, float alpha) {
  if (A == Activation::relu) return select(z < 0.0f, VecF{}, z);
  if (A == Activation::leakyRelu) return select(z < 0.0f, z * alpha, z);
  if (A == Activation::elu) return select(z < 0.0f, vexpm1(z) * alpha, z);
  return z;
}

/// dz = dy · act′(z). At 0 the slope is 0 for relu, as tf.relu's gradient has it.
template <Activation A>
GENESIS_INLINE VecF activateGrad(VecF dy, VecF z, float alpha) {
  if (A == Activation::relu) return select(z > 0.0f, dy, VecF{});
  if (A == Activation::leakyRelu) return select(z > 0.0f, dy, dy * alpha);
  if (A == Activation::elu) return select(z > 0.0f, dy, dy * vexp(vmin(z, VecF{})) * alpha);
  return dy;
}

}  // namespace

}  // namespace GENESIS_ISA
}  // namespace genesis
