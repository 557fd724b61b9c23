// Element-wise functions, reductions and moves between layouts.
#include <stdexcept>

#include "addon/call.h"
#include "ops/binary.h"
#include "ops/reduce.h"
#include "ops/strided-copy.h"
#include "ops/unary.h"

namespace genesis {

namespace {

template <typename Op>
Op opOf(const Call& call, int index) {
  const int64_t value = call.integer(index);
  if (value < 0 || value >= static_cast<int64_t>(Op::Count)) throw std::invalid_argument("There is no such operation");
  return static_cast<Op>(value);
}

/// (op, p, q, x, y); y may be x
void unary(Call& call) {
  int64_t size;
  const float* x = call.floats(3, &size);
  GENESIS_KERNELS(unaryKernels)
      .apply(opOf<UnaryOp>(call, 0), static_cast<float>(call.number(1)), static_cast<float>(call.number(2)), size, x,
             call.floats(4, size));
}

/// Elements spanned by steps from one place; steps must not be negative.
int64_t span(int rank, const int64_t* size, const int64_t* step) {
  int64_t last = 0;
  for (int i = 0; i < rank; ++i) {
    if (step[i] < 0) throw std::invalid_argument("A step is negative");
    if (size[i] == 0) return 0;
    last += (size[i] - 1) * step[i];
  }
  return last + 1;
}

int rankOf(int64_t numbers, int64_t lists) {
  const int64_t rank = numbers / lists;
  if (numbers % lists != 0 || rank < 1 || rank > kMaxRank) throw std::invalid_argument("The rank is not 1 to 8");
  return static_cast<int>(rank);
}

/// Sizes, then the steps of a, then those of b.
Broadcast broadcastOf(const Call& call, int index, int64_t* total) {
  int64_t numbers;
  const int32_t* v = call.ints(index, &numbers);
  Broadcast s;
  s.rank = rankOf(numbers, 3);
  *total = 1;
  for (int i = 0; i < s.rank; ++i) {
    s.size[i] = v[i];
    s.stepA[i] = v[s.rank + i];
    s.stepB[i] = v[2 * s.rank + i];
    if (s.size[i] < 0) throw std::invalid_argument("A size is negative");
    *total *= s.size[i];
  }
  return s;
}

void checkSpan(int64_t needed, int64_t found) {
  if (needed > found) throw std::invalid_argument("An operand is smaller than its shape");
}

/// Operands of (op, shape, a, b, out), none smaller than the shape says.
struct Operands {
  Broadcast shape;
  const float* a;
  const float* b;
  int64_t total;  // elements of out
};

Operands operandsOf(const Call& call) {
  Operands o;
  int64_t sizeA, sizeB;
  o.shape = broadcastOf(call, 1, &o.total);
  o.a = call.floats(2, &sizeA);
  o.b = call.floats(3, &sizeB);
  checkSpan(span(o.shape.rank, o.shape.size, o.shape.stepA), sizeA);
  checkSpan(span(o.shape.rank, o.shape.size, o.shape.stepB), sizeB);
  return o;
}

void binary(Call& call) {
  const Operands o = operandsOf(call);
  GENESIS_KERNELS(binaryKernels).arithmetic(opOf<BinaryOp>(call, 0), o.shape, o.a, o.b, call.floats(4, o.total));
}

void compare(Call& call) {
  const Operands o = operandsOf(call);
  GENESIS_KERNELS(binaryKernels).compare(opOf<CompareOp>(call, 0), o.shape, o.a, o.b, call.bytes(4, o.total));
}

/// (condition, a, b, out)
void choose(Call& call) {
  int64_t size;
  float* out = call.floats(3, &size);
  GENESIS_KERNELS(binaryKernels).choose(size, call.bytes(0, size), call.floats(1, size), call.floats(2, size), out);
}

/// (op, kept, reduced, inner, scale, x, y)
void reduce(Call& call) {
  const int64_t kept = call.integer(1), reduced = call.integer(2), inner = call.integer(3);
  if (kept < 1 || reduced < 1 || inner < 1) throw std::invalid_argument("Nothing to reduce");
  GENESIS_KERNELS(reduceKernels)
      .reduce(opOf<ReduceOp>(call, 0), kept, reduced, inner, static_cast<float>(call.number(4)),
              call.floats(5, kept * reduced * inner), call.floats(6, kept * inner));
}

/// (rows, classes, x, y)
void softmax(Call& call) {
  const int64_t rows = call.integer(0), classes = call.integer(1);
  if (classes < 1) throw std::invalid_argument("Softmax needs classes");
  GENESIS_KERNELS(reduceKernels).softmax(rows, classes, call.floats(2, rows * classes), call.floats(3, rows * classes));
}

/// (rows, classes, dy, y, dx)
void softmaxGrad(Call& call) {
  const int64_t rows = call.integer(0), classes = call.integer(1), size = rows * classes;
  if (classes < 1) throw std::invalid_argument("Softmax needs classes");
  GENESIS_KERNELS(reduceKernels)
      .softmaxGrad(rows, classes, call.floats(2, size), call.floats(3, size), call.floats(4, size));
}

struct Elements {
  char* data;
  int64_t count;
  int bytes;
};

Elements elementsOf(const Call& call, int index) {
  napi_typedarray_type type;
  size_t length;
  void* data;
  if (napi_get_typedarray_info(call.env(), call.value(index), &type, &length, &data, nullptr, nullptr) != napi_ok) {
    throw std::invalid_argument("An operand is not a typed array");
  }
  const bool wide = type == napi_float32_array || type == napi_int32_array;
  if (!wide && type != napi_uint8_array) throw std::invalid_argument("An operand has another type");
  return {static_cast<char*>(data), static_cast<int64_t>(length), wide ? 4 : 1};
}

/// (shape: sizes, steps in, steps out; in, first in, out, first out)
void copy(Call& call) {
  int64_t numbers;
  const int32_t* v = call.ints(0, &numbers);
  StridedCopy s;
  s.rank = rankOf(numbers, 3);
  for (int i = 0; i < s.rank; ++i) {
    s.size[i] = v[i];
    s.stepIn[i] = v[s.rank + i];
    s.stepOut[i] = v[2 * s.rank + i];
    if (s.size[i] < 0) throw std::invalid_argument("A size is negative");
  }
  const Elements in = elementsOf(call, 1), out = elementsOf(call, 3);
  const int64_t firstIn = call.integer(2), firstOut = call.integer(4);
  if (in.bytes != out.bytes || firstIn < 0 || firstOut < 0) throw std::invalid_argument("A copy mixes types");
  s.bytes = in.bytes;
  checkSpan(firstIn + span(s.rank, s.size, s.stepIn), in.count);
  checkSpan(firstOut + span(s.rank, s.size, s.stepOut), out.count);
  stridedCopy(s, in.data + firstIn * s.bytes, out.data + firstOut * s.bytes);
}

/// (value, out)
void fillWith(Call& call) {
  int64_t size;
  float* out = call.floats(1, &size);
  fill(size, static_cast<float>(call.number(0)), out);
}

}  // namespace

extern const Binding elementwiseBindings[] = {
    {"unary", unary},     {"binary", binary},           {"compare", compare}, {"choose", choose}, {"reduce", reduce},
    {"softmax", softmax}, {"softmaxGrad", softmaxGrad}, {"copy", copy},       {"fill", fillWith}, {nullptr, nullptr},
};

}  // namespace genesis
