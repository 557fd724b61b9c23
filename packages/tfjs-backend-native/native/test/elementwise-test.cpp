// Element-wise functions, reductions and moves between layouts, on odd sizes.
#include <vector>

#include "ops/binary.h"
#include "ops/reduce.h"
#include "ops/strided-copy.h"
#include "ops/unary.h"
#include "test/ops-support.h"

namespace {

using namespace genesis_test;

void unary() {
  for (int64_t n : {1, 15, 17, 33, 16385}) {
    Array x(n, 4), y(n);
    for (int op = 0; op < static_cast<int>(UnaryOp::Count); ++op) {
      GENESIS_KERNELS(unaryKernels).apply(static_cast<UnaryOp>(op), 0.25f, 0.5f, n, x, y);
    }
    const UnaryKernels& k = GENESIS_KERNELS(unaryKernels);
    k.apply(UnaryOp::Exp, 0, 0, n, x, y);
    check("exp", n, y, 3e-7, [&](int64_t i) { return std::exp(double{x[i]}); });
    k.apply(UnaryOp::Tanh, 0, 0, n, x, y);
    check("tanh", n, y, 3e-7, [&](int64_t i) { return std::tanh(double{x[i]}); });
    k.apply(UnaryOp::Softplus, 0, 0, n, x, y);
    check("softplus", n, y, 3e-7, [&](int64_t i) { return std::log1p(std::exp(double{x[i]})); });
    k.apply(UnaryOp::Abs, 0, 0, n, x, x);
    k.apply(UnaryOp::Log, 0, 0, n, x, y);
    check("log", n, y, 3e-7, [&](int64_t i) { return std::log(double{x[i]}); });
    k.apply(UnaryOp::Sqrt, 0, 0, n, x, y);
    check("sqrt", n, y, 1e-7, [&](int64_t i) { return std::sqrt(double{x[i]}); });
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
      check("choose", rows * columns, out, 0, [&](int64_t i) { return a[i]; });
      k.arithmetic(BinaryOp::Sub, perRow, a, row, out);
      check("sub row", rows * columns, out, 2e-7, [&](int64_t i) { return double{a[i]} - row[i % columns]; });
      k.arithmetic(BinaryOp::Sub, perColumn, a, column, out);
      check("sub column", rows * columns, out, 2e-7, [&](int64_t i) { return double{a[i]} - column[i / columns]; });
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
        check("sum", y.size, y, 2e-6, expected);
        k.reduce(ReduceOp::Max, kept, reduced, inner, 1, x, y);
        k.reduce(ReduceOp::Min, kept, reduced, inner, 1, x, y);
        Array soft(x.size);
        k.softmax(kept * reduced, inner, x, soft);
      }
    }
  }
}

void layout() {
  for (int64_t a : {1, 5, 40}) {
    for (int64_t b : {1, 3, 65}) {
      for (int64_t c : {1, 2, 33}) {
        Array x(a * b * c), y(a * b * c);
        stridedCopy({3, 4, {c, a, b}, {1, b * c, c}, {a * b, b, 1}}, x, y);
        check("transpose", y.size, y, 0, [&](int64_t i) { return x[(i / b % a * b + i % b) * c + i / (a * b)]; });
        stridedCopy({1, 1, {a * b * c}, {1}, {1}}, x, y);
        fill(y.size, 2.0f, y);
      }
    }
  }
}

}  // namespace

int main() {
  return onEverySet([] {
    unary();
    binary();
    reduce();
    layout();
  });
}
