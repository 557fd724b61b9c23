// The thread pool and concurrent convolutions; meant to be run under ThreadSanitizer too.
// Usage: threads-test; exit status 1 on failure.
#include <atomic>
#include <cstdio>
#include <cstring>
#include <thread>

#include "conv/choose.h"
#include "conv/conv3d.h"
#include "runtime/threads.h"
#include "runtime/workspace.h"
#include "test/reference.h"

namespace {

using namespace genesis_test;

int failures = 0;

void expect(bool condition, const char* what) {
  if (condition) return;
  ++failures;
  std::printf("FAIL %s\n", what);
}

void everyUnitOnce() {
  for (const int threads : {1, 2, 3, 8}) {
    genesis::setNumThreads(threads);
    for (const int64_t units : {0, 1, 2, 7, 1000}) {
      std::vector<std::atomic<int>> seen(static_cast<size_t>(units));
      std::atomic<bool> workersValid{true};
      genesis::parallelFor(units, [&](int64_t unit, int worker) {
        seen[static_cast<size_t>(unit)].fetch_add(1);
        if (worker < 0 || worker >= threads) workersValid.store(false);
      });
      bool once = true;
      for (const auto& count : seen) once &= count.load() == 1;
      expect(once, "every unit runs exactly once");
      expect(workersValid.load(), "worker numbers stay below the number of threads");
    }
  }
}

void workersAreExclusive() {
  genesis::setNumThreads(4);
  // Not atomic on purpose: a race is a failure of the promise, and ThreadSanitizer sees it.
  std::vector<int64_t> sums(4 * 16);
  genesis::parallelFor(500, [&](int64_t unit, int worker) { sums[static_cast<size_t>(worker) * 16] += unit; });
  int64_t total = 0;
  for (const int64_t s : sums) total += s;
  expect(total == 500 * 499 / 2, "units of one worker never overlap");
}

void nestedRunsSerially() {
  genesis::setNumThreads(2);
  std::atomic<int64_t> total{0};
  genesis::parallelFor(10, [&](int64_t, int worker) {
    genesis::parallelFor(10, [&](int64_t unit, int inner) {
      expect(inner == worker, "nested units keep the worker of the outer one");
      total.fetch_add(unit);
    });
  });
  expect(total.load() == 450, "nested units all run");
}

void rangesCover() {
  genesis::setNumThreads(3);
  std::vector<int> seen(1001);
  genesis::parallelRange(1001, 64, [&](int64_t begin, int64_t end, int) {
    for (int64_t i = begin; i < end; ++i) ++seen[static_cast<size_t>(i)];
  });
  bool once = true;
  for (const int count : seen) once &= count == 1;
  expect(once, "ranges cover every element once");
}

/// Several threads of a process (Node workers) convolve at once, with every algorithm.
void concurrentConvolutions() {
  genesis::setNumThreads(3);
  const Conv3dShape s{1, 9, 9, 10, 17, 9, 9, 10, 20, 3, 3, 3, 1, 1, 1, 1, 1, 1};
  const auto x = randomFloats(inSize(s), 1), w = randomFloats(filterSize(s), 2), dy = randomFloats(outSize(s), 3);
  for (const char* algorithm : {"direct", "winograd-2x2x2", "winograd-2x4x4", "winograd-4x4x4"}) {
    genesis::forceAlgorithm(algorithm);
    std::vector<float> y(dy.size()), dx(x.size()), dw(w.size());
    genesis::conv3d(s, source(x, s.inC), w.data(), nullptr, y.data());
    genesis::conv3dInputGrad(s, dy.data(), w.data(), nullptr, target(dx, s.inC));
    genesis::conv3dFilterGrad(s, source(x, s.inC), dy.data(), dw.data());
    std::atomic<bool> equal{true};
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 3; ++caller) {
      callers.emplace_back([&] {
        for (int round = 0; round < 2; ++round) {
          std::vector<float> y2(y.size()), dx2(dx.size()), dw2(dw.size());
          genesis::conv3d(s, source(x, s.inC), w.data(), nullptr, y2.data());
          genesis::conv3dInputGrad(s, dy.data(), w.data(), nullptr, target(dx2, s.inC));
          genesis::conv3dFilterGrad(s, source(x, s.inC), dy.data(), dw2.data());
          if (y != y2 || dx != dx2 || dw != dw2) equal.store(false);
        }
      });
    }
    for (std::thread& caller : callers) caller.join();
    expect(equal.load(), "concurrent callers get the bits of a lone one");
  }
  genesis::forceAlgorithm("auto");
}

void workspaceIsReleased() {
  {
    genesis::Scratch a(1 << 20), b(1 << 10);
    a.data()[0] = b.data()[0] = 1.0f;
  }
  expect(genesis::workspaceBytes() > 0, "scratch memory is kept");
  genesis::releaseWorkspace();
  expect(genesis::workspaceBytes() == 0, "kept memory is released");
}

}  // namespace

int main() {
  everyUnitOnce();
  workersAreExclusive();
  nestedRunsSerially();
  rangesCover();
  concurrentConvolutions();
  workspaceIsReleased();
  std::printf("%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
