// Accuracy of every convolution and matrix product against float64, on each instruction set, in both
// precisions and with one and two threads. Usage: conv-test [--brief] [isa…]; exit status 1 on failure.
// --brief takes one shape per path through the kernels, for sanitizers, which make everything slow.
#include <cstdio>
#include <cstring>
#include <string>

#include "conv/choose.h"
#include "conv/conv3d.h"
#include "gemm/matmul.h"
#include "runtime/isa.h"
#include "runtime/threads.h"
#include "test/conv-shapes.h"
#include "test/reference.h"

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
    std::printf("FAIL %s %s %s: %.3g > %.3g, n=%d in %dx%dx%dx%d out %dx%dx%dx%d k %dx%dx%d s %d%d%d p %d%d%d \n", what,
                genesis::isaName(genesis::activeIsa()), mode.algorithm, error, limit, s.batch, s.inD, s.inH, s.inW,
                s.inC, s.outD, s.outH, s.outW, s.outC, s.kD, s.kH, s.kW, s.sD, s.sH, s.sW, s.padD, s.padH, s.padW);
  }
}

struct Results {
  // NaN at first, so that an element that is never written shows.
  std::vector<float> y, dx, dw;
  explicit Results(const Conv3dShape& s)
      : y(static_cast<size_t>(outSize(s)), NAN),
        dx(static_cast<size_t>(inSize(s)), NAN),
        dw(static_cast<size_t>(filterSize(s)), NAN) {}
};

constexpr int kSplit = genesis::kJoinUnit;

std::vector<float> channelsOf(const std::vector<float>& x, int channels, int first, int count) {
  std::vector<float> part;
  for (size_t voxel = 0; voxel < x.size(); voxel += static_cast<size_t>(channels)) {
    for (int c = first; c < first + count; ++c) part.push_back(x[voxel + static_cast<size_t>(c)]);
  }
  return part;
}

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
    genesis::conv3d(s, source(x, s.inC), w.data(), bias.data(), r.y.data());
    genesis::conv3dInputGrad(s, dy.data(), w.data(), nullptr, target(r.dx, s.inC));
    genesis::conv3dFilterGrad(s, source(x, s.inC), dy.data(), r.dw.data());
    return r;
  };
  // The same with the input's channels in two arrays, and the bias of a transposed convolution.
  const auto inputBias = randomFloats(s.inC, 5);
  const auto inParts = [&]() {
    Results r(s);
    auto first = channelsOf(x, s.inC, 0, kSplit), second = channelsOf(x, s.inC, kSplit, s.inC - kSplit);
    const genesis::Source parts{2, {first.data(), second.data()}, {kSplit, s.inC - kSplit}};
    genesis::conv3d(s, parts, w.data(), bias.data(), r.y.data());
    genesis::conv3dFilterGrad(s, parts, dy.data(), r.dw.data());
    const genesis::Target targets{2, {first.data(), second.data()}, {kSplit, s.inC - kSplit}};
    genesis::conv3dInputGrad(s, dy.data(), w.data(), nullptr, targets);
    for (size_t i = 0; i < r.dx.size(); ++i) {
      const size_t c = i % static_cast<size_t>(s.inC), voxel = i / static_cast<size_t>(s.inC);
      r.dx[i] =
          c < kSplit ? first[voxel * kSplit + c] : second[voxel * (static_cast<size_t>(s.inC) - kSplit) + c - kSplit];
    }
    return r;
  };
  for (const std::string& isa : isas) {
    genesis::forceIsa(isa.c_str());
    for (Mode& mode : modes) {
      genesis::forceAlgorithm(mode.algorithm);
      genesis::setPrecision(mode.precision);
      const genesis::Algorithm chosen = genesis::chooseAlgorithm(s, genesis::Direction::Forward, mode.precision);
      const bool fits = std::strcmp(mode.algorithm, genesis::algorithmName(chosen)) == 0;
      if (!fits && std::strcmp(mode.algorithm, "auto") != 0) continue;
      const Results r = convolve(2), alone = convolve(1);
      check("forward", s, mode, relativeError(y, r.y), mode.limit());
      check("input-grad", s, mode, relativeError(dx, r.dx), mode.limit());
      check("filter-grad", s, mode, relativeError(dw, r.dw), mode.limit());
      const bool equal = sameBits(r.y, alone.y) && sameBits(r.dx, alone.dx) && sameBits(r.dw, alone.dw);
      check("bits differ between thread counts,", s, mode, equal ? 0.0 : 1.0, 0.0);
      std::vector<float> biased(alone.dx.size(), NAN);
      genesis::conv3dInputGrad(s, dy.data(), w.data(), inputBias.data(), target(biased, s.inC));
      for (size_t i = 0; i < biased.size(); ++i) biased[i] -= inputBias[i % static_cast<size_t>(s.inC)];
      check("input-grad with a bias", s, mode, relativeError(dx, biased), 2 * mode.limit());
      if (s.inC <= kSplit) continue;
      const Results parts = inParts();
      check("forward of parts", s, mode, relativeError(y, parts.y), mode.limit());
      check("input-grad of parts", s, mode, relativeError(dx, parts.dx), mode.limit());
      check("filter-grad of parts", s, mode, relativeError(dw, parts.dw), mode.limit());
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
