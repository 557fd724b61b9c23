// Up-sampling by repetition and its gradient.
#include "ops/upsample3d.h"

#include "runtime/simd.h"
#include "runtime/threads.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

void forward(const UpsampleShape& s, const float* x, float* y) {
  const int64_t channels = s.channels, rowFloats = s.w * s.timesW * channels;
  const size_t bytes = static_cast<size_t>(rowFloats) * sizeof(float);
  parallelFor(s.batch * s.d * s.h, [&](int64_t unit, int) {
    const int64_t h = unit % s.h, plane = unit / s.h;  // plane: sample and depth
    const float* from = x + unit * s.w * channels;
    float* first = y + (plane * s.timesD * s.h * s.timesH + h * s.timesH) * rowFloats;
    float* to = first;
    for (int64_t w = 0; w < s.w; ++w, from += channels) {
      for (int64_t i = 0; i < s.timesW; ++i, to += channels) {
        std::memcpy(to, from, static_cast<size_t>(channels) * sizeof(float));
      }
    }
    for (int64_t i = 0; i < s.timesD; ++i) {
      for (int64_t j = 0; j < s.timesH; ++j) {
        if (i + j > 0) std::memcpy(first + (i * s.h * s.timesH + j) * rowFloats, first, bytes);
      }
    }
  });
}

void backward(const UpsampleShape& s, const float* dy, float* dx) {
  const int64_t channels = s.channels, rowFloats = s.w * s.timesW * channels;
  parallelFor(s.batch * s.d * s.h, [&](int64_t unit, int) {
    const int64_t h = unit % s.h, plane = unit / s.h;
    const float* first = dy + (plane * s.timesD * s.h * s.timesH + h * s.timesH) * rowFloats;
    float* to = dx + unit * s.w * channels;
    for (int64_t w = 0; w < s.w; ++w, to += channels) {
      for (int64_t c = 0; c < channels; c += kWidth) {
        const int64_t lanes = min64(kWidth, channels - c);
        VecF total = {};
        for (int64_t i = 0; i < s.timesD; ++i) {
          for (int64_t j = 0; j < s.timesH; ++j) {
            const float* row = first + (i * s.h * s.timesH + j) * rowFloats + w * s.timesW * channels + c;
            for (int64_t k = 0; k < s.timesW; ++k) total += loadPartial(row + k * channels, lanes);
          }
        }
        storePartial(to + c, total, lanes);
      }
    }
  });
}

}  // namespace

extern const UpsampleKernels upsampleKernels = {.forward = forward, .backward = backward};

}  // namespace GENESIS_ISA
}  // namespace genesis
