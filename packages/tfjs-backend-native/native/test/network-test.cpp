// Normalization, pooling, up-sampling and the optimizers' updates, on odd sizes.
#include "ops/norm/norm.h"
#include "ops/optimizer.h"
#include "ops/pool3d.h"
#include "ops/upsample3d.h"
#include "test/ops-support.h"

namespace {

using namespace genesis_test;

void norm() {
  for (int64_t outer : {1, 2}) {
    for (int64_t rows : {5, 1021}) {
      for (int64_t channels : {1, 3, 31, 33, 64}) {
        for (int64_t groups : {channels, int64_t{1}}) {
          for (int activation = 0; activation < 4; ++activation) {
            const NormShape s{outer, rows, channels, groups};
            Array x(outer * rows * channels, 1, 2), dy(x.size), y(x.size), dx(x.size), gamma(channels), beta(channels);
            Array mean(outer * groups), invStd(outer * groups), dgamma(channels), dbeta(channels), sums(channels);
            const NormKernels& k = GENESIS_KERNELS(normKernels);
            k.forward(s, x, gamma, beta, 1e-5f, static_cast<Activation>(activation), 0.2f, y, mean, invStd);
            check("mean", mean.size, mean, 1e-6, [&](int64_t i) {
              const int64_t each = channels / groups, n = i / groups, first = i % groups * each;
              double sum = 0;
              for (int64_t r = 0; r < rows; ++r) {
                for (int64_t c = first; c < first + each; ++c) sum += x[(n * rows + r) * channels + c];
              }
              return sum / static_cast<double>(rows * each);
            });
            GENESIS_KERNELS(normGradKernels)
                .backward(s, dy, x, gamma, beta, mean, invStd, static_cast<Activation>(activation), 0.2f, dx, dgamma,
                          dbeta, sums);
            for (int64_t c = 0; c < channels; ++c) {
              double total = 0, size = 0;
              for (int64_t r = 0; r < outer * rows; ++r) {
                total += dx[r * channels + c];
                size += std::fabs(dx[r * channels + c]);
              }
              if (!(std::fabs(sums[c] - total) <= 1e-6 * size)) {
                ++failures;
                std::printf("sums of normalization's gradient: %g, not %g\n", sums[c], total);
              }
            }
          }
        }
      }
    }
  }
}

void pool() {
  for (int channels : {1, 3, 17, 64}) {
    for (int stride : {1, 2, 3}) {
      PoolShape s{2, channels, 5, 7, 6, 0, 0, 0, 2, 3, 2, stride, stride, stride, 0, 1, 0};
      s.outD = (s.inD - s.kD) / stride + 1;
      s.outH = (s.inH + 2 - s.kH) / stride + 1;
      s.outW = (s.inW - s.kW) / stride + 1;
      const int64_t in = int64_t{2} * 5 * 7 * 6 * channels;
      const int64_t out = int64_t{2} * s.outD * s.outH * s.outW * channels;
      Array x(in), y(out), dy(out), dx(in);
      GENESIS_KERNELS(poolKernels).max(s, x, y);
      GENESIS_KERNELS(poolKernels).maxGrad(s, dy, x, y, dx);
      double given = 0, taken = 0;
      for (int64_t i = 0; i < out; ++i) given += dy[i];
      for (int64_t i = 0; i < in; ++i) taken += dx[i];
      if (std::fabs(given - taken) > 1e-3) {
        ++failures;
        std::printf("max pooling's gradient loses %g of %g\n", given - taken, given);
      }
    }
    const PoolShape tiles{1, channels, 4, 4, 6, 2, 2, 3, 2, 2, 2, 2, 2, 2, 0, 0, 0};
    Array x(96 * channels), y(12 * channels), dx(96 * channels);
    GENESIS_KERNELS(poolKernels).max(tiles, x, y);
    GENESIS_KERNELS(poolKernels).maxGrad(tiles, y, x, y, dx);
    const UpsampleShape up{2, 3, 2, 1, channels, 2, 1, 3};
    Array small(12 * channels), large(72 * channels), back(12 * channels);
    GENESIS_KERNELS(upsampleKernels).forward(up, small, large);
    GENESIS_KERNELS(upsampleKernels).backward(up, large, back);
    check("upsample", small.size, back, 1e-6, [&](int64_t i) { return 6.0 * small[i]; });
  }
}

void optimizers() {
  for (int64_t n : {1, 17, 40003}) {
    Array p(n), g(n), m(n), v(n, 0.5f, 0.6f), np(n), nm(n), nv(n);
    GENESIS_KERNELS(optimizerKernels).sgd(n, {0.1f, 0.9f, 0.01f, true}, p, g, m, np, nm);
    check("sgd", n, nm, 1e-6, [&](int64_t i) { return 0.9f * double{m[i]} + g[i] + 0.01f * double{p[i]}; });
    GENESIS_KERNELS(optimizerKernels)
        .adam(n, {0.01f, 0.9f, 0.999f, 1e-8f, 0.1f, true, 0.1f, 0.001f}, p, g, m, v, np, nm, nv);
    check("adam", n, nm, 1e-6, [&](int64_t i) { return 0.9f * double{m[i]} + (1.0f - 0.9f) * double{g[i]}; });
  }
}

}  // namespace

int main() {
  return onEverySet([] {
    norm();
    pool();
    optimizers();
  });
}
