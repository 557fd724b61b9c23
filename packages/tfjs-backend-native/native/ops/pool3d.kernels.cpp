// Max pooling over 3-D windows, vectors along the channels.
#include "ops/pool3d.h"

#include "runtime/simd.h"
#include "runtime/threads.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

struct Window {
  int d0, d1, h0, h1, w0, w1;
};

GENESIS_INLINE void span(int out, int stride, int pad, int kernel, int size, int* from, int* to) {
  const int corner = out * stride - pad;
  *from = corner < 0 ? 0 : corner;
  *to = corner + kernel < size ? corner + kernel : size;
}

GENESIS_INLINE Window windowOf(const PoolShape& s, int d, int h, int w) {
  Window at;
  span(d, s.sD, s.padD, s.kD, s.inD, &at.d0, &at.d1);
  span(h, s.sH, s.padH, s.kH, s.inH, &at.h0, &at.h1);
  span(w, s.sW, s.padW, s.kW, s.inW, &at.w0, &at.w1);
  return at;
}

void max(const PoolShape& s, const float* x, float* y) {
  const int64_t channels = s.channels;
  parallelFor(int64_t{s.batch} * s.outD * s.outH, [&](int64_t unit, int) {
    const int h = static_cast<int>(unit % s.outH), d = static_cast<int>(unit / s.outH % s.outD);
    const float* sample = x + unit / s.outH / s.outD * s.inD * s.inH * s.inW * channels;
    for (int w = 0; w < s.outW; ++w) {
      const Window at = windowOf(s, d, h, w);
      float* out = y + (unit * s.outW + w) * channels;
      for (int64_t c = 0; c < channels; c += kWidth) {
        const int64_t lanes = min64(kWidth, channels - c);
        VecF best = splat(-__builtin_inff());
        for (int i = at.d0; i < at.d1; ++i) {
          for (int j = at.h0; j < at.h1; ++j) {
            const float* row = sample + ((int64_t{i} * s.inH + j) * s.inW) * channels + c;
            for (int k = at.w0; k < at.w1; ++k) best = vmax(loadPartial(row + k * channels, lanes), best);
          }
        }
        storePartial(out + c, best, lanes);
      }
    }
  });
}

/// One window's gradient, for `lanes` channels from c: added to dx, or stored where no other window
/// reaches (Alone).
template <bool Alone>
GENESIS_INLINE void scatter(const PoolShape& s, const Window& at, const float* dy, const float* y, const float* sample,
                            float* dxSample, int64_t c, int64_t lanes) {
  const int64_t channels = s.channels;
  const VecF best = loadPartial(y + c, lanes);
  VecF grad = loadPartial(dy + c, lanes);
  for (int i = at.d1 - 1; i >= at.d0; --i) {
    for (int j = at.h1 - 1; j >= at.h0; --j) {
      for (int k = at.w1 - 1; k >= at.w0; --k) {
        const int64_t offset = ((int64_t{i} * s.inH + j) * s.inW + k) * channels + c;
        const VecI hit = loadPartial(sample + offset, lanes) == best;
        VecF share = select(hit, grad, VecF{});
        grad = select(hit, VecF{}, grad);
        if (!Alone) share += loadPartial(dxSample + offset, lanes);
        storePartial(dxSample + offset, share, lanes);
      }
    }
  }
}

bool tilesInput(const PoolShape& s) {
  return s.sD == s.kD && s.sH == s.kH && s.sW == s.kW && s.padD == 0 && s.padH == 0 && s.padW == 0 &&
         s.outD * s.sD >= s.inD && s.outH * s.sH >= s.inH && s.outW * s.sW >= s.inW;
}

void maxGrad(const PoolShape& s, const float* dy, const float* x, const float* y, float* dx) {
  const int64_t channels = s.channels;
  const int64_t inSample = int64_t{s.inD} * s.inH * s.inW * channels;
  const int64_t outSample = int64_t{s.outD} * s.outH * s.outW * channels;
  if (tilesInput(s)) {
    parallelFor(int64_t{s.batch} * s.outD * s.outH, [&](int64_t unit, int) {
      const int h = static_cast<int>(unit % s.outH), d = static_cast<int>(unit / s.outH % s.outD);
      const int64_t sample = unit / s.outH / s.outD * inSample;
      for (int w = 0; w < s.outW; ++w) {
        const Window at = windowOf(s, d, h, w);
        const int64_t out = (unit * s.outW + w) * channels;
        for (int64_t c = 0; c < channels; c += kWidth) {
          scatter<true>(s, at, dy + out, y + out, x + sample, dx + sample, c, min64(kWidth, channels - c));
        }
      }
    });
    return;
  }
  // Windows may overlap: a unit owns some channels of one sample.
  const int64_t groups = (channels + kWidth - 1) / kWidth;
  parallelFor(s.batch * groups, [&](int64_t unit, int) {
    const int64_t c = unit % groups * kWidth, lanes = min64(kWidth, channels - c);
    const float* sample = x + unit / groups * inSample;
    float* dxSample = dx + unit / groups * inSample;
    for (int64_t i = c; i < inSample; i += channels) storePartial(dxSample + i, VecF{}, lanes);
    for (int d = 0; d < s.outD; ++d) {
      for (int h = 0; h < s.outH; ++h) {
        for (int w = 0; w < s.outW; ++w) {
          const int64_t out = unit / groups * outSample + ((int64_t{d} * s.outH + h) * s.outW + w) * channels;
          scatter<false>(s, windowOf(s, d, h, w), dy + out, y + out, sample, dxSample, c, lanes);
        }
      }
    }
  });
}

}  // namespace

extern const PoolKernels poolKernels = {.max = max, .maxGrad = maxGrad};

}  // namespace GENESIS_ISA
}  // namespace genesis
