// Sums over the rows of [rows, channels], several at once, in whole vectors whatever the channel count.
#pragma once

#include "ops/periodic.h"

namespace genesis {
namespace GENESIS_ISA {

/// totals [N][channels] = Σ over rows of the N terms that `vectors(i, place, a)` adds to a for the
/// floats from i, `place` being i's place in the period; `scalar` does the same for the single float i.
/// acc holds N periods of floats.
template <int N, typename V, typename S>
GENESIS_INLINE void columnSums(const Period& period, int64_t floats, float* acc, float* totals, V&& vectors,
                               S&& scalar) {
  std::memset(acc, 0, static_cast<size_t>(N * period.floats) * sizeof(float));
  int64_t base = 0;
  if (period.floats <= 4 * kWidth) {
    // Few vectors a period: they stay in registers.
    for (int64_t place = 0; place < period.floats; place += kWidth) {
      VecF a[N] = {};
      for (base = 0; base + period.floats <= floats; base += period.floats) vectors(base + place, place, a);
      for (int n = 0; n < N; ++n) store(acc + n * period.floats + place, a[n]);
    }
  } else {
    for (; base + period.floats <= floats; base += period.floats) {
      for (int64_t place = 0; place < period.floats; place += kWidth) {
        VecF a[N];
        for (int n = 0; n < N; ++n) a[n] = load(acc + n * period.floats + place);
        vectors(base + place, place, a);
        for (int n = 0; n < N; ++n) store(acc + n * period.floats + place, a[n]);
      }
    }
  }
  for (int n = 0; n < N; ++n) {
    const float* sums = acc + n * period.floats;
    float* out = totals + n * period.channels;
    for (int64_t c = 0; c < period.channels; ++c) {
      float total = 0.0f;
      for (int64_t i = c; i < period.floats; i += period.channels) total += sums[i];
      out[c] = total;
    }
  }
  for (; base < floats; ++base) {
    float a[N] = {};
    scalar(base, base % period.floats, a);
    for (int n = 0; n < N; ++n) totals[n * period.channels + base % period.channels] += a[n];
  }
}

}  // namespace GENESIS_ISA
}  // namespace genesis
