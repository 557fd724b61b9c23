// Normalisation and activation in one pass each way.
#include "column-sums.h"
#include "ops.h"
#include "threads.h"
#include "vmath.h"
#include "workspace.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

template <Activation A>
GENESIS_INLINE VecF activate(VecF z, float alpha) {
  if (A == Activation::Relu) return select(z < 0.0f, VecF{}, z);
  if (A == Activation::LeakyRelu) return select(z < 0.0f, z * alpha, z);
  if (A == Activation::Elu) return select(z < 0.0f, vexpm1(z) * alpha, z);
  return z;
}

/// dz = dy · act′(z). At 0 the slope is 0 for relu, as tf.relu's gradient has it.
template <Activation A>
GENESIS_INLINE VecF activateGrad(VecF dy, VecF z, float alpha) {
  if (A == Activation::Relu) return select(z > 0.0f, dy, VecF{});
  if (A == Activation::LeakyRelu) return select(z > 0.0f, dy, dy * alpha);
  if (A == Activation::Elu) return select(z > 0.0f, dy, dy * vexp(vmin(z, VecF{})) * alpha);
  return dy;
}

/// The pieces of [outer, rows]: none spans two outer indices.
struct Pieces {
  int64_t rows, each, perOuter, count;
  Pieces(const NormShape& s, const Period& period)
      : rows(s.rows), each(period.pieceRows()), perOuter((s.rows + each - 1) / each), count(s.outer * perOuter) {}
  int64_t outer(int64_t piece) const { return piece / perOuter; }
  int64_t firstRow(int64_t piece) const { return outer(piece) * rows + piece % perOuter * each; }
  int64_t rowsOf(int64_t piece) const { return min64(each, rows - piece % perOuter * each); }
};

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

/// Per-channel parameters over one period for every outer index: `count` arrays of period floats.
template <typename F>
void parameters(const NormShape& s, const Period& period, int count, float* out, F&& value) {
  for (int64_t outer = 0; outer < s.outer; ++outer) {
    for (int i = 0; i < count; ++i) {
      float* to = out + (outer * count + i) * period.floats;
      for (int64_t c = 0; c < s.channels; ++c) to[c] = value(outer, c, i);
      for (int64_t j = s.channels; j < period.floats; ++j) to[j] = to[j - s.channels];
    }
  }
}

int64_t statIndex(const NormShape& s, int64_t outer, int64_t channel) {
  return outer * s.groups + channel / (s.channels / s.groups);
}

/// Calls f<vector or scalar> over a piece: body(i, place) for whole vectors, then lanes of one vector
/// for the rest by way of buffers, so that both go through the same arithmetic.
template <typename F>
GENESIS_INLINE void walk(int64_t floats, int64_t periodFloats, F&& body) {
  int64_t i = 0;
  for (; i + periodFloats <= floats; i += periodFloats) {
    for (int64_t v = 0; v < periodFloats; v += kWidth) body(i + v, v, kWidth);
  }
  for (int64_t v = 0; i + v < floats; v += kWidth) body(i + v, v, min64(kWidth, floats - i - v));
}

template <Activation A>
void forwardWith(const NormShape& s, const float* x, const float* gamma, const float* beta, float epsilon,
                 float alpha, float* y, float* mean, float* invStd) {
  const Period period(s.channels);
  const Pieces pieces(s, period);
  statistics(s, period, pieces, x, epsilon, mean, invStd);
  Scratch params(s.outer * 3 * period.floats);
  parameters(s, period, 3, params.data(), [&](int64_t outer, int64_t c, int which) {
    const int64_t stat = statIndex(s, outer, c);
    return which == 0 ? mean[stat] : which == 1 ? gamma[c] * invStd[stat] : beta[c];
  });
  parallelFor(pieces.count, [&](int64_t piece, int) {
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

/// What the backward pass reads per channel, each repeated over a period.
enum { kMean, kInvStd, kGamma, kBeta, kScale, kOffset, kSlope, kBackwardParams };

template <Activation A>
void backwardWith(const NormShape& s, const float* dy, const float* x, const float* gamma, const float* beta,
                  const float* mean, const float* invStd, float alpha, float* dx, float* dgamma,
                  float* dbeta) {
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

void forward(const NormShape& s, const float* x, const float* gamma, const float* beta, float epsilon,
             Activation activation, float alpha, float* y, float* mean, float* invStd) {
  switch (activation) {
    case Activation::Linear:
      return forwardWith<Activation::Linear>(s, x, gamma, beta, epsilon, alpha, y, mean, invStd);
    case Activation::Relu:
      return forwardWith<Activation::Relu>(s, x, gamma, beta, epsilon, alpha, y, mean, invStd);
    case Activation::LeakyRelu:
      return forwardWith<Activation::LeakyRelu>(s, x, gamma, beta, epsilon, alpha, y, mean, invStd);
    case Activation::Elu:
      return forwardWith<Activation::Elu>(s, x, gamma, beta, epsilon, alpha, y, mean, invStd);
  }
}

void backward(const NormShape& s, const float* dy, const float* x, const float* gamma, const float* beta,
              const float* mean, const float* invStd, Activation activation, float alpha, float* dx,
              float* dgamma, float* dbeta) {
  switch (activation) {
    case Activation::Linear:
      return backwardWith<Activation::Linear>(s, dy, x, gamma, beta, mean, invStd, alpha, dx, dgamma, dbeta);
    case Activation::Relu:
      return backwardWith<Activation::Relu>(s, dy, x, gamma, beta, mean, invStd, alpha, dx, dgamma, dbeta);
    case Activation::LeakyRelu:
      return backwardWith<Activation::LeakyRelu>(s, dy, x, gamma, beta, mean, invStd, alpha, dx, dgamma, dbeta);
    case Activation::Elu:
      return backwardWith<Activation::Elu>(s, dy, x, gamma, beta, mean, invStd, alpha, dx, dgamma, dbeta);
  }
}

}  // namespace

extern const NormKernels normKernels = {forward, backward};

}  // namespace GENESIS_ISA
}  // namespace genesis
