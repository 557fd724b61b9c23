#include "conv/conv3d.h"

#include <atomic>

#include "conv/choose.h"
#include "conv/direct/direct.h"
#include "conv/winograd/winograd.h"

namespace genesis {

namespace {

std::atomic<Precision> currentPrecision{Precision::Fast};

Algorithm choose(const Conv3dShape& shape, Direction direction) {
  return chooseAlgorithm(shape, direction, precision());
}

/// The member of a family of Winograd kernels for an algorithm other than the direct one.
template <typename Kernels>
auto forTiles(const Kernels& kernels, Algorithm algorithm) {
  return algorithm == Algorithm::Winograd222   ? kernels.tiles222
         : algorithm == Algorithm::Winograd244 ? kernels.tiles244
                                               : kernels.tiles444;
}

}  // namespace

void setPrecision(Precision precision) { currentPrecision.store(precision, std::memory_order_relaxed); }
Precision precision() { return currentPrecision.load(std::memory_order_relaxed); }

void conv3d(const Conv3dShape& shape, const float* x, const float* w, const float* bias, float* y) {
  const Algorithm algorithm = choose(shape, Direction::Forward);
  if (algorithm == Algorithm::Direct) {
    GENESIS_KERNELS(directKernels).forward(shape, x, w, bias, y);
  } else {
    forTiles(GENESIS_KERNELS(winogradKernels), algorithm)(shape, false, x, w, bias, y);
  }
}

void conv3dInputGrad(const Conv3dShape& shape, const float* dy, const float* w, float* dx) {
  const Algorithm algorithm = choose(shape, Direction::InputGrad);
  if (algorithm == Algorithm::Direct) {
    GENESIS_KERNELS(directKernels).inputGrad(shape, dy, w, dx);
  } else {
    forTiles(GENESIS_KERNELS(winogradKernels), algorithm)(shape, true, dy, w, nullptr, dx);
  }
}

void conv3dFilterGrad(const Conv3dShape& shape, const float* x, const float* dy, float* dw) {
  const Algorithm algorithm = choose(shape, Direction::FilterGrad);
  if (algorithm == Algorithm::Direct) {
    GENESIS_KERNELS(directFilterGradKernels).filterGrad(shape, x, dy, dw);
  } else {
    forTiles(GENESIS_KERNELS(winogradFilterGradKernels), algorithm)(shape, x, dy, dw);
  }
}

}  // namespace genesis
