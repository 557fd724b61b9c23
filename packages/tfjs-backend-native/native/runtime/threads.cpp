#include "runtime/threads.h"

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "runtime/processors.h"

namespace genesis {

namespace {

constexpr int kMaxThreads = 256;
// An idle thread watches for work this many times before it sleeps: about 20 to 50 microseconds,
// the gap between two kernels of a network.
constexpr int kSpins = 2000;

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

int clampThreads(long count) {
  if (count < 1) return 1;
  return count > kMaxThreads ? kMaxThreads : static_cast<int>(count);
}

int initialThreads() {
  const char* text = std::getenv("GENESIS_NUM_THREADS");
  if (text != nullptr && *text != '\0') {
    char* end = nullptr;
    const long count = std::strtol(text, &end, 10);
    if (*end == '\0' && count >= 1) return clampThreads(count);
  }
  return clampThreads(availableProcessors());
}

std::atomic<int>& wantedThreads() {
  static std::atomic<int> count{initialThreads()};
  return count;
}

thread_local int currentWorker = -1;  // -1: not inside a unit

class Pool {
 public:
  void run(int64_t units, int threads, void* context, detail::UnitFunction function) {
    // One job at a time: a second caller (another Node worker) waits for its turn.
    std::lock_guard<std::mutex> turn(turn_);
    grow(threads - 1);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      function_ = function;
      context_ = context;
      units_ = units;
      workers_ = threads - 1;
      next_.store(0, std::memory_order_relaxed);
      busy_.store(threads - 1, std::memory_order_relaxed);
      generation_.fetch_add(1, std::memory_order_release);
    }
    wake_.notify_all();
    work(function, context, units, 0);
    for (int i = 0; i < kSpins && busy_.load(std::memory_order_acquire) > 0; ++i) pause();
    if (busy_.load(std::memory_order_acquire) > 0) {
      std::unique_lock<std::mutex> lock(mutex_);
      done_.wait(lock, [&] { return busy_.load(std::memory_order_acquire) == 0; });
    }
  }

 private:
  void grow(int count) {
    while (started_ < count) {
      const int worker = ++started_;
      const uint64_t seen = generation_.load(std::memory_order_relaxed);
      std::thread([this, worker, seen] { loop(worker, seen); }).detach();
    }
  }

  void work(detail::UnitFunction function, void* context, int64_t units, int worker) {
    currentWorker = worker;
    for (;;) {
      const int64_t unit = next_.fetch_add(1, std::memory_order_relaxed);
      if (unit >= units) break;
      function(context, unit, worker);
    }
    currentWorker = -1;
  }

  void loop(int worker, uint64_t seen) {
    for (;;) {
      for (int i = 0; i < kSpins && generation_.load(std::memory_order_acquire) == seen; ++i) {
        pause();
      }
      detail::UnitFunction function;
      void* context;
      int64_t units;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        wake_.wait(lock, [&] { return generation_.load(std::memory_order_relaxed) != seen; });
        seen = generation_.load(std::memory_order_relaxed);
        if (worker > workers_) continue;
        function = function_;
        context = context_;
        units = units_;
      }
      work(function, context, units, worker);
      if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        std::lock_guard<std::mutex> lock(mutex_);
        done_.notify_one();
      }
    }
  }

  std::mutex turn_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  std::atomic<uint64_t> generation_{0};
  std::atomic<int64_t> next_{0};
  std::atomic<int> busy_{0};
  detail::UnitFunction function_ = nullptr;
  void* context_ = nullptr;
  int64_t units_ = 0;
  int workers_ = 0;
  int started_ = 0;
};

Pool& pool() {
  static Pool* instance = new Pool;  // never destroyed: its threads outlive static destructors
  return *instance;
}

}  // namespace

void setNumThreads(int count) { wantedThreads().store(clampThreads(count), std::memory_order_relaxed); }

int numThreads() { return wantedThreads().load(std::memory_order_relaxed); }

namespace detail {

void parallelUnits(int64_t units, void* context, UnitFunction run) {
  const int threads = static_cast<int>(units < numThreads() ? units : numThreads());
  if (threads <= 1 || currentWorker >= 0) {
    const int worker = currentWorker >= 0 ? currentWorker : 0;
    for (int64_t unit = 0; unit < units; ++unit) run(context, unit, worker);
    return;
  }
  pool().run(units, threads, context, run);
}

}  // namespace detail

}  // namespace genesis
