// Accuracy of every convolution and matrix product against float64, on each instruction set, in both
// precisions and with one and two threads. Usage: conv-test [--brief] [isa…]; exit status 1 on failure.
// --brief takes one shape per path through the kernels, for sanitizers, which make everything slow.
#include <cstdio>
#include <cstring>
#include <string>

#include "../core/choose.h"
#include "../core/isa.h"
#include "../core/threads.h"
#include "reference.h"

namespace {

using namespace genesis_test;

/// The rule in both precisions, then every algorithm on every shape that it fits.
struct Mode {
  const char* algorithm;
  genesis::Precision precision;
  double worst[genesis::kIsaCount];  // relative L2 error
  double limit() const { return precision == genesis::Precision::Strict ? 1e-6 : 5e-6; }
};
Mode modes[] = {{"auto", genesis::Precision::Fast, {}},           {"auto", genesis::Precision::Strict, {}},
                {"direct", genesis::Precision::Strict, {}},       {"winograd-2x2x2", genesis::Precision::Strict, {}},
                {"winograd-2x4x4", genesis::Precision::Fast, {}}, {"winograd-4x4x4", genesis::Precision::Fast, {}}};

int failures = 0;
int cases = 0;
std::vector<std::string> isas;

void check(const char* what, const Conv3dShape& s, Mode& mode, double error, double limit) {
  ++cases;
  double& worst = mode.worst[static_cast<int>(genesis::activeIsa())];
  if (error > worst) worst = error;
  if (error > limit) {
    ++failures;
    std::printf("FAIL %s %s %s: %.3g > %.3g, n=%d in %dx%dx%dx%d out %dx%dx%dx%d k %dx%dx%d s %d%d%d p %d%d%d \n",
                what, genesis::isaName(genesis::activeIsa()), mode.algorithm, error, limit, s.batch, s.inD, s.inH, s.inW,
                s.inC, s.outD, s.outH, s.outW, s.outC, s.kD, s.kH, s.kW, s.sD, s.sH, s.sW, s.padD, s.padH, s.padW);
  }
}

Conv3dShape same(int n, int d, int h, int w, int inC, int outC, int k = 3) {
  return {n, d, h, w, inC, d, h, w, outC, k, k, k, 1, 1, 1, (k - 1) / 2, (k - 1) / 2, (k - 1) / 2};
}

Conv3dShape valid(int n, int d, int h, int w, int inC, int outC, int k, int s) {
  return {n, d, h, w, inC, (d - k) / s + 1, (h - k) / s + 1, (w - k) / s + 1, outC, k, k, k, s, s, s, 0, 0, 0};
}

struct Results {
  // NaN at first, so that an element that is never written shows.
  std::vector<float> y, dx, dw;
  explicit Results(const Conv3dShape& s)
      : y(static_cast<size_t>(outSize(s)), NAN),
        dx(static_cast<size_t>(inSize(s)), NAN),
        dw(static_cast<size_t>(filterSize(s)), NAN) {}
};

bool sameBits(const std::vector<float>& a, const std::vector<float>& b) {
  return std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

/// Every mode on every instruction set, beside one reference: that is what takes the time.
void run(const Conv3dShape& s) {
  const auto x = randomFloats(inSize(s), 1), w = randomFloats(filterSize(s), 2);
  const auto dy = randomFloats(outSize(s), 3), bias = randomFloats(s.outC, 4);
  const auto y = forward(s, x, w, bias), dx = inputGrad(s, dy, w), dw = filterGrad(s, x, dy);
  const auto convolve = [&](int threads) {
    Results r(s);
    genesis::setNumThreads(threads);
    genesis::conv3d(s, x.data(), w.data(), bias.data(), r.y.data());
    genesis::conv3dInputGrad(s, dy.data(), w.data(), r.dx.data());
    genesis::conv3dFilterGrad(s, x.data(), dy.data(), r.dw.data());
    return r;
  };
  for (const std::string& isa : isas) {
    genesis::forceIsa(isa.c_str());
    for (Mode& mode : modes) {
      genesis::forceAlgorithm(mode.algorithm);
      genesis::setPrecision(mode.precision);
      const bool fits = std::strcmp(mode.algorithm, genesis::conv3dAlgorithm(s)) == 0;
      if (!fits && std::strcmp(mode.algorithm, "auto") != 0) continue;
      const Results r = convolve(2), alone = convolve(1);
      check("forward", s, mode, relativeError(y, r.y), mode.limit());
      check("input-grad", s, mode, relativeError(dx, r.dx), mode.limit());
      check("filter-grad", s, mode, relativeError(dw, r.dw), mode.limit());
      const bool equal = sameBits(r.y, alone.y) && sameBits(r.dx, alone.dx) && sameBits(r.dw, alone.dw);
      check("bits differ between thread counts,", s, mode, equal ? 0.0 : 1.0, 0.0);
    }
  }
  genesis::setNumThreads(2);
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
  check("matmul", same(1, static_cast<int>(m), static_cast<int>(n), static_cast<int>(k), ta, tb), modes[0],
        relativeError(expected, c), 1e-6);
}

/// Sizes and channel counts that fill tiles and vectors, and that do not.
std::vector<Conv3dShape> allShapes() {
  std::vector<Conv3dShape> shapes;
  const int sizes[] = {1, 2, 3, 5, 7, 17};
  const int channels[] = {1, 3, 31, 33};
  int turn = 0;
  for (int d : sizes)
    for (int h : sizes)
      for (int w : sizes) {
        // Every triple of sizes, going round the channel counts and batches.
        shapes.push_back(same(1 + turn % 3, d, h, w, channels[turn % 4], channels[turn / 4 % 4]));
        ++turn;
      }
  for (int inC : channels)
    for (int outC : channels) shapes.push_back(same(2, 5, 7, 3, inC, outC));
  for (int inC : {8, 16, 64, 96}) shapes.push_back(same(1, 8, 8, 12, inC, inC == 8 ? 16 : 64));
  for (const Conv3dShape& s : std::initializer_list<Conv3dShape>{
           same(1, 8, 8, 4, 128, 64),
           same(2, 8, 8, 4, 64, 160),
           same(1, 16, 16, 16, 64, 32),
           same(1, 4, 5, 6, 33, 7, 1),
           same(2, 8, 8, 8, 64, 1, 1),
           same(1, 9, 11, 13, 33, 3, 1),
           same(2, 8, 8, 8, 1, 64, 1),
           same(1, 6, 6, 6, 3, 5, 5),
           same(1, 9, 9, 9, 2, 3, 9),
           valid(2, 8, 8, 8, 32, 64, 2, 2),
           valid(1, 8, 16, 16, 160, 160, 2, 2),
           valid(1, 9, 7, 11, 31, 33, 2, 2),
           valid(1, 9, 7, 11, 5, 33, 3, 2),
           valid(1, 9, 8, 7, 16, 16, 3, 1),
           {1, 9, 7, 11, 5, 3, 4, 11, 3, 3, 2, 1, 3, 2, 1, 1, 0, 0},
           {2, 4, 4, 4, 3, 6, 6, 6, 3, 3, 3, 3, 1, 1, 1, 2, 2, 2},
           {1, 5, 5, 5, 3, 3, 3, 3, 4, 3, 3, 3, 2, 2, 2, 1, 1, 1},
           {1, 5, 5, 5, 3, 2, 2, 2, 4, 2, 2, 2, 3, 3, 3, 0, 0, 0},
       }) {
    shapes.push_back(s);
  }
  return shapes;
}

std::vector<Conv3dShape> briefShapes() {
  return {
      same(1, 5, 7, 6, 17, 35),          // few Winograd tiles; direct taps
      same(2, 17, 9, 15, 3, 5),          // many Winograd tiles, in parts; direct patches
      same(1, 17, 13, 13, 200, 1),       // several chunks of input channels
      same(1, 17, 13, 13, 1, 140),       // several groups of output channels
      same(1, 4, 5, 6, 33, 7, 1),        // one tap
      same(2, 8, 8, 8, 40, 1, 1),        // narrow
      same(1, 32, 64, 64, 1, 32, 1),     // result stored past the caches
      valid(1, 8, 8, 12, 33, 130, 2, 2), // strided: phases of the input gradient
      valid(1, 9, 7, 11, 5, 18, 3, 2),
  };
}

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // a run that is cut short still says how far it came
  bool brief = false;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--brief") == 0) {
      brief = true;
    } else {
      isas.push_back(argv[i]);
    }
  }
  if (isas.empty()) isas = {"base", "avx2", "avx512"};
  for (size_t i = isas.size(); i-- > 0;) {
    if (genesis::forceIsa(isas[i].c_str())) continue;
    std::printf("%s: not on this processor, skipped\n", isas[i].c_str());
    isas.erase(isas.begin() + static_cast<std::ptrdiff_t>(i));
  }
  genesis::setNumThreads(2);
  const std::vector<Conv3dShape> shapes = brief ? briefShapes() : allShapes();
  for (size_t i = 0; i < shapes.size(); ++i) {
    run(shapes[i]);
    if (i % 50 == 49) std::printf("%zu of %zu shapes\n", i + 1, shapes.size());
  }
  genesis::forceAlgorithm("auto");
  for (const std::string& isa : isas) {
    genesis::forceIsa(isa.c_str());
    for (const Mode& mode : modes) {
      std::printf("%s %s %s: worst relative L2 error %.3g\n", isa.c_str(), mode.algorithm,
                  mode.precision == genesis::Precision::Strict ? "strict" : "fast",
                  mode.worst[static_cast<int>(genesis::activeIsa())]);
    }
    for (int64_t m : {1, 7, 33})
      for (int64_t n : {1, 16, 31, 70})
        for (int64_t k : {1, 5, 64}) {
          for (int t = 0; t < 4; ++t) runMatmul(m, n, k, t & 1, t & 2);
        }
  }
  std::printf("%d checks, %d failures\n", cases, failures);
  return failures == 0 ? 0 : 1;
}
