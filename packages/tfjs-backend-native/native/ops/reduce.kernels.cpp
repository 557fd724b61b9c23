// Sums and extremes along one axis, and softmax. Floats are added within pieces of about 8k, pieces in
// double precision, always in the same order.
#include "ops/reduce.h"

#include "ops/column-sums.h"
#include "ops/vmath.h"
#include "runtime/threads.h"
#include "runtime/workspace.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

constexpr int64_t kPiece = 8192;

/// NaN wins, as in the stock back end.
template <ReduceOp Op>
GENESIS_INLINE VecF extreme(VecF a, VecF b) {
  const VecI better = Op == ReduceOp::Max ? b > a : b < a;
  return select(a != a, a, select(better | (b != b), b, a));
}
template <ReduceOp Op>
GENESIS_INLINE float extreme(float a, float b) {
  if (a != a) return a;
  return (Op == ReduceOp::Max ? b > a : b < a) || b != b ? b : a;
}

template <ReduceOp Op>
constexpr float neutral() {
  return Op == ReduceOp::Sum ? 0.0f : Op == ReduceOp::Max ? -__builtin_inff() : __builtin_inff();
}

/// One contiguous run.
template <ReduceOp Op>
float run(int64_t n, const float* x) {
  constexpr int kLanes = 4;
  VecF a[kLanes];
  for (int j = 0; j < kLanes; ++j) a[j] = splat(neutral<Op>());
  int64_t i = 0;
  for (; i + kLanes * kWidth <= n; i += kLanes * kWidth) {
    for (int j = 0; j < kLanes; ++j) {
      const VecF v = load(x + i + j * kWidth);
      a[j] = Op == ReduceOp::Sum ? a[j] + v : extreme<Op>(a[j], v);
    }
  }
  float total = neutral<Op>();
  if (i > 0) {
    if (Op == ReduceOp::Sum) {
      total = sum((a[0] + a[1]) + (a[2] + a[3]));
    } else {
      const VecF all = extreme<Op>(extreme<Op>(a[0], a[1]), extreme<Op>(a[2], a[3]));
      total = all[0];
      for (int j = 1; j < kWidth; ++j) total = extreme<Op>(total, all[j]);
    }
  }
  for (; i < n; ++i) total = Op == ReduceOp::Sum ? total + x[i] : extreme<Op>(total, x[i]);
  return total;
}

template <ReduceOp Op>
float combine(int64_t pieces, const float* partial, int64_t step, float scale) {
  if (Op == ReduceOp::Sum) {
    double total = 0;
    for (int64_t i = 0; i < pieces; ++i) total += partial[i * step];
    return static_cast<float>(total * scale);
  }
  float total = partial[0];
  for (int64_t i = 1; i < pieces; ++i) total = extreme<Op>(total, partial[i * step]);
  return total;
}

/// x [kept, reduced] → y [kept]
template <ReduceOp Op>
void rows(int64_t kept, int64_t reduced, float scale, const float* x, float* y) {
  if (reduced <= 2 * kPiece) {
    parallelRange(kept, max64(1, kPiece / reduced), [&](int64_t begin, int64_t end, int) {
      for (int64_t k = begin; k < end; ++k) {
        const float total = run<Op>(reduced, x + k * reduced);
        y[k] = Op == ReduceOp::Sum ? total * scale : total;
      }
    });
    return;
  }
  const int64_t pieces = (reduced + kPiece - 1) / kPiece;
  Scratch partial(kept * pieces);
  parallelFor(kept * pieces, [&](int64_t unit, int) {
    const int64_t from = unit % pieces * kPiece;
    partial.data()[unit] = run<Op>(min64(kPiece, reduced - from), x + unit / pieces * reduced + from);
  });
  for (int64_t k = 0; k < kept; ++k) y[k] = combine<Op>(pieces, partial.data() + k * pieces, 1, scale);
}

/// One piece of columns: out [inner] over `count` rows of x.
template <ReduceOp Op>
void columnPiece(const Period& period, int64_t count, const float* x, float* acc, float* out) {
  if (Op == ReduceOp::Sum) {
    columnSums<1>(
        period, count * period.channels, acc, out, [&](int64_t i, int64_t, VecF* a) { a[0] += load(x + i); },
        [&](int64_t i, int64_t, float* a) { a[0] = x[i]; });
    return;
  }
  const int64_t inner = period.channels;
  std::memcpy(out, x, static_cast<size_t>(inner) * sizeof(float));
  for (int64_t r = 1; r < count; ++r) {
    for (int64_t c = 0; c < inner; c += kWidth) {
      const int64_t lanes = min64(kWidth, inner - c);
      storePartial(out + c, extreme<Op>(loadPartial(out + c, lanes), loadPartial(x + r * inner + c, lanes)), lanes);
    }
  }
}

/// x [kept, reduced, inner] → y [kept, inner]
template <ReduceOp Op>
void columns(int64_t kept, int64_t reduced, int64_t inner, float scale, const float* x, float* y) {
  const Period period(inner);
  const int64_t rowsEach = max64(1, min64(reduced, max64(period.rows(), 8 * kPiece / inner)));
  const int64_t pieces = (reduced + rowsEach - 1) / rowsEach;
  Scratch acc(numThreads() * period.floats);
  Scratch partial(kept * pieces * inner);
  parallelFor(kept * pieces, [&](int64_t unit, int worker) {
    const int64_t first = unit % pieces * rowsEach;
    columnPiece<Op>(period, min64(rowsEach, reduced - first), x + (unit / pieces * reduced + first) * inner,
                    acc.data() + worker * period.floats, partial.data() + unit * inner);
  });
  parallelRange(kept * inner, 4096, [&](int64_t begin, int64_t end, int) {
    for (int64_t i = begin; i < end; ++i) {
      y[i] = combine<Op>(pieces, partial.data() + i / inner * pieces * inner + i % inner, inner, scale);
    }
  });
}

template <ReduceOp Op>
void reduceWith(int64_t kept, int64_t reduced, int64_t inner, float scale, const float* x, float* y) {
  if (inner == 1) {
    rows<Op>(kept, reduced, scale, x, y);
  } else {
    columns<Op>(kept, reduced, inner, scale, x, y);
  }
}

void reduce(ReduceOp op, int64_t kept, int64_t reduced, int64_t inner, float scale, const float* x, float* y) {
  switch (op) {
    case ReduceOp::Sum: return reduceWith<ReduceOp::Sum>(kept, reduced, inner, scale, x, y);
    case ReduceOp::Max: return reduceWith<ReduceOp::Max>(kept, reduced, inner, scale, x, y);
    case ReduceOp::Min: return reduceWith<ReduceOp::Min>(kept, reduced, inner, scale, x, y);
    case ReduceOp::Count: return;
  }
}

constexpr int64_t kFewClasses = 4 * kWidth;  // below, a row's sum is taken one by one

/// kWidth rows of few classes, or `lanes` of them, as one vector per class.
struct ClassRows {
  alignas(64) float values[kFewClasses * kWidth];
  GENESIS_INLINE void read(const float* x, int64_t classes, int64_t lanes) {
    for (int64_t c = 0; c < classes; ++c) {
      for (int64_t i = 0; i < lanes; ++i) values[c * kWidth + i] = x[i * classes + c];
      for (int64_t i = lanes; i < kWidth; ++i) values[c * kWidth + i] = 0.0f;
    }
  }
  GENESIS_INLINE void write(float* y, int64_t classes, int64_t lanes) const {
    for (int64_t c = 0; c < classes; ++c) {
      for (int64_t i = 0; i < lanes; ++i) y[i * classes + c] = values[c * kWidth + i];
    }
  }
  GENESIS_INLINE VecF at(int64_t c) const { return load(values + c * kWidth); }
  GENESIS_INLINE void set(int64_t c, VecF v) { store(values + c * kWidth, v); }
};

/// body(first row, lanes) over all rows, kWidth at a time, in parallel.
template <typename F>
void overRows(int64_t rowCount, int64_t classes, F&& body) {
  const int64_t grain = roundUp(max64(1, kPiece / classes), kWidth);
  parallelRange(rowCount, grain, [&](int64_t begin, int64_t end, int) {
    for (int64_t r = begin; r < end; r += kWidth) body(r, min64(kWidth, end - r));
  });
}

void softmaxFew(int64_t rowCount, int64_t classes, const float* x, float* y) {
  overRows(rowCount, classes, [&](int64_t r, int64_t lanes) {
    ClassRows rows;
    rows.read(x + r * classes, classes, lanes);
    VecF largest = splat(neutral<ReduceOp::Max>()), total = {};
    for (int64_t c = 0; c < classes; ++c) largest = extreme<ReduceOp::Max>(largest, rows.at(c));
    for (int64_t c = 0; c < classes; ++c) {
      const VecF e = vexp(rows.at(c) - largest);
      rows.set(c, e);
      total += e;
    }
    const VecF scale = 1.0f / total;
    for (int64_t c = 0; c < classes; ++c) rows.set(c, rows.at(c) * scale);
    rows.write(y + r * classes, classes, lanes);
  });
}

void softmaxGrad(int64_t rowCount, int64_t classes, const float* dy, const float* y, float* dx) {
  if (classes < kFewClasses) {
    overRows(rowCount, classes, [&](int64_t r, int64_t lanes) {
      ClassRows values, grads;
      values.read(y + r * classes, classes, lanes);
      grads.read(dy + r * classes, classes, lanes);
      VecF total = {};
      for (int64_t c = 0; c < classes; ++c) total += values.at(c) * grads.at(c);
      for (int64_t c = 0; c < classes; ++c) grads.set(c, values.at(c) * (grads.at(c) - total));
      grads.write(dx + r * classes, classes, lanes);
    });
    return;
  }
  parallelRange(rowCount, max64(1, kPiece / classes), [&](int64_t begin, int64_t end, int) {
    for (int64_t r = begin; r < end; ++r) {
      const int64_t at = r * classes;
      VecF sums = {};
      for (int64_t c = 0; c < classes; c += kWidth) {
        sums += loadPartial(dy + at + c, classes - c) * loadPartial(y + at + c, classes - c);
      }
      const VecF total = splat(sum(sums));
      for (int64_t c = 0; c < classes; c += kWidth) {
        const VecF value = loadPartial(y + at + c, classes - c), grad = loadPartial(dy + at + c, classes - c);
        storePartial(dx + at + c, value * (grad - total), classes - c);
      }
    }
  });
}

void softmax(int64_t rowCount, int64_t classes, const float* x, float* y) {
  if (classes < kFewClasses) return softmaxFew(rowCount, classes, x, y);
  parallelRange(rowCount, max64(1, kPiece / classes), [&](int64_t begin, int64_t end, int) {
    for (int64_t r = begin; r < end; ++r) {
      const float largest = run<ReduceOp::Max>(classes, x + r * classes);
      for (int64_t c = r * classes; c < (r + 1) * classes; ++c) y[c] = x[c] - largest;
    }
    const int64_t last = end * classes;
    for (int64_t i = begin * classes; i < last; i += kWidth) {
      const int64_t lanes = min64(kWidth, last - i);
      storePartial(y + i, vexp(loadPartial(y + i, lanes)), lanes);
    }
    for (int64_t r = begin; r < end; ++r) {
      const float scale = 1.0f / run<ReduceOp::Sum>(classes, y + r * classes);
      for (int64_t c = r * classes; c < (r + 1) * classes; ++c) y[c] *= scale;
    }
  });
}

}  // namespace

extern const ReduceKernels reduceKernels = {.reduce = reduce, .softmax = softmax, .softmaxGrad = softmaxGrad};

}  // namespace GENESIS_ISA
}  // namespace genesis
