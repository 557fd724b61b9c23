// Instruction sets that the kernels are compiled for, and the one in use.
#pragma once

/// Whether the kernels are compiled for the sets of x86-64 too. -DGENESIS_BASE_ONLY leaves the portable ones alone, as
/// on any other processor.
#if defined(__x86_64__) && !defined(GENESIS_BASE_ONLY)
#define GENESIS_X86 1
#else
#define GENESIS_X86 0
#endif

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

}  // namespace genesis
