// Products of dense float32 matrices.
#pragma once

#include <cstdint>

#include "runtime/kernel-table.h"

namespace genesis {

/// c [m, n] = op(a) · op(b), row-major and dense. a is [m, k], or [k, m] when transposeA; b is
/// [k, n], or [n, k] when transposeB. c is overwritten, never read.
void matmul(int64_t m, int64_t n, int64_t k, const float* a, bool transposeA, const float* b, bool transposeB,
            float* c);

struct MatmulKernels {
  void (*matmul)(int64_t m, int64_t n, int64_t k, const float* a, bool transposeA, const float* b, bool transposeB,
                 float* c);
};
GENESIS_DECLARE_KERNELS(MatmulKernels, matmulKernels)

}  // namespace genesis
