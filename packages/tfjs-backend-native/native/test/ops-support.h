// What the tests of native/ops share. They call kernels with odd sizes on exactly sized heap arrays, on every
// instruction set and several thread counts, and compare with plain loops in double precision. Made for sanitizers: a
// read or write past an end, a race or undefined behavior is theirs to find.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>

#include "runtime/isa.h"
#include "runtime/threads.h"

namespace genesis_test {

using namespace genesis;

inline int failures = 0;
inline uint32_t state = 1;

inline float next() {
  state = state * 1664525u + 1013904223u;
  return static_cast<float>(state >> 8) / 8388608.0f - 1.0f;
}

/// Exactly n floats on the heap, so that AddressSanitizer sees one element too far.
struct Array {
  std::unique_ptr<float[]> data;
  int64_t size;
  explicit Array(int64_t n, float scale = 1, float shift = 0) : data(new float[static_cast<size_t>(n)]), size(n) {
    for (int64_t i = 0; i < n; ++i) data[i] = next() * scale + shift;
  }
  operator float*() { return data.get(); }
  float& operator[](int64_t i) { return data[static_cast<size_t>(i)]; }
};

template <typename F>
void check(const char* name, int64_t size, const float* actual, double tolerance, F&& expected) {
  double difference = 0, norm = 1e-30;
  for (int64_t i = 0; i < size; ++i) {
    const double e = expected(i);
    difference += (actual[i] - e) * (actual[i] - e);
    norm += e * e;
  }
  const double error = std::sqrt(difference / norm);
  if (!(error <= tolerance)) {
    ++failures;
    std::printf("%s on %s: error %g over %lld values\n", name, isaName(activeIsa()), error,
                static_cast<long long>(size));
  }
}

/// Calls f on every instruction set of this processor and with several thread counts. Returns the exit status.
template <typename F>
int onEverySet(F&& f) {
  for (const char* isa : {"base", "avx2", "avx512"}) {
    if (!forceIsa(isa)) continue;
    for (int threads : {1, 2, 5}) {
      setNumThreads(threads);
      f();
    }
  }
  std::printf("%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}

}  // namespace genesis_test
