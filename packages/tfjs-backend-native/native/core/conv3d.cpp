#include "conv3d.h"

#include <atomic>
#include <cstdlib>

#include "kernels.h"

namespace genesis {

namespace {
std::atomic<Precision> currentPrecision{Precision::Fast};
bool winogradFits(const Conv3dShape& s) {
  if (std::getenv("GDIRECT")) return false;
  return s.kD == 3 && s.kH == 3 && s.kW == 3 && s.sD == 1 && s.sH == 1 && s.sW == 1;
}
int tile() {
  const char* t = std::getenv("GTILE");
  return t ? std::atoi(t) : precision() == Precision::Strict ? kTile2 : kTile4;
}
}

void setPrecision(Precision precision) {
  currentPrecision.store(precision, std::memory_order_relaxed);
}
Precision precision() { return currentPrecision.load(std::memory_order_relaxed); }

void conv3d(const Conv3dShape& shape, const float* x, const float* w, const float* bias, float* y) {
  if (winogradFits(shape)) return GENESIS_KERNELS(winogradKernels).convolve[tile()](shape, false, x, w, bias, y);
  GENESIS_KERNELS(convKernels).directForward(shape, x, w, bias, y);
}

void conv3dInputGrad(const Conv3dShape& shape, const float* dy, const float* w, float* dx) {
  if (winogradFits(shape)) return GENESIS_KERNELS(winogradKernels).convolve[tile()](shape, true, dy, w, nullptr, dx);
  GENESIS_KERNELS(convKernels).directInputGrad(shape, dy, w, dx);
}

void conv3dFilterGrad(const Conv3dShape& shape, const float* x, const float* dy, float* dw) {
  if (winogradFits(shape)) return GENESIS_KERNELS(winogradGradKernels).filterGrad[tile()](shape, x, dy, dw);
  GENESIS_KERNELS(convKernels).directFilterGrad(shape, x, dy, dw);
}

void matmul(int64_t m, int64_t n, int64_t k, const float* a, bool transposeA, const float* b,
            bool transposeB, float* c) {
  GENESIS_KERNELS(matmulKernels).matmul(m, n, k, a, transposeA, b, transposeB, c);
}

const char* conv3dAlgorithm(const Conv3dShape&) { return "direct"; }

}  // namespace genesis
