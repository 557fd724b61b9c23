// Element-wise functions of one array.
#include "ops/unary.h"

#include "ops/vmath.h"
#include "runtime/threads.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

constexpr int64_t kPiece = 16384;
constexpr float kSeluScale = 1.0507009873554805f;
constexpr float kSeluScaleAlpha = 1.7580993408473766f;

template <UnaryOp Op>
GENESIS_INLINE VecF compute(VecF x, VecF p, VecF q) {
  const VecF zero = {};
  switch (Op) {
    case UnaryOp::Abs: return vabs(x);
    case UnaryOp::Neg: return -x;
    case UnaryOp::Exp: return vexp(x);
    case UnaryOp::Expm1: return vexpm1(x);
    case UnaryOp::Log: return vlog(x);
    case UnaryOp::Sqrt: return vsqrt(x);
    case UnaryOp::Rsqrt: return 1.0f / vsqrt(x);
    case UnaryOp::Square: return x * x;
    case UnaryOp::Reciprocal: return 1.0f / x;
    case UnaryOp::Sigmoid: return vsigmoid(x);
    case UnaryOp::Tanh: return vtanh(x);
    case UnaryOp::Relu: return select(x < 0.0f, zero, x);
    case UnaryOp::Relu6: return select(x < 0.0f, zero, select(x > 6.0f, splat(6.0f), x));
    case UnaryOp::LeakyRelu: return select(x < 0.0f, x * p, x);
    case UnaryOp::Elu: return select(x < 0.0f, vexpm1(x), x);
    case UnaryOp::Selu: return select(x < 0.0f, vexpm1(x) * kSeluScaleAlpha, x * kSeluScale);
    case UnaryOp::Softplus: {
      // log(1 + eˣ) = max(x, 0) + log1p(t) with t = e^−|x|; log1p by its quotient log(u)·t/(u − 1).
      const VecF t = vexp(-vabs(x));
      const VecF u = t + 1.0f;
      const VecF gap = u - 1.0f;
      const VecF log1p = select(gap == 0.0f, t, vlog(u) * t / gap);
      return select(x > 0.0f, x, zero) + select(x == x, log1p, x);
    }
    case UnaryOp::Step: return select(x == x, select(x > 0.0f, splat(1.0f), p), x);
    case UnaryOp::Sign: return select(x > 0.0f, splat(1.0f), select(x < 0.0f, splat(-1.0f), zero));
    case UnaryOp::ClipByValue: return select(x > q, q, select(x < p, p, x));
    case UnaryOp::Scale: return x * p;
    case UnaryOp::Count: break;
  }
  return x;
}

template <UnaryOp Op>
void run(float p, float q, int64_t size, const float* x, float* y) {
  parallelRange(size, kPiece, [&](int64_t begin, int64_t end, int) {
    const VecF vp = splat(p), vq = splat(q);
    int64_t i = begin;
    for (; i + kWidth <= end; i += kWidth) store(y + i, compute<Op>(load(x + i), vp, vq));
    if (i < end) storePartial(y + i, compute<Op>(loadPartial(x + i, end - i), vp, vq), end - i);
  });
}

void apply(UnaryOp op, float p, float q, int64_t size, const float* x, float* y) {
  switch (op) {
#define GENESIS_CASE(name) \
  case UnaryOp::name: return run<UnaryOp::name>(p, q, size, x, y);
    GENESIS_UNARY_OPS(GENESIS_CASE)
#undef GENESIS_CASE
    case UnaryOp::Count: return;
  }
}

}  // namespace

extern const UnaryKernels unaryKernels = {.apply = apply};

}  // namespace GENESIS_ISA
}  // namespace genesis
