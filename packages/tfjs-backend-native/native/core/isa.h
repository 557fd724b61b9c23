// Instruction sets that the kernels are compiled for, and the one in use.
#pragma once

namespace genesis {

enum class Isa { Base = 0, Avx2 = 1, Avx512 = 2 };

constexpr int kIsaCount = 3;

/// Best instruction set of this processor among those compiled in.
Isa detectIsa();

/// The set in use: GENESIS_ISA (base, avx2 or avx512) when it names one that this processor has,
/// else the detected one. Kernels are looked up at each call, so a change takes effect at once.
Isa activeIsa();

/// Forces a set by name; false (and no change) when the name is unknown or the processor lacks it.
/// "auto" returns to the detected one.
bool forceIsa(const char* name);

const char* isaName(Isa isa);

/// Picks from a table that a kernel family declares, e.g.
///   namespace genesis::base { extern const PoolKernels poolKernels; } …
///   const PoolKernels& k = GENESIS_KERNELS(poolKernels);
#if defined(__x86_64__) && !defined(GENESIS_BASE_ONLY)
#define GENESIS_X86 1
#define GENESIS_KERNELS(name)                                                              \
  (::genesis::activeIsa() == ::genesis::Isa::Avx512 ? ::genesis::avx512::name              \
   : ::genesis::activeIsa() == ::genesis::Isa::Avx2 ? ::genesis::avx2::name                \
                                                    : ::genesis::base::name)
/// Declares one extern table of type `Type` per instruction set (at namespace genesis scope).
#define GENESIS_DECLARE_KERNELS(Type, name)      \
  namespace base { extern const Type name; }     \
  namespace avx2 { extern const Type name; }     \
  namespace avx512 { extern const Type name; }
#else
#define GENESIS_X86 0
#define GENESIS_KERNELS(name) (::genesis::base::name)
#define GENESIS_DECLARE_KERNELS(Type, name) \
  namespace base { extern const Type name; }
#endif

}  // namespace genesis
