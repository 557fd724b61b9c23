#include "ops/column-sums.h"
#include "ops/norm/activate.h"
#include "ops/norm/pieces.h"
#include "runtime/threads.h"
#include "runtime/workspace.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

/// What the backward pass reads per channel, each repeated over a period.
enum { kMean, kInvStd, kGamma, kBeta, kScale, kOffset, kSlope, kBackwardParams };

/// totals [floats] = Σ over pieces, in order, in double precision.
void addPieces(int64_t count, int64_t floats, const float* partial, float* totals) {
  for (int64_t i = 0; i < floats; ++i) {
    double total = 0;
    for (int64_t piece = 0; piece < count; ++piece) total += partial[piece * floats + i];
    totals[i] = static_cast<float>(total);
  }
}

/// One outer index: dx, and sums [3][channels] of dz, dz·hat and dx.
template <Activation A>
void backwardWith(const NormShape& s, const float* dy, const float* x, const float* gamma, const float* beta,
                  const float* mean, const float* invStd, float alpha, float* dx, float* sums) {
  const Period period(s.channels);
  const Pieces pieces(s, period);
  const int64_t channels = s.channels, width = period.floats;
  Scratch params(kBackwardParams * width);
  parameters(s, period, 4, params.data(), [&](int64_t outer, int64_t c, int which) {
    const int64_t stat = statIndex(s, outer, c);
    return which == kMean ? mean[stat] : which == kInvStd ? invStd[stat] : which == kGamma ? gamma[c] : beta[c];
  });
  Scratch scratch(numThreads() * 2 * width);
  Scratch partial(pieces.count * 2 * channels);
  // Backwards: the last rows of dy were written last.
  parallelFor(pieces.count, [&](int64_t unit, int worker) {
    const int64_t piece = pieces.count - 1 - unit;
    const int64_t offset = pieces.firstRow(piece) * channels;
    const float* from = x + offset;
    const float* grad = dy + offset;
    const float* p = params.data();
    const auto add = [&](VecF g, VecF v, int64_t place, VecF* a) {
      const VecF hat = (v - load(p + kMean * width + place)) * load(p + kInvStd * width + place);
      const VecF z = hat * load(p + kGamma * width + place) + load(p + kBeta * width + place);
      const VecF dz = activateGrad<A>(g, z, alpha);
      a[0] += dz;
      a[1] += dz * hat;
    };
    columnSums<2>(
        period, pieces.rowsOf(piece) * channels, scratch.data() + worker * 2 * width,
        partial.data() + piece * 2 * channels,
        [&](int64_t i, int64_t place, VecF* a) { add(load(grad + i), load(from + i), place, a); },
        [&](int64_t i, int64_t place, float* a) {
          const float hat = (from[i] - p[kMean * width + place]) * p[kInvStd * width + place];
          VecF both[2] = {};
          const VecF z = splat(hat * p[kGamma * width + place] + p[kBeta * width + place]);
          both[0] = activateGrad<A>(splat(grad[i]), z, alpha);
          a[0] = both[0][0];
          a[1] = both[0][0] * hat;
        });
  });
  addPieces(pieces.count, 2 * channels, partial.data(), sums);
  // Of the groups.
  const int64_t perGroup = channels / s.groups;
  Scratch groups(s.groups * 2);
  for (int64_t group = 0; group < s.groups; ++group) {
    double total = 0, weighted = 0;
    for (int64_t c = group * perGroup, end = c + perGroup; c < end; ++c) {
      total += double{gamma[c]} * sums[c];
      weighted += double{gamma[c]} * sums[channels + c];
    }
    const double count = static_cast<double>(s.rows * perGroup);
    groups.data()[group * 2] = static_cast<float>(total / count);
    groups.data()[group * 2 + 1] = static_cast<float>(weighted / count);
  }
  // dx = invStd·(gamma·dz − A − hat·B) = scale·dz + offset + slope·(x − mean)
  Scratch last(kBackwardParams * width);
  parameters(s, period, kBackwardParams, last.data(), [&](int64_t outer, int64_t c, int which) {
    const int64_t stat = statIndex(s, outer, c);
    switch (which) {
      case kMean: return mean[stat];
      case kInvStd: return invStd[stat];
      case kGamma: return gamma[c] * invStd[stat];
      case kBeta: return beta[c];
      case kScale: return gamma[c] * invStd[stat];
      case kOffset: return -invStd[stat] * groups.data()[stat * 2];
      default: return -invStd[stat] * invStd[stat] * groups.data()[stat * 2 + 1];
    }
  });
  parallelFor(pieces.count, [&](int64_t piece, int worker) {
    const int64_t offset = pieces.firstRow(piece) * channels;
    const float* from = x + offset;
    const float* grad = dy + offset;
    float* to = dx + offset;
    const float* p = last.data();
    const auto gradient = [&](VecF g, VecF v, int64_t place) {
      const VecF centered = v - load(p + kMean * width + place);
      const VecF z = centered * load(p + kGamma * width + place) + load(p + kBeta * width + place);
      const VecF dz = activateGrad<A>(g, z, alpha);
      return dz * load(p + kScale * width + place) +
             (centered * load(p + kSlope * width + place) + load(p + kOffset * width + place));
    };
    columnSums<1>(
        period, pieces.rowsOf(piece) * channels, scratch.data() + worker * 2 * width, partial.data() + piece * channels,
        [&](int64_t i, int64_t place, VecF* a) {
          const VecF out = gradient(load(grad + i), load(from + i), place);
          store(to + i, out);
          a[0] += out;
        },
        [&](int64_t i, int64_t place, float* a) {
          const int64_t vector = place / kWidth * kWidth, lane = place - vector;
          to[i] = a[0] = gradient(splat(grad[i]), splat(from[i]), vector)[lane];
        });
  });
  addPieces(pieces.count, channels, partial.data(), sums + 2 * channels);
}

void backward(const NormShape& s, const float* dy, const float* x, const float* gamma, const float* beta,
              const float* mean, const float* invStd, Activation activation, float alpha, float* dx, float* dgamma,
              float* dbeta, float* sums) {
  const int64_t size = s.rows * s.channels, channels = s.channels;
  Scratch all(s.outer * 3 * channels);
  // One outer index after the other, as each may fit in the caches; the last one was written last.
  for (int64_t outer = s.outer - 1; outer >= 0; --outer) {
    const NormShape one{1, s.rows, channels, s.groups};
    const float* grad = dy + outer * size;
    const float* from = x + outer * size;
    const float* means = mean + outer * s.groups;
    const float* deviations = invStd + outer * s.groups;
    float* to = dx + outer * size;
    float* own = all.data() + outer * 3 * channels;
    switch (activation) {
#define GENESIS_CASE(name)                                                                           \
  case Activation::name:                                                                             \
    backwardWith<Activation::name>(one, grad, from, gamma, beta, means, deviations, alpha, to, own); \
    break;
      GENESIS_ACTIVATIONS(GENESIS_CASE)
#undef GENESIS_CASE
      case Activation::Count: return;
    }
  }
  float* const totals[] = {dbeta, dgamma, sums};
  for (int64_t i = 0; i < 3 * channels; ++i) {
    double total = 0;
    for (int64_t outer = 0; outer < s.outer; ++outer) total += all.data()[outer * 3 * channels + i];
    totals[i / channels][i % channels] = static_cast<float>(total);
  }
}

}  // namespace

extern const NormGradKernels normGradKernels = {.backward = backward};

}  // namespace GENESIS_ISA
}  // namespace genesis
