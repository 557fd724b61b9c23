// How a file that is compiled once per instruction set gives its functions to the rest.
//
// A family of kernels is a struct of named function pointers, declared in a header F.h:
//
//   struct PoolKernels {
//     void (*max)(const PoolShape&, const float* x, float* y);
//   };
//   GENESIS_DECLARE_KERNELS(PoolKernels, poolKernels)        // at namespace genesis scope
//
// F.kernels.cpp is compiled with -DGENESIS_ISA=base, avx2 and avx512 and defines one table in each of these namespaces,
// by the members' names:
//
//   extern const PoolKernels poolKernels = {.max = max};     // in namespace genesis::GENESIS_ISA
//
// Callers pick the table of the instruction set in use: GENESIS_KERNELS(poolKernels).max(shape, x, y).
//
// Arrays of all families are dense float32, channels last; outputs are overwritten and never overlap inputs unless said
// otherwise. Sums are taken over fixed pieces in a fixed order, so results do not depend on the number of threads.
#pragma once

#include "runtime/isa.h"

#if GENESIS_X86
#define GENESIS_KERNELS(name)                                                 \
  (::genesis::activeIsa() == ::genesis::Isa::Avx512 ? ::genesis::avx512::name \
   : ::genesis::activeIsa() == ::genesis::Isa::Avx2 ? ::genesis::avx2::name   \
                                                    : ::genesis::base::name)
#define GENESIS_DECLARE_KERNELS(Type, name) \
  namespace base {                          \
  extern const Type name;                   \
  }                                         \
  namespace avx2 {                          \
  extern const Type name;                   \
  }                                         \
  namespace avx512 {                        \
  extern const Type name;                   \
  }
#else
#define GENESIS_KERNELS(name) (::genesis::base::name)
#define GENESIS_DECLARE_KERNELS(Type, name) \
  namespace base {                          \
  extern const Type name;                   \
  }
#endif
