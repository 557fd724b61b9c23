// A small pool of threads. The calling thread takes part in the work; calls return when all is done.
//
// Own pool rather than OpenMP: a run-time library that is loaded from a Node worker is unloaded with
// it while its threads still run, two OpenMP run-times in one process (another addon's) oversubscribe
// the cores, and install would depend on one more package. The pool's threads sleep when idle and the
// pool is never destroyed, so no order of exit can touch it after destruction.
#pragma once

#include <cstdint>
#include <type_traits>

namespace genesis {

/// Threads used by the next calls (>= 1). Initially GENESIS_NUM_THREADS, else the number of
/// processors that this process may use (see processors.h).
void setNumThreads(int count);
int numThreads();

namespace detail {
using UnitFunction = void (*)(void* context, int64_t unit, int worker);
void parallelUnits(int64_t units, void* context, UnitFunction run);
}  // namespace detail

/// Calls f(unit, worker) for every unit in [0, units); units are handed out dynamically, in order.
/// worker is in [0, numThreads()) and no two units run at once with the same worker, so that it can
/// index scratch memory. Called from inside a unit it runs serially on that unit's worker. f must not
/// throw.
/// Results do not depend on the number of threads as long as units write disjoint memory.
template <typename F>
inline void parallelFor(int64_t units, F&& f) {
  using Function = typename std::remove_reference<F>::type;
  detail::parallelUnits(
      units, const_cast<void*>(static_cast<const void*>(&f)),
      [](void* context, int64_t unit, int worker) { (*static_cast<Function*>(context))(unit, worker); });
}

/// Calls f(begin, end, worker) over [0, count) in pieces of `grain` (fixed, whatever the threads).
template <typename F>
inline void parallelRange(int64_t count, int64_t grain, F&& f) {
  if (grain < 1) grain = 1;
  parallelFor((count + grain - 1) / grain, [&](int64_t unit, int worker) {
    const int64_t begin = unit * grain;
    const int64_t end = begin + grain < count ? begin + grain : count;
    f(begin, end, worker);
  });
}

}  // namespace genesis
