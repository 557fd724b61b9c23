#include "ops/norm/activate.h"
#include "ops/norm/statistics.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

template <Activation A>
void forwardWith(const NormShape& s, const float* x, const float* gamma, const float* beta, float epsilon, float alpha,
                 float* y, float* mean, float* invStd) {
  const Period period(s.channels);
  const Pieces pieces(s, period);
  statistics(s, period, pieces, x, epsilon, mean, invStd);
  Scratch params(s.outer * 3 * period.floats);
  parameters(s, period, 3, params.data(), [&](int64_t outer, int64_t c, int which) {
    const int64_t stat = statIndex(s, outer, c);
    return which == 0 ? mean[stat] : which == 1 ? gamma[c] * invStd[stat] : beta[c];
  });
  // Backwards: what the statistics read last is still in the caches.
  parallelFor(pieces.count, [&](int64_t unit, int) {
    const int64_t piece = pieces.count - 1 - unit;
    const int64_t offset = pieces.firstRow(piece) * s.channels;
    const float* from = x + offset;
    float* to = y + offset;
    const float* shift = params.data() + pieces.outer(piece) * 3 * period.floats;
    const float* scale = shift + period.floats;
    const float* bias = scale + period.floats;
    walk(pieces.rowsOf(piece) * s.channels, period.floats, [&](int64_t i, int64_t place, int64_t lanes) {
      const VecF v = lanes == kWidth ? load(from + i) : loadPartial(from + i, lanes);
      const VecF z = (v - load(shift + place)) * load(scale + place) + load(bias + place);
      const VecF out = activate<A>(z, alpha);
      if (lanes == kWidth) {
        store(to + i, out);
      } else {
        storePartial(to + i, out, lanes);
      }
    });
  });
}

void forward(const NormShape& s, const float* x, const float* gamma, const float* beta, float epsilon,
             Activation activation, float alpha, float* y, float* mean, float* invStd) {
  const int64_t size = s.rows * s.channels;
  // One outer index after the other, as each may fit in the caches; the last one was written last.
  for (int64_t outer = s.outer - 1; outer >= 0; --outer) {
    const NormShape one{1, s.rows, s.channels, s.groups};
    const float* from = x + outer * size;
    float* to = y + outer * size;
    float* means = mean + outer * s.groups;
    float* deviations = invStd + outer * s.groups;
    switch (activation) {
#define GENESIS_CASE(name)                                                                        \
  case Activation::name:                                                                          \
    forwardWith<Activation::name>(one, from, gamma, beta, epsilon, alpha, to, means, deviations); \
    break;
      GENESIS_ACTIVATIONS(GENESIS_CASE)
#undef GENESIS_CASE
      case Activation::Count: return;
    }
  }
}

}  // namespace

extern const NormKernels normKernels = {.forward = forward};

}  // namespace GENESIS_ISA
}  // namespace genesis
