// c = op(a) · op(b): b is packed into panels, a is read in place (or packed, when transposed).
#include "gemm/matmul.h"
#include "gemm/rows.h"
#include "runtime/threads.h"
#include "runtime/workspace.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

constexpr int64_t kUnitRows = 16 * kRows;
constexpr int64_t kUnitPanels = 4;
constexpr int64_t kDepth = 128;  // summed in registers, then added: bounds the rounding error of long sums

/// Rows first … first + count of op(a) to out[row][k], from a[k][m].
void packTransposed(const float* a, int64_t m, int64_t first, int64_t count, int64_t k, float* out) {
  for (int64_t i = 0; i < k; i += kWidth) {
    for (int64_t r = 0; r < count; r += kWidth) {
      const int64_t steps = min64(kWidth, k - i), rows = min64(kWidth, count - r);
      VecF block[kWidth];
      for (int j = 0; j < kWidth; ++j) {
        block[j] = j < steps ? loadPartial(a + (i + j) * m + first + r, rows) : VecF{};
      }
      transpose(block);
      for (int64_t j = 0; j < rows; ++j) storePartial(out + (r + j) * k + i, block[j], steps);
    }
  }
}

void matmul(int64_t m, int64_t n, int64_t k, const float* a, bool transposeA, const float* b, bool transposeB,
            float* c) {
  if (m <= 0 || n <= 0) return;
  if (k <= 0) {
    std::memset(c, 0, static_cast<size_t>(m * n) * sizeof(float));
    return;
  }
  const int64_t panels = (n + kPanel - 1) / kPanel;
  const int64_t packedFloats = panels * k * kPanel, unitFloats = transposeA ? roundUp(kUnitRows * k, 16) : 0;
  Scratch scratch(packedFloats + unitFloats * numThreads());
  float* packed = scratch.data();
  parallelFor(panels, [&](int64_t panel, int) {
    const int64_t first = panel * kPanel;
    packPanel(b + first * (transposeB ? k : 1), transposeB ? 1 : n, transposeB ? k : 1, k, min64(kPanel, n - first),
              packed + panel * k * kPanel);
  });
  const int64_t rowUnits = (m + kUnitRows - 1) / kUnitRows, panelUnits = (panels + kUnitPanels - 1) / kUnitPanels;
  parallelFor(rowUnits * panelUnits, [&](int64_t unit, int worker) {
    const int64_t first = unit / panelUnits * kUnitRows, count = min64(kUnitRows, m - first);
    const int64_t panelBegin = unit % panelUnits * kUnitPanels, panelEnd = min64(panels, panelBegin + kUnitPanels);
    const float* rows = a + first * k;
    if (transposeA) {
      float* mine = packed + packedFloats + worker * unitFloats;
      packTransposed(a, m, first, count, k, mine);
      rows = mine;
    }
    for (int64_t panel = panelBegin; panel < panelEnd; ++panel) {
      for (int64_t depth = 0; depth < k; depth += kDepth) {
        for (int64_t r = 0; r < count; r += kRows) {
          const float* from[kRows];
          float* to[kRows];
          for (int j = 0; j < kRows; ++j) {
            const int64_t row = r + min64(j, count - r - 1);
            from[j] = rows + row * k + depth;
            to[j] = c + (first + row) * n + panel * kPanel;
          }
          multiplyRows(from, packed + (panel * k + depth) * kPanel, min64(kDepth, k - depth), to,
                       min64(kRows, count - r), min64(kPanel, n - panel * kPanel),
                       depth > 0 ? Into::Add : Into::Overwrite, nullptr, nullptr);
        }
      }
    }
  });
}

}  // namespace

extern const MatmulKernels matmulKernels = {.matmul = matmul};

}  // namespace GENESIS_ISA
}  // namespace genesis
