#include "conv/conv3d.h"

#include <atomic>

#include "conv/choose.h"
#include "conv/direct/direct.h"
#include "conv/winograd/winograd.h"
#include "ops/strided-copy.h"
#include "runtime/workspace.h"

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

int64_t voxelsIn(const Conv3dShape& s) { return int64_t{s.batch} * s.inD * s.inH * s.inW; }

/// Copies channels between a volume in parts and one array.
template <typename T>
void copyChannels(int64_t voxels, const Channels<T>& parts, int64_t channels, float* whole, bool join) {
  int64_t at = 0;
  for (int i = 0; i < parts.count; at += parts.channels[i++]) {
    const int64_t own = parts.channels[i];
    const StridedCopy copy{2, sizeof(float), {voxels, own}, {join ? own : channels, 1}, {join ? channels : own, 1}};
    if (join) {
      stridedCopy(copy, parts.data[i], whole + at);
    } else {
      stridedCopy(copy, whole + at, const_cast<float*>(parts.data[i]));
    }
  }
}

/// Calls f with x in one array, which only Winograd's kernels do without.
template <typename F>
void withWhole(const Conv3dShape& s, const Source& x, F&& f) {
  if (x.count == 1) return f(x.data[0]);
  Scratch whole(voxelsIn(s) * s.inC);
  copyChannels(voxelsIn(s), x, s.inC, whole.data(), true);
  f(whole.data());
}

}  // namespace

void setPrecision(Precision precision) { currentPrecision.store(precision, std::memory_order_relaxed); }
Precision precision() { return currentPrecision.load(std::memory_order_relaxed); }

void conv3d(const Conv3dShape& shape, const Source& x, const float* w, const float* bias, float* y) {
  const Algorithm algorithm = choose(shape, Direction::Forward);
  if (algorithm == Algorithm::Direct) {
    withWhole(shape, x, [&](const float* whole) { GENESIS_KERNELS(directKernels).forward(shape, whole, w, bias, y); });
  } else {
    forTiles(GENESIS_KERNELS(winogradKernels), algorithm)(shape, false, x, w, bias, {1, {y}, {shape.outC}});
  }
}

void conv3dInputGrad(const Conv3dShape& shape, const float* dy, const float* w, const float* bias, const Target& dx) {
  const Algorithm algorithm = choose(shape, Direction::InputGrad);
  if (algorithm == Algorithm::Direct) {
    if (dx.count == 1) return GENESIS_KERNELS(directKernels).inputGrad(shape, dy, w, bias, dx.data[0]);
    Scratch whole(voxelsIn(shape) * shape.inC);
    GENESIS_KERNELS(directKernels).inputGrad(shape, dy, w, bias, whole.data());
    copyChannels(voxelsIn(shape), dx, shape.inC, whole.data(), false);
  } else {
    forTiles(GENESIS_KERNELS(winogradKernels), algorithm)(shape, true, {1, {dy}, {shape.outC}}, w, bias, dx);
  }
}

void conv3dFilterGrad(const Conv3dShape& shape, const Source& x, const float* dy, float* dw) {
  const Algorithm algorithm = choose(shape, Direction::FilterGrad);
  if (algorithm == Algorithm::Direct) {
    withWhole(shape, x,
              [&](const float* whole) { GENESIS_KERNELS(directFilterGradKernels).filterGrad(shape, whole, dy, dw); });
  } else {
    forTiles(GENESIS_KERNELS(winogradFilterGradKernels), algorithm)(shape, x, dy, dw);
  }
}

}  // namespace genesis
