// Convolutions and matrix products.
#include <stdexcept>

#include "addon/call.h"
#include "conv/conv3d.h"
#include "gemm/matmul.h"

namespace genesis {

namespace {

/// An Int32Array with the fields of Conv3dShape in their order.
Conv3dShape shapeOf(const Call& call, int index) {
  const int32_t* v = call.ints(index, int64_t{18});
  const Conv3dShape s{v[0], v[1],  v[2],  v[3],  v[4],  v[5],  v[6],  v[7],  v[8],
                      v[9], v[10], v[11], v[12], v[13], v[14], v[15], v[16], v[17]};
  for (int i = 0; i < 15; ++i) {
    if (v[i] < 0 || (i >= 9 && v[i] < 1)) throw std::invalid_argument("A convolution's shape holds a wrong size");
  }
  return s;
}

int64_t inVoxels(const Conv3dShape& s) { return int64_t{s.batch} * s.inD * s.inH * s.inW; }
int64_t outFloats(const Conv3dShape& s) { return int64_t{s.batch} * s.outD * s.outH * s.outW * s.outC; }
int64_t filterFloats(const Conv3dShape& s) { return int64_t{s.kD} * s.kH * s.kW * s.inC * s.outC; }

void forward(Call& call) {
  const Conv3dShape s = shapeOf(call, 0);
  conv3d(s, call.source(1, inVoxels(s), s.inC), call.floats(2, filterFloats(s)), call.floatsOrNull(3, s.outC),
         call.floats(4, outFloats(s)));
}

void inputGrad(Call& call) {
  const Conv3dShape s = shapeOf(call, 0);
  conv3dInputGrad(s, call.floats(1, outFloats(s)), call.floats(2, filterFloats(s)), call.floatsOrNull(3, s.inC),
                  call.target(4, inVoxels(s), s.inC));
}

void filterGrad(Call& call) {
  const Conv3dShape s = shapeOf(call, 0);
  conv3dFilterGrad(s, call.source(1, inVoxels(s), s.inC), call.floats(2, outFloats(s)),
                   call.floats(3, filterFloats(s)));
}

/// matmul(m, n, k, a, transposeA, b, transposeB, c, batches of a, of b, of c); a batch of 1 is shared.
void multiply(Call& call) {
  const int64_t m = call.integer(0), n = call.integer(1), k = call.integer(2);
  const int64_t batchA = call.integer(8), batchB = call.integer(9), batch = call.integer(10);
  const float* a = call.floats(3, batchA * m * k);
  const float* b = call.floats(5, batchB * k * n);
  float* c = call.floats(7, batch * m * n);
  const bool transposeA = call.boolean(4), transposeB = call.boolean(6);
  for (int64_t i = 0; i < batch; ++i) {
    matmul(m, n, k, a + i % batchA * m * k, transposeA, b + i % batchB * k * n, transposeB, c + i * m * n);
  }
}

}  // namespace

extern const Binding convBindings[] = {
    {"conv3d", forward}, {"conv3dInputGrad", inputGrad}, {"conv3dFilterGrad", filterGrad}, {"matmul", multiply},
    {nullptr, nullptr},
};

}  // namespace genesis
