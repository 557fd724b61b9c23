#include "conv3d.h"

#include <atomic>

#include "choose.h"
#include "kernels.h"

namespace genesis {

namespace {

std::atomic<Precision> currentPrecision{Precision::Fast};

Algorithm choose(const Conv3dShape& shape, Direction direction) {
  return chooseAlgorithm(shape, direction, precision());
}

/// Index of a Winograd algorithm in the kernel tables.
int tileIndex(Algorithm algorithm) { return static_cast<int>(algorithm) - static_cast<int>(Algorithm::Winograd222); }

}  // namespace

void setPrecision(Precision precision) { currentPrecision.store(precision, std::memory_order_relaxed); }
Precision precision() { return currentPrecision.load(std::memory_order_relaxed); }

void conv3d(const Conv3dShape& shape, const float* x, const float* w, const float* bias, float* y) {
  const Algorithm algorithm = choose(shape, Direction::Forward);
  if (algorithm == Algorithm::Direct) {
    GENESIS_KERNELS(directKernels).forward(shape, x, w, bias, y);
  } else {
    GENESIS_KERNELS(winogradKernels).convolve[tileIndex(algorithm)](shape, false, x, w, bias, y);
  }
}

void conv3dInputGrad(const Conv3dShape& shape, const float* dy, const float* w, float* dx) {
  const Algorithm algorithm = choose(shape, Direction::InputGrad);
  if (algorithm == Algorithm::Direct) {
    GENESIS_KERNELS(directKernels).inputGrad(shape, dy, w, dx);
  } else {
    GENESIS_KERNELS(winogradKernels).convolve[tileIndex(algorithm)](shape, true, dy, w, nullptr, dx);
  }
}

void conv3dFilterGrad(const Conv3dShape& shape, const float* x, const float* dy, float* dw) {
  const Algorithm algorithm = choose(shape, Direction::FilterGrad);
  if (algorithm == Algorithm::Direct) {
    GENESIS_KERNELS(directGradKernels).filterGrad(shape, x, dy, dw);
  } else {
    GENESIS_KERNELS(winogradGradKernels).filterGrad[tileIndex(algorithm)](shape, x, dy, dw);
  }
}

void matmul(int64_t m, int64_t n, int64_t k, const float* a, bool transposeA, const float* b, bool transposeB,
            float* c) {
  GENESIS_KERNELS(matmulKernels).matmul(m, n, k, a, transposeA, b, transposeB, c);
}

const char* conv3dAlgorithm(const Conv3dShape& shape) { return algorithmName(choose(shape, Direction::Forward)); }

}  // namespace genesis
