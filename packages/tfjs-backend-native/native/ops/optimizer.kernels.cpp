// Parameter updates with PyTorch's meaning, each in one pass.
#include "ops/optimizer.h"

#include "ops/vmath.h"
#include "runtime/threads.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

constexpr int64_t kPiece = 16384;

/// body(offset, lanes) over [0, size), in parallel.
template <typename F>
void overVectors(int64_t size, F&& body) {
  parallelRange(size, kPiece, [&](int64_t begin, int64_t end, int) {
    int64_t i = begin;
    for (; i + kWidth <= end; i += kWidth) body(i, int64_t{kWidth});
    if (i < end) body(i, end - i);
  });
}

void sgd(int64_t size, const SgdSettings& s, const float* param, const float* grad, const float* velocity,
         float* newParam, float* newVelocity) {
  overVectors(size, [&](int64_t i, int64_t lanes) {
    const VecF p = loadPartial(param + i, lanes);
    const VecF g = loadPartial(grad + i, lanes) + p * s.weightDecay;
    const VecF v = loadPartial(velocity + i, lanes) * s.momentum + g;
    const VecF step = s.nesterov ? g + v * s.momentum : v;
    storePartial(newVelocity + i, v, lanes);
    storePartial(newParam + i, p - step * s.learningRate, lanes);
  });
}

void adam(int64_t size, const AdamSettings& s, const float* param, const float* grad, const float* m, const float* v,
          float* newParam, float* newM, float* newV) {
  const float stepSize = s.learningRate / s.correction1;
  const float root = 1.0f / __builtin_sqrtf(s.correction2);
  const float keep = s.decoupled ? 1.0f - s.learningRate * s.weightDecay : 1.0f;
  const float decay = s.decoupled ? 0.0f : s.weightDecay;
  overVectors(size, [&](int64_t i, int64_t lanes) {
    const VecF p = loadPartial(param + i, lanes);
    const VecF g = loadPartial(grad + i, lanes) + p * decay;
    const VecF first = loadPartial(m + i, lanes) * s.beta1 + g * (1.0f - s.beta1);
    const VecF second = loadPartial(v + i, lanes) * s.beta2 + g * g * (1.0f - s.beta2);
    storePartial(newM + i, first, lanes);
    storePartial(newV + i, second, lanes);
    storePartial(newParam + i, p * keep - first * stepSize / (vsqrt(second) * root + s.epsilon), lanes);
  });
}

}  // namespace

extern const OptimizerKernels optimizerKernels = {.sgd = sgd, .adam = adam};

}  // namespace GENESIS_ISA
}  // namespace genesis
