// Sums over voxels of what losses of segmentations need of each class, all in one pass, and their gradient. Floats are
// added within pieces, pieces in double precision, always in the same order.
#include "ops/class-sums.h"

#include "ops/column-sums.h"
#include "ops/vmath.h"
#include "runtime/threads.h"
#include "runtime/workspace.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

constexpr int64_t kPiece = 8192;  // floats, about
constexpr float kEpsilon = 1e-7f, kSlope = static_cast<float>(1 - 2e-7);

/// A probability, moved away from 0.
GENESIS_INLINE VecF away(VecF p) { return p * kSlope + kEpsilon; }

template <bool Entropy>
GENESIS_INLINE void addTerms(VecF t, VecF p, VecF* a) {
  if (Entropy) a[0] += t * vlog(away(p));
  a[1] += t * p;
  a[2] += t;
  a[3] += p;
}

template <bool Entropy>
void sums(const ClassSumsShape& s, const float* target, const float* prediction, float* out) {
  const Period period(s.classes);
  const int64_t each = period.rows() * max64(1, kPiece / period.floats), pieces = (s.voxels + each - 1) / each;
  const int64_t perPiece = kClassSums * s.classes;
  Scratch scratch(s.samples * pieces * perPiece + numThreads() * kClassSums * period.floats);
  float* partial = scratch.data();
  float* acc = partial + s.samples * pieces * perPiece;
  parallelFor(s.samples * pieces, [&](int64_t unit, int worker) {
    const int64_t first = unit % pieces * each, offset = (unit / pieces * s.voxels + first) * s.classes;
    const float* t = target + offset;
    const float* p = prediction + offset;
    columnSums<kClassSums>(
        period, min64(each, s.voxels - first) * s.classes, acc + worker * kClassSums * period.floats,
        partial + unit * perPiece, [&](int64_t i, int64_t, VecF* a) { addTerms<Entropy>(load(t + i), load(p + i), a); },
        [&](int64_t i, int64_t, float* a) {
          VecF terms[kClassSums] = {};
          addTerms<Entropy>(splat(t[i]), splat(p[i]), terms);
          for (int n = 0; n < kClassSums; ++n) a[n] = terms[n][0];
        });
  });
  for (int64_t sample = 0; sample < s.samples; ++sample) {
    for (int64_t i = 0; i < perPiece; ++i) {
      double total = 0;
      for (int64_t piece = 0; piece < pieces; ++piece) total += partial[(sample * pieces + piece) * perPiece + i];
      out[sample * perPiece + i] = static_cast<float>(total);
    }
  }
}

template <bool Entropy>
void gradient(const ClassSumsShape& s, const float* dsums, const float* target, const float* prediction, float* out) {
  const Period period(s.classes);
  const int64_t each = period.rows() * max64(1, kPiece / period.floats), pieces = (s.voxels + each - 1) / each;
  const int64_t perSample = kClassSums * period.floats;
  Scratch scratch(s.samples * perSample);
  for (int64_t row = 0; row < s.samples * kClassSums; ++row) {
    period.repeat(dsums + row * s.classes, scratch.data() + row * period.floats);
  }
  parallelFor(s.samples * pieces, [&](int64_t unit, int) {
    const int64_t first = unit % pieces * each, offset = (unit / pieces * s.voxels + first) * s.classes;
    const int64_t floats = min64(each, s.voxels - first) * s.classes;
    const float* entropies = scratch.data() + unit / pieces * perSample;
    const float* products = entropies + period.floats;
    const float* predictions = products + 2 * period.floats;
    for (int64_t i = 0, place = 0; i < floats;
         i += kWidth, place = place + kWidth < period.floats ? place + kWidth : 0) {
      const int64_t lanes = floats - i;
      const VecF t = loadPartial(target + offset + i, lanes);
      VecF slope = load(products + place);
      if (Entropy) slope += load(entropies + place) * kSlope / away(loadPartial(prediction + offset + i, lanes));
      storePartial(out + offset + i, slope * t + load(predictions + place), lanes);
    }
  });
}

void forward(const ClassSumsShape& s, bool entropy, const float* target, const float* prediction, float* out) {
  (entropy ? sums<true> : sums<false>)(s, target, prediction, out);
}

void backward(const ClassSumsShape& s, bool entropy, const float* dsums, const float* target, const float* prediction,
              float* dprediction) {
  (entropy ? gradient<true> : gradient<false>)(s, dsums, target, prediction, dprediction);
}

}  // namespace

extern const ClassSumsKernels classSumsKernels = {.forward = forward, .backward = backward};

}  // namespace GENESIS_ISA
}  // namespace genesis
