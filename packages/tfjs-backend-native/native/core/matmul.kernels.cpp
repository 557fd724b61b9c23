// c = op(a) · op(b): panels of b are packed to contiguous vectors, a is read in place.
#include "gemm.h"
#include "kernels.h"
#include "threads.h"
#include "workspace.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

constexpr int kVectors = 2;
constexpr int kColumns = kVectors * kWidth;

struct Product {
  int64_t m, n, k;
  const float* a;
  int64_t aRow, aStep;
  const float* b;
  int64_t bRow, bStep;
  float* c;
};

void packPanel(const Product& p, int64_t panel, float* out) {
  const int64_t first = panel * kColumns;
  const int64_t columns = min64(kColumns, p.n - first);
  for (int64_t i = 0; i < p.k; ++i) {
    const float* source = p.b + i * p.bRow + first * p.bStep;
    for (int64_t j = 0; j < columns; ++j) out[j] = source[j * p.bStep];
    for (int64_t j = columns; j < kColumns; ++j) out[j] = 0.0f;
    out += kColumns;
  }
}

void rowBlock(const Product& p, int64_t first, const float* packed) {
  const int64_t rows = min64(kRows, p.m - first);
  const float* a[kRows];
  for (int r = 0; r < kRows; ++r) a[r] = p.a + (first + min64(r, rows - 1)) * p.aRow;
  for (int64_t column = 0; column < p.n; column += kColumns) {
    VecF acc[kRows][kVectors] = {};
    accumulateRows<kRows, kVectors, kWidth>(acc, a, p.aStep, p.k, packed, kColumns);
    packed += p.k * kColumns;
    const int64_t left = min64(kColumns, p.n - column);
    for (int64_t r = 0; r < rows; ++r) {
      float* out = p.c + (first + r) * p.n + column;
      for (int v = 0; v < kVectors && v * kWidth < left; ++v) {
        storePartial<kWidth>(out + v * kWidth, acc[r][v], left - v * kWidth);
      }
    }
  }
}

void matmul(int64_t m, int64_t n, int64_t k, const float* a, bool transposeA, const float* b,
            bool transposeB, float* c) {
  if (m <= 0 || n <= 0) return;
  const Product p{m,     n, k, a, transposeA ? 1 : k, transposeA ? m : 1, b, transposeB ? 1 : n,
                  transposeB ? k : 1, c};
  const int64_t panels = (n + kColumns - 1) / kColumns;
  Scratch packed(panels * k * kColumns);
  parallelFor(panels, [&](int64_t panel, int) {
    packPanel(p, panel, packed.data() + panel * k * kColumns);
  });
  parallelFor((m + kRows - 1) / kRows,
              [&](int64_t block, int) { rowBlock(p, block * kRows, packed.data()); });
}

}  // namespace

extern const MatmulKernels matmulKernels = {matmul};

}  // namespace GENESIS_ISA
}  // namespace genesis
