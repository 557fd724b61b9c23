#include "gemm/matmul.h"

namespace genesis {

void matmul(int64_t m, int64_t n, int64_t k, const float* a, bool transposeA, const float* b, bool transposeB,
            float* c) {
  GENESIS_KERNELS(matmulKernels).matmul(m, n, k, a, transposeA, b, transposeB, c);
}

}  // namespace genesis
