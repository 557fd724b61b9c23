// What direct convolutions share: the phases of a problem, and what is read and written.
#pragma once

#include "conv/direct/gather.h"
#include "gemm/rows.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

constexpr int64_t kUnitRows = 16 * kRows;
constexpr int64_t kDepth = 128;  // summed in registers, then added

struct DirectProblem {
  Gather phases[64];
  int phaseCount;
  int batch;
  int64_t k, n, allTaps;
  bool backward;
  bool stream;  // the result is large and its rows are aligned to vectors
  const float* source;
  const float* packed;  // [panel][tap][k][kPanel]
  const float* bias;
  const float* zeros;
  float* target;
};

}  // namespace

}  // namespace GENESIS_ISA
}  // namespace genesis
