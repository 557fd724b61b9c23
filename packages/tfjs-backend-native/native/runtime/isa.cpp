#include "runtime/isa.h"

#include <atomic>
#include <cstdlib>
#include <cstring>

namespace genesis {

namespace {

const char* const kNames[kIsaCount] = {"base", "avx2", "avx512"};

bool parse(const char* name, Isa* out) {
  if (name == nullptr) return false;
  for (int i = 0; i < kIsaCount; ++i) {
    if (std::strcmp(name, kNames[i]) == 0) {
      *out = static_cast<Isa>(i);
      return true;
    }
  }
  return false;
}

Isa fromEnvironment() {
  Isa wanted;
  const Isa best = detectIsa();
  if (parse(std::getenv("GENESIS_ISA"), &wanted) && wanted <= best) return wanted;
  return best;
}

std::atomic<Isa>& current() {
  static std::atomic<Isa> isa{fromEnvironment()};
  return isa;
}

}  // namespace

Isa detectIsa() {
#if GENESIS_X86
  // __builtin_cpu_supports also asks the operating system whether it saves the wide registers.
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("fma")) {
    return Isa::Avx512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return Isa::Avx2;
#endif
  return Isa::Base;
}

Isa activeIsa() { return current().load(std::memory_order_relaxed); }

bool forceIsa(const char* name) {
  if (name != nullptr && std::strcmp(name, "auto") == 0) {
    current().store(detectIsa(), std::memory_order_relaxed);
    return true;
  }
  Isa wanted;
  if (!parse(name, &wanted) || wanted > detectIsa()) return false;
  current().store(wanted, std::memory_order_relaxed);
  return true;
}

const char* isaName(Isa isa) { return kNames[static_cast<int>(isa)]; }

}  // namespace genesis
