#include "runtime/isa.h"

#include <atomic>
#include <cstdlib>
#include <cstring>

#if GENESIS_X86
#include <cpuid.h>

#include <cstdint>
#endif

namespace genesis {

namespace {

#if GENESIS_X86

/// Asked of the processor rather than of __builtin_cpu_supports, whose table not every compiler's library fills.
Isa askProcessor() {
  constexpr uint32_t kFma = 1u << 12, kSavesRegisters = 1u << 27, kAvx = 1u << 28;                    // leaf 1, ecx
  constexpr uint32_t kAvx2 = 1u << 5, kF = 1u << 16, kDq = 1u << 17, kBw = 1u << 30, kVl = 1u << 31;  // leaf 7, ebx
  constexpr uint32_t kWide = kF | kDq | kBw | kVl;
  // What the operating system saves: the registers of SSE and AVX, and those of AVX-512.
  constexpr uint32_t kSavesAvx = 0x06, kSavesAvx512 = 0xe6;
  uint32_t eax, ebx, ecx, edx;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0) return Isa::Base;
  constexpr uint32_t kFirst = kFma | kSavesRegisters | kAvx;
  if ((ecx & kFirst) != kFirst) return Isa::Base;
  uint32_t saved, upper;
  asm volatile("xgetbv" : "=a"(saved), "=d"(upper) : "c"(0));
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) == 0) return Isa::Base;
  if ((ebx & kAvx2) == 0 || (saved & kSavesAvx) != kSavesAvx) return Isa::Base;
  return (ebx & kWide) == kWide && (saved & kSavesAvx512) == kSavesAvx512 ? Isa::Avx512 : Isa::Avx2;
}

#endif

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
  static const Isa best = askProcessor();
  return best;
#else
  return Isa::Base;
#endif
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
