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

template <Activation A>
void backwardWith(const NormShape& s, const float* dy, const float* x, const float* gamma, const float* beta,
                  const float* mean, const float* invStd, float alpha, float* dx, float* dgamma, float* dbeta) {
  const Period period(s.channels);
  const Pieces pieces(s, period);
  const int64_t channels = s.channels, width = period.floats;
  Scratch params(s.outer * kBackwardParams * width);
  parameters(s, period, 4, params.data(), [&](int64_t outer, int64_t c, int which) {
    const int64_t stat = statIndex(s, outer, c);
    return which == kMean ? mean[stat] : which == kInvStd ? invStd[stat] : which == kGamma ? gamma[c] : beta[c];
  });
  const int threads = numThreads();
  Scratch scratch(threads * 2 * width);
  Scratch partial(pieces.count * 2 * channels);
  parallelFor(pieces.count, [&](int64_t piece, int worker) {
    const int64_t offset = pieces.firstRow(piece) * channels;
    const float* from = x + offset;
    const float* grad = dy + offset;
    const float* p = params.data() + pieces.outer(piece) * 4 * width;
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
  // Sums [outer][2][channels], then those of the groups.
  Scratch sums(s.outer * 2 * channels);
  parallelFor(s.outer * channels, [&](int64_t unit, int) {
    const int64_t outer = unit / channels, c = unit % channels;
    double total = 0, weighted = 0;
    for (int64_t p = outer * pieces.perOuter; p < (outer + 1) * pieces.perOuter; ++p) {
      total += partial.data()[p * 2 * channels + c];
      weighted += partial.data()[p * 2 * channels + channels + c];
    }
    sums.data()[outer * 2 * channels + c] = static_cast<float>(total);
    sums.data()[outer * 2 * channels + channels + c] = static_cast<float>(weighted);
  });
  for (int64_t c = 0; c < channels; ++c) {
    double total = 0, weighted = 0;
    for (int64_t outer = 0; outer < s.outer; ++outer) {
      total += sums.data()[outer * 2 * channels + c];
      weighted += sums.data()[outer * 2 * channels + channels + c];
    }
    dbeta[c] = static_cast<float>(total);
    dgamma[c] = static_cast<float>(weighted);
  }
  const int64_t perGroup = channels / s.groups;
  Scratch groups(s.outer * s.groups * 2);
  for (int64_t unit = 0; unit < s.outer * s.groups; ++unit) {
    const float* from = sums.data() + unit / s.groups * 2 * channels;
    double total = 0, weighted = 0;
    for (int64_t c = unit % s.groups * perGroup, end = c + perGroup; c < end; ++c) {
      total += double{gamma[c]} * from[c];
      weighted += double{gamma[c]} * from[channels + c];
    }
    const double count = static_cast<double>(s.rows * perGroup);
    groups.data()[unit * 2] = static_cast<float>(total / count);
    groups.data()[unit * 2 + 1] = static_cast<float>(weighted / count);
  }
  // dx = invStd·(gamma·dz − A − hat·B) = scale·dz + offset + slope·(x − mean)
  Scratch last(s.outer * kBackwardParams * width);
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
  parallelFor(pieces.count, [&](int64_t piece, int) {
    const int64_t offset = pieces.firstRow(piece) * channels;
    const float* from = x + offset;
    const float* grad = dy + offset;
    float* to = dx + offset;
    const float* p = last.data() + pieces.outer(piece) * kBackwardParams * width;
    walk(pieces.rowsOf(piece) * channels, width, [&](int64_t i, int64_t place, int64_t lanes) {
      const VecF g = lanes == kWidth ? load(grad + i) : loadPartial(grad + i, lanes);
      const VecF v = lanes == kWidth ? load(from + i) : loadPartial(from + i, lanes);
      const VecF centered = v - load(p + kMean * width + place);
      const VecF z = centered * load(p + kGamma * width + place) + load(p + kBeta * width + place);
      const VecF dz = activateGrad<A>(g, z, alpha);
      const VecF out = dz * load(p + kScale * width + place) +
                       (centered * load(p + kSlope * width + place) + load(p + kOffset * width + place));
      if (lanes == kWidth) {
        store(to + i, out);
      } else {
        storePartial(to + i, out, lanes);
      }
    });
  });
}

void backward(const NormShape& s, const float* dy, const float* x, const float* gamma, const float* beta,
              const float* mean, const float* invStd, Activation activation, float alpha, float* dx, float* dgamma,
              float* dbeta) {
  switch (activation) {
#define GENESIS_CASE(name) \
  case Activation::name:   \
    return backwardWith<Activation::name>(s, dy, x, gamma, beta, mean, invStd, alpha, dx, dgamma, dbeta);
    GENESIS_ACTIVATIONS(GENESIS_CASE)
#undef GENESIS_CASE
    case Activation::Count: return;
  }
}

}  // namespace

extern const NormGradKernels normGradKernels = {.backward = backward};

}  // namespace GENESIS_ISA
}  // namespace genesis
