// Means and variances of the groups.
#pragma once

#include "ops/column-sums.h"
#include "ops/norm/pieces.h"
#include "runtime/threads.h"
#include "runtime/workspace.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

/// partial [piece][2][channels]: mean and Σ(x − mean)² of each piece, merged by Chan's formula.
void statistics(const NormShape& s, const Period& period, const Pieces& pieces, const float* x, float epsilon,
                float* mean, float* invStd) {
  const int64_t channels = s.channels, perPiece = 2 * channels;
  Scratch partial(pieces.count * perPiece);
  const int threads = numThreads();
  Scratch scratch(threads * 2 * period.floats);
  parallelFor(pieces.count, [&](int64_t piece, int worker) {
    const float* from = x + pieces.firstRow(piece) * channels;
    const int64_t rows = pieces.rowsOf(piece), floats = rows * channels;
    float* means = partial.data() + piece * perPiece;
    float* squares = means + channels;
    float* acc = scratch.data() + worker * 2 * period.floats;
    float* shift = acc + period.floats;
    columnSums<1>(
        period, floats, acc, means, [&](int64_t i, int64_t, VecF* a) { a[0] += load(from + i); },
        [&](int64_t i, int64_t, float* a) { a[0] = from[i]; });
    for (int64_t c = 0; c < channels; ++c) means[c] /= static_cast<float>(rows);
    period.repeat(means, shift);
    columnSums<1>(
        period, floats, acc, squares,
        [&](int64_t i, int64_t place, VecF* a) {
          const VecF d = load(from + i) - load(shift + place);
          a[0] += d * d;
        },
        [&](int64_t i, int64_t place, float* a) { a[0] = (from[i] - shift[place]) * (from[i] - shift[place]); });
  });
  const int64_t perGroup = channels / s.groups;
  parallelFor(s.outer * s.groups, [&](int64_t unit, int) {
    const int64_t outer = unit / s.groups, first = unit % s.groups * perGroup;
    double count = 0, center = 0, squares = 0;
    for (int64_t p = outer * pieces.perOuter; p < (outer + 1) * pieces.perOuter; ++p) {
      const double n = static_cast<double>(pieces.rowsOf(p));
      const float* means = partial.data() + p * perPiece;
      for (int64_t c = first; c < first + perGroup; ++c) {
        const double delta = means[c] - center, total = count + n;
        squares += means[channels + c] + delta * delta * count * n / total;
        center += delta * n / total;
        count = total;
      }
    }
    mean[unit] = static_cast<float>(center);
    invStd[unit] = static_cast<float>(1.0 / __builtin_sqrt(squares / count + epsilon));
  });
}

}  // namespace

}  // namespace GENESIS_ISA
}  // namespace genesis
