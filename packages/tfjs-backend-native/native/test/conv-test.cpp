// Accuracy of every convolution and matrix product against float64, on each instruction set, in both
// precisions and with one and two threads. Usage: conv-test [--quick] [isa…]; exit status 1 on failure.
#include <cstdio>
#include <cstring>
#include <string>

#include "../core/choose.h"
#include "../core/isa.h"
#include "../core/threads.h"
#include "reference.h"

namespace {

using namespace genesis_test;

int failures = 0;
int cases = 0;
double worst = 0;
const char* algorithm = "auto";

void check(const char* what, const Conv3dShape& s, double error, double limit) {
  ++cases;
  if (error > worst) worst = error;
  if (error > limit) {
    ++failures;
    std::printf("FAIL %s %s %s: %.3g > %.3g, n=%d in %dx%dx%dx%d out %dx%dx%dx%d k %dx%dx%d s %d%d%d p %d%d%d \n",
                what, genesis::isaName(genesis::activeIsa()), algorithm, error, limit, s.batch, s.inD, s.inH, s.inW, s.inC,
                s.outD, s.outH, s.outW, s.outC, s.kD, s.kH, s.kW, s.sD, s.sH, s.sW, s.padD, s.padH, s.padW);
  }
}

Conv3dShape same(int n, int d, int h, int w, int inC, int outC, int k = 3) {
  return {n, d, h, w, inC, d, h, w, outC, k, k, k, 1, 1, 1, (k - 1) / 2, (k - 1) / 2, (k - 1) / 2};
}

Conv3dShape valid(int n, int d, int h, int w, int inC, int outC, int k, int s) {
  return {n, d, h, w, inC, (d - k) / s + 1, (h - k) / s + 1, (w - k) / s + 1, outC, k, k, k, s, s, s, 0, 0, 0};
}

void run(const Conv3dShape& s, double limit) {
  const auto x = randomFloats(inSize(s), 1), w = randomFloats(filterSize(s), 2);
  const auto dy = randomFloats(outSize(s), 3), bias = randomFloats(s.outC, 4);
  // Results start as NaN so that an element that is never written shows.
  std::vector<float> y(dy.size(), NAN), dx(x.size(), NAN), dw(w.size(), NAN);
  genesis::conv3d(s, x.data(), w.data(), bias.data(), y.data());
  genesis::conv3dInputGrad(s, dy.data(), w.data(), dx.data());
  genesis::conv3dFilterGrad(s, x.data(), dy.data(), dw.data());
  check("forward", s, relativeError(forward(s, x, w, bias), y), limit);
  check("input-grad", s, relativeError(inputGrad(s, dy, w), dx), limit);
  check("filter-grad", s, relativeError(filterGrad(s, x, dy), dw), limit);
  std::vector<float> again(y.size(), NAN);
  const int threads = genesis::numThreads();
  genesis::setNumThreads(threads == 1 ? 2 : 1);
  genesis::conv3d(s, x.data(), w.data(), bias.data(), again.data());
  std::vector<float> dwAgain(dw.size(), NAN), dxAgain(dx.size(), NAN);
  genesis::conv3dFilterGrad(s, x.data(), dy.data(), dwAgain.data());
  genesis::conv3dInputGrad(s, dy.data(), w.data(), dxAgain.data());
  genesis::setNumThreads(threads);
  const bool equal = std::memcmp(y.data(), again.data(), y.size() * sizeof(float)) == 0 &&
                     std::memcmp(dx.data(), dxAgain.data(), dx.size() * sizeof(float)) == 0 &&
                     std::memcmp(dw.data(), dwAgain.data(), dw.size() * sizeof(float)) == 0;
  check("bits differ between thread counts,", s, equal ? 0.0 : 1.0, 0.0);
}

void runMatmul(int64_t m, int64_t n, int64_t k, bool ta, bool tb) {
  const auto a = randomFloats(m * k, 5), b = randomFloats(k * n, 6);
  std::vector<float> c(static_cast<size_t>(m * n), NAN);
  genesis::matmul(m, n, k, a.data(), ta, b.data(), tb, c.data());
  std::vector<double> expected(c.size());
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < n; ++j) {
      double total = 0;
      for (int64_t p = 0; p < k; ++p) {
        total += static_cast<double>(a[static_cast<size_t>(ta ? p * m + i : i * k + p)]) *
                 b[static_cast<size_t>(tb ? j * k + p : p * n + j)];
      }
      expected[static_cast<size_t>(i * n + j)] = total;
    }
  check("matmul", same(1, static_cast<int>(m), static_cast<int>(n), static_cast<int>(k), ta, tb),
        relativeError(expected, c), 1e-6);
}

void runAll(bool quick, double limit) {
  const int sizes[] = {1, 2, 3, 5, 7, 17};
  const int channels[] = {1, 3, 31, 33};
  int turn = 0;
  for (int d : sizes)
    for (int h : sizes)
      for (int w : sizes) {
        // Every triple of sizes, going round the channel counts and batches.
        const int inC = channels[turn % 4], outC = channels[turn / 4 % 4], n = 1 + turn % 3;
        ++turn;
        if (quick && turn % 7 != 0) continue;
        run(same(n, d, h, w, inC, outC), limit);
      }
  for (int inC : channels)
    for (int outC : channels) run(same(2, 5, 7, 3, inC, outC), limit);
  for (int inC : {8, 16, 64, 96}) run(same(1, 8, 8, 12, inC, inC == 8 ? 16 : 64), limit);
  run(same(1, 8, 8, 4, 128, 64), limit);
  run(same(2, 8, 8, 4, 64, 160), limit);
  run(same(1, 16, 16, 16, 64, 32), limit);
  run(same(1, 4, 5, 6, 33, 7, 1), limit);
  run(same(2, 8, 8, 8, 64, 1, 1), limit);
  run(same(1, 9, 11, 13, 33, 3, 1), limit);
  run(same(2, 8, 8, 8, 1, 64, 1), limit);
  run(same(1, 6, 6, 6, 3, 5, 5), limit);
  run(same(1, 9, 9, 9, 2, 3, 9), limit);
  run(valid(2, 8, 8, 8, 32, 64, 2, 2), limit);
  run(valid(1, 9, 7, 11, 31, 33, 2, 2), limit);
  run(valid(1, 9, 7, 11, 5, 33, 3, 2), limit);
  run(valid(1, 9, 8, 7, 16, 16, 3, 1), limit);
  run({1, 9, 7, 11, 5, 3, 4, 11, 3, 3, 2, 1, 3, 2, 1, 1, 0, 0}, limit);
  run({2, 4, 4, 4, 3, 6, 6, 6, 3, 3, 3, 3, 1, 1, 1, 2, 2, 2}, limit);
  run({1, 5, 5, 5, 3, 3, 3, 3, 4, 3, 3, 3, 2, 2, 2, 1, 1, 1}, limit);
  run({1, 5, 5, 5, 3, 2, 2, 2, 4, 2, 2, 2, 3, 3, 3, 0, 0, 0}, limit);
}

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // a run that is cut short still says how far it came
  bool quick = false;
  std::vector<std::string> isas;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--quick") == 0) {
      quick = true;
    } else {
      isas.push_back(argv[i]);
    }
  }
  if (isas.empty()) isas = {"base", "avx2", "avx512"};
  for (const std::string& isa : isas) {
    if (!genesis::forceIsa(isa.c_str())) {
      std::printf("%s: not on this processor, skipped\n", isa.c_str());
      continue;
    }
    genesis::setNumThreads(2);
    // The rule in both precisions, then every algorithm on every shape that it fits.
    const struct {
      const char* algorithm;
      genesis::Precision precision;
    } runs[] = {{"auto", genesis::Precision::Fast},           {"auto", genesis::Precision::Strict},
                {"direct", genesis::Precision::Strict},       {"winograd-2x2x2", genesis::Precision::Strict},
                {"winograd-2x4x4", genesis::Precision::Fast}, {"winograd-4x4x4", genesis::Precision::Fast}};
    for (const auto& r : runs) {
      algorithm = r.algorithm;
      genesis::forceAlgorithm(algorithm);
      genesis::setPrecision(r.precision);
      const bool strict = r.precision == genesis::Precision::Strict;
      worst = 0;
      runAll(quick, strict ? 1e-6 : 5e-6);
      std::printf("%s %s %s: worst relative L2 error %.3g\n", isa.c_str(), algorithm, strict ? "strict" : "fast", worst);
    }
    algorithm = "auto";
    genesis::forceAlgorithm(algorithm);
    for (int64_t m : {1, 7, 33})
      for (int64_t n : {1, 16, 31, 70})
        for (int64_t k : {1, 5, 64}) {
          for (int t = 0; t < 4; ++t) runMatmul(m, n, k, t & 1, t & 2);
        }
  }
  std::printf("%d checks, %d failures\n", cases, failures);
  return failures == 0 ? 0 : 1;
}
