// Element-wise functions of two arrays with broadcasting.
#include "ops/binary.h"

#include "runtime/simd.h"
#include "runtime/threads.h"
#include "runtime/workspace.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

constexpr int64_t kPiece = 16384;

GENESIS_INLINE VecF nanMax(VecF a, VecF b) { return select(a != a, a, select(a > b, a, b)); }
GENESIS_INLINE VecF nanMin(VecF a, VecF b) { return select(a != a, a, select(a < b, a, b)); }

template <BinaryOp Op>
GENESIS_INLINE VecF compute(VecF a, VecF b) {
  switch (Op) {
    case BinaryOp::Add: return a + b;
    case BinaryOp::Sub: return a - b;
    case BinaryOp::Multiply: return a * b;
    case BinaryOp::RealDiv: return a / b;
    case BinaryOp::Maximum: return nanMax(a, b);
    case BinaryOp::Minimum: return nanMin(a, b);
    case BinaryOp::SquaredDifference: return (a - b) * (a - b);
    case BinaryOp::Prelu: return select(a < 0.0f, a * b, a);
    case BinaryOp::EluGrad: return select(b < 0.0f, a * (b + 1.0f), a);  // a: dy, b: y
    case BinaryOp::Count: break;
  }
  return a;
}

template <BinaryOp Op>
struct Arithmetic {
  using Out = float;
  static GENESIS_INLINE void put(float* out, VecF a, VecF b, int64_t lanes) {
    storePartial(out, compute<Op>(a, b), lanes);
  }
};

template <CompareOp Op>
struct Comparison {
  using Out = uint8_t;
  static GENESIS_INLINE void put(uint8_t* out, VecF a, VecF b, int64_t lanes) {
    VecI hit = {};
    switch (Op) {
      case CompareOp::Equal: hit = a == b; break;
      case CompareOp::NotEqual: hit = a != b; break;
      case CompareOp::Greater: hit = a > b; break;
      case CompareOp::GreaterEqual: hit = a >= b; break;
      case CompareOp::Less: hit = a < b; break;
      case CompareOp::LessEqual: hit = a <= b; break;
      case CompareOp::Count: break;
    }
    for (int64_t i = 0; i < lanes; ++i) out[i] = static_cast<uint8_t>(hit[i] & 1);
  }
};

/// n results in a row; an operand whose step is 0 is one value for all.
template <typename Op>
void row(int64_t n, const float* a, int64_t stepA, const float* b, int64_t stepB, typename Op::Out* out) {
  const VecF fixedA = splat(a[0]), fixedB = splat(b[0]);
  for (int64_t i = 0; i < n; i += kWidth) {
    const int64_t lanes = min64(kWidth, n - i);
    Op::put(out + i, stepA != 0 ? loadPartial(a + i, lanes) : fixedA, stepB != 0 ? loadPartial(b + i, lanes) : fixedB,
            lanes);
  }
}

/// The innermost dimension goes by rows, the others by an odometer; a unit is some rows, or a part of one.
template <typename Op>
void overRows(const Broadcast& s, const float* a, const float* b, typename Op::Out* out) {
  const int last = s.rank - 1;
  const int64_t n = s.size[last], stepA = s.stepA[last], stepB = s.stepB[last];
  int64_t rows = 1;
  for (int i = 0; i < last; ++i) rows *= s.size[i];
  const int64_t parts = n > 2 * kPiece ? (n + kPiece - 1) / kPiece : 1;
  const int64_t rowsEach = parts > 1 ? 1 : max64(1, kPiece / n);
  const int64_t groups = (rows + rowsEach - 1) / rowsEach;
  parallelFor(groups * parts, [&](int64_t unit, int) {
    const int64_t from = unit % parts * kPiece;
    const int64_t count = parts > 1 ? min64(kPiece, n - from) : n;
    const int64_t firstRow = unit / parts * rowsEach, lastRow = min64(rows, firstRow + rowsEach);
    int64_t index[kMaxRank] = {}, rest = firstRow, atA = 0, atB = 0;
    for (int i = last - 1; i >= 0; --i) {
      index[i] = rest % s.size[i];
      rest /= s.size[i];
      atA += index[i] * s.stepA[i];
      atB += index[i] * s.stepB[i];
    }
    for (int64_t r = firstRow; r < lastRow; ++r) {
      row<Op>(count, a + atA + from * stepA, stepA, b + atB + from * stepB, stepB, out + r * n + from);
      for (int i = last - 1; i >= 0; --i) {
        atA += s.stepA[i];
        atB += s.stepB[i];
        if (++index[i] < s.size[i]) break;
        atA -= s.size[i] * s.stepA[i];
        atB -= s.size[i] * s.stepB[i];
        index[i] = 0;
      }
    }
  });
}

/// Whether one operand is whole and the other one row [n] for all rows: then rows are joined.
bool perChannel(const Broadcast& s, bool second) {
  if (s.rank != 2) return false;
  const int64_t* whole = second ? s.stepA : s.stepB;
  const int64_t* repeated = second ? s.stepB : s.stepA;
  return whole[0] == s.size[1] && whole[1] == 1 && repeated[0] == 0 && repeated[1] == 1;
}

template <typename Op>
void broadcast(const Broadcast& s, const float* a, const float* b, typename Op::Out* out) {
  for (int i = 0; i < s.rank; ++i) {
    if (s.size[i] == 0) return;
  }
  const bool second = perChannel(s, true);
  if ((second || perChannel(s, false)) && s.size[1] < 512 && s.size[0] > 1) {
    // The short row is repeated to a length that is worth a loop of its own.
    const int64_t channels = s.size[1], rows = s.size[0];
    const int64_t copies = min64(rows, max64(1, 2048 / channels));
    Scratch repeated(copies * channels);
    for (int64_t i = 0; i < copies; ++i) {
      std::memcpy(repeated.data() + i * channels, second ? b : a, static_cast<size_t>(channels) * sizeof(float));
    }
    parallelFor((rows + copies - 1) / copies, [&](int64_t unit, int) {
      const int64_t at = unit * copies * channels, count = min64(copies, rows - unit * copies) * channels;
      row<Op>(count, second ? a + at : repeated.data(), 1, second ? repeated.data() : b + at, 1, out + at);
    });
    return;
  }
  overRows<Op>(s, a, b, out);
}

void arithmetic(BinaryOp op, const Broadcast& s, const float* a, const float* b, float* out) {
  switch (op) {
#define GENESIS_CASE(name) \
  case BinaryOp::name: return broadcast<Arithmetic<BinaryOp::name>>(s, a, b, out);
    GENESIS_BINARY_OPS(GENESIS_CASE)
#undef GENESIS_CASE
    case BinaryOp::Count: return;
  }
}

void compare(CompareOp op, const Broadcast& s, const float* a, const float* b, uint8_t* out) {
  switch (op) {
#define GENESIS_CASE(name) \
  case CompareOp::name: return broadcast<Comparison<CompareOp::name>>(s, a, b, out);
    GENESIS_COMPARE_OPS(GENESIS_CASE)
#undef GENESIS_CASE
    case CompareOp::Count: return;
  }
}

void choose(int64_t size, const uint8_t* condition, const float* a, const float* b, float* out) {
  parallelRange(size, kPiece, [&](int64_t begin, int64_t end, int) {
    for (int64_t i = begin; i < end; ++i) out[i] = condition[i] == 1 ? a[i] : b[i];
  });
}

}  // namespace

extern const BinaryKernels binaryKernels = {.arithmetic = arithmetic, .compare = compare, .choose = choose};

}  // namespace GENESIS_ISA
}  // namespace genesis
