// Calls every kernel of native/ops with odd sizes on exactly sized heap arrays, on every instruction set
// and several thread counts, and compares with plain loops in double precision. Made for sanitizers: a
// read or write past an end, a race or undefined behaviour is theirs to find.
#include "ops.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "threads.h"

namespace {

using namespace genesis;

int failures = 0;
uint32_t state = 1;

float next() {
  state = state * 1664525u + 1013904223u;
  return static_cast<float>(state >> 8) / 8388608.0f - 1.0f;
}

/// Exactly n floats on the heap, so that AddressSanitizer sees one element too far.
struct Array {
  std::unique_ptr<float[]> data;
  int64_t size;
  explicit Array(int64_t n, float scale = 1, float shift = 0) : data(new float[static_cast<size_t>(n)]), size(n) {
    for (int64_t i = 0; i < n; ++i) data[i] = next() * scale + shift;
  }
  operator float*() { return data.get(); }
  float& operator[](int64_t i) { return data[static_cast<size_t>(i)]; }
};

template <typename F>
void check(const char* name, int64_t size, const float* actual, F&& expected, double tolerance = 5e-6) {
  double difference = 0, norm = 1e-30;
  for (int64_t i = 0; i < size; ++i) {
    const double e = expected(i);
    difference += (actual[i] - e) * (actual[i] - e);
    norm += e * e;
  }
  const double error = std::sqrt(difference / norm);
  if (!(error <= tolerance)) {
    ++failures;
    std::printf("%s on %s: error %g over %lld values\n", name, isaName(activeIsa()), error,
                static_cast<long long>(size));
  }
}

void unary() {
  for (int64_t n : {1, 15, 17, 33, 16385}) {
    Array x(n, 4), y(n);
    for (int op = 0; op < static_cast<int>(UnaryOp::Count); ++op) {
      GENESIS_KERNELS(unaryKernels).apply(static_cast<UnaryOp>(op), 0.25f, 0.5f, n, x, y);
    }
    const UnaryKernels& k = GENESIS_KERNELS(unaryKernels);
    k.apply(UnaryOp::Exp, 0, 0, n, x, y);
    check("exp", n, y, [&](int64_t i) { return std::exp(double{x[i]}); }, 3e-7);
    k.apply(UnaryOp::Tanh, 0, 0, n, x, y);
    check("tanh", n, y, [&](int64_t i) { return std::tanh(double{x[i]}); }, 3e-7);
    k.apply(UnaryOp::Softplus, 0, 0, n, x, y);
    check("softplus", n, y, [&](int64_t i) { return std::log1p(std::exp(double{x[i]})); }, 3e-7);
    k.apply(UnaryOp::Abs, 0, 0, n, x, x);
    k.apply(UnaryOp::Log, 0, 0, n, x, y);
    check("log", n, y, [&](int64_t i) { return std::log(double{x[i]}); }, 3e-7);
    k.apply(UnaryOp::Sqrt, 0, 0, n, x, y);
    check("sqrt", n, y, [&](int64_t i) { return std::sqrt(double{x[i]}); }, 1e-7);
  }
}

void binary() {
  for (int64_t rows : {1, 3, 700}) {
    for (int64_t columns : {1, 3, 16, 31, 33, 513}) {
      Array a(rows * columns), row(columns), column(rows), out(rows * columns);
      std::vector<uint8_t> hits(static_cast<size_t>(rows * columns));
      const Broadcast perRow{2, {rows, columns}, {columns, 1}, {0, 1}};
      const Broadcast perColumn{2, {rows, columns}, {columns, 1}, {1, 0}};
      const BinaryKernels& k = GENESIS_KERNELS(binaryKernels);
      for (int op = 0; op < static_cast<int>(BinaryOp::Count); ++op) {
        k.arithmetic(static_cast<BinaryOp>(op), perRow, a, row, out);
        k.arithmetic(static_cast<BinaryOp>(op), perColumn, a, column, out);
      }
      for (int op = 0; op < static_cast<int>(CompareOp::Count); ++op) {
        k.compare(static_cast<CompareOp>(op), perRow, a, row, hits.data());
      }
      k.choose(rows * columns, hits.data(), a, a, out);
      check("choose", rows * columns, out, [&](int64_t i) { return a[i]; }, 0);
      k.arithmetic(BinaryOp::Sub, perRow, a, row, out);
      check("sub row", rows * columns, out, [&](int64_t i) { return double{a[i]} - row[i % columns]; }, 2e-7);
      k.arithmetic(BinaryOp::Sub, perColumn, a, column, out);
      check("sub column", rows * columns, out, [&](int64_t i) { return double{a[i]} - column[i / columns]; }, 2e-7);
    }
  }
}

void reduce() {
  for (int64_t kept : {1, 3}) {
    for (int64_t reduced : {1, 2, 17, 5000, 20011}) {
      for (int64_t inner : {1, 3, 31, 64}) {
        if (kept * reduced * inner > 700000) continue;
        Array x(kept * reduced * inner, 1, 0.5f), y(kept * inner);
        const auto expected = [&](int64_t i) {
          double sum = 0;
          for (int64_t r = 0; r < reduced; ++r) sum += x[(i / inner * reduced + r) * inner + i % inner];
          return sum * 0.5;
        };
        const ReduceKernels& k = GENESIS_KERNELS(reduceKernels);
        k.reduce(ReduceOp::Sum, kept, reduced, inner, 0.5f, x, y);
        check("sum", y.size, y, expected, 2e-6);
        k.reduce(ReduceOp::Max, kept, reduced, inner, 1, x, y);
        k.reduce(ReduceOp::Min, kept, reduced, inner, 1, x, y);
        Array soft(x.size);
        k.softmax(kept * reduced, inner, x, soft);
      }
    }
  }
}

void norm() {
  for (int64_t outer : {1, 2}) {
    for (int64_t rows : {5, 1021}) {
      for (int64_t channels : {1, 3, 31, 33, 64}) {
        for (int64_t groups : {channels, int64_t{1}}) {
          for (int activation = 0; activation < 4; ++activation) {
            const NormShape s{outer, rows, channels, groups};
            Array x(outer * rows * channels, 1, 2), dy(x.size), y(x.size), dx(x.size), gamma(channels), beta(channels);
            Array mean(outer * groups), invStd(outer * groups), dgamma(channels), dbeta(channels);
            const NormKernels& k = GENESIS_KERNELS(normKernels);
            k.forward(s, x, gamma, beta, 1e-5f, static_cast<Activation>(activation), 0.2f, y, mean, invStd);
            check("mean", mean.size, mean, [&](int64_t i) {
              const int64_t each = channels / groups, n = i / groups, first = i % groups * each;
              double sum = 0;
              for (int64_t r = 0; r < rows; ++r) {
                for (int64_t c = first; c < first + each; ++c) sum += x[(n * rows + r) * channels + c];
              }
              return sum / static_cast<double>(rows * each);
            }, 1e-6);
            k.backward(s, dy, x, gamma, beta, mean, invStd, static_cast<Activation>(activation), 0.2f, dx, dgamma,
                       dbeta);
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
    check("upsample", small.size, back, [&](int64_t i) { return 6.0 * small[i]; }, 1e-6);
  }
}

void optimizers() {
  for (int64_t n : {1, 17, 40003}) {
    Array p(n), g(n), m(n), v(n, 0.5f, 0.6f), np(n), nm(n), nv(n);
    GENESIS_KERNELS(optimizerKernels).sgd(n, {0.1f, 0.9f, 0.01f, true}, p, g, m, np, nm);
    check("sgd", n, nm, [&](int64_t i) { return 0.9f * double{m[i]} + g[i] + 0.01f * double{p[i]}; }, 1e-6);
    GENESIS_KERNELS(optimizerKernels)
        .adam(n, {0.01f, 0.9f, 0.999f, 1e-8f, 0.1f, true, 0.1f, 0.001f}, p, g, m, v, np, nm, nv);
    check("adam", n, nm, [&](int64_t i) { return 0.9f * double{m[i]} + (1.0f - 0.9f) * double{g[i]}; }, 1e-6);
  }
}

void layout() {
  for (int64_t a : {1, 5, 40}) {
    for (int64_t b : {1, 3, 65}) {
      for (int64_t c : {1, 2, 33}) {
        Array x(a * b * c), y(a * b * c);
        stridedCopy({3, 4, {c, a, b}, {1, b * c, c}, {a * b, b, 1}}, x, y);
        check("transpose", y.size, y, [&](int64_t i) {
          return x[(i / b % a * b + i % b) * c + i / (a * b)];
        }, 0);
        stridedCopy({1, 1, {a * b * c}, {1}, {1}}, x, y);
        fill(y.size, 2.0f, y);
      }
    }
  }
}

}  // namespace

int main() {
  for (const char* isa : {"base", "avx2", "avx512"}) {
    if (!forceIsa(isa)) continue;
    for (int threads : {1, 2, 5}) {
      setNumThreads(threads);
      unary();
      binary();
      reduce();
      norm();
      pool();
      optimizers();
      layout();
    }
  }
  std::printf("%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
