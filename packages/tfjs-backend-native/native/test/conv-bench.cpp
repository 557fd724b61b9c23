// Times one convolution at a time: the native side of tools/bench/conv-shapes.mjs.
// Reads lines "direction batch inD inH inW inC outD outH outW outC kernel stride pad" and answers each with
// the seconds of one call; "peak" is answered with the FMA rate of all threads in GFLOP/s. Arguments:
// [threads] [algorithm] [wall|cpu].
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "conv/choose.h"
#include "conv/conv3d.h"
#include "runtime/isa.h"
#include "runtime/threads.h"
#include "test/reference.h"

namespace {

using namespace genesis_test;

bool processorTime = false;

double now() {
  if (processorTime) return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

#if defined(__x86_64__)
#define GENESIS_FMA __attribute__((target("avx2,fma")))
#else
#define GENESIS_FMA
#endif

GENESIS_FMA double fmaLoop(long rounds) {
  typedef float V __attribute__((vector_size(32)));
  V acc[12];
  for (int i = 0; i < 12; ++i) acc[i] = V{} + static_cast<float>(i);
  const V scale = V{} + 0.999f, shift = V{} + 0.001f;
  for (long k = 0; k < rounds; ++k) {
    for (int i = 0; i < 12; ++i) acc[i] = acc[i] * scale + shift;
  }
  double total = 0;
  for (int i = 0; i < 12; ++i) total += static_cast<double>(acc[i][0]);
  return total;
}

double peak() {
  constexpr long rounds = 20000000;
  volatile double sink = 0;
  const int threads = genesis::numThreads();
  const double start = now();
  genesis::parallelFor(threads, [&](int64_t, int) { sink = fmaLoop(rounds); });
  return threads * 12.0 * 8 * 2 * rounds / (now() - start) / 1e9;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) genesis::setNumThreads(std::atoi(argv[1]));
  if (argc > 2 && !genesis::forceAlgorithm(argv[2])) {
    std::fprintf(stderr, "unknown algorithm: %s\n", argv[2]);
    return 2;
  }
  processorTime = argc > 3 && std::strcmp(argv[3], "cpu") == 0;
  std::printf("%s, %d threads\n", genesis::isaName(genesis::activeIsa()), genesis::numThreads());
  std::fflush(stdout);
  char line[256], direction[32];
  Conv3dShape shape{};
  std::vector<float> x, w, dy, bias;
  while (std::fgets(line, sizeof(line), stdin) != nullptr) {
    if (std::strncmp(line, "peak", 4) == 0) {
      std::printf("%g\n", peak());
      std::fflush(stdout);
      continue;
    }
    Conv3dShape s{};
    int kernel, stride, pad;
    if (std::sscanf(line, "%31s %d %d %d %d %d %d %d %d %d %d %d %d", direction, &s.batch, &s.inD, &s.inH, &s.inW,
                    &s.inC, &s.outD, &s.outH, &s.outW, &s.outC, &kernel, &stride, &pad) != 13) {
      std::fprintf(stderr, "cannot read: %s", line);
      return 2;
    }
    s.kD = s.kH = s.kW = kernel;
    s.sD = s.sH = s.sW = stride;
    s.padD = s.padH = s.padW = pad;
    if (std::memcmp(&s, &shape, sizeof(s)) != 0) {
      shape = s;
      x = randomFloats(inSize(s), 1);
      w = randomFloats(filterSize(s), 2);
      dy = randomFloats(outSize(s), 3);
      bias = randomFloats(s.outC, 4);
    }
    // Results go to warm memory: a training step reuses its buffers.
    static std::vector<float> result;
    const double start = [&] {
      if (std::strcmp(direction, "forward") == 0) {
        result.resize(dy.size());
        const double t = now();
        genesis::conv3d(s, source(x, s.inC), w.data(), bias.data(), result.data());
        return t;
      }
      if (std::strcmp(direction, "input-grad") == 0) {
        result.resize(x.size());
        const double t = now();
        genesis::conv3dInputGrad(s, dy.data(), w.data(), nullptr, target(result, s.inC));
        return t;
      }
      result.resize(w.size());
      const double t = now();
      genesis::conv3dFilterGrad(s, source(x, s.inC), dy.data(), result.data());
      return t;
    }();
    std::printf("%.9g\n", now() - start);
    std::fflush(stdout);
  }
  return 0;
}
