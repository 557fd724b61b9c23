// The flags of every step, for the compiler of a machine and for the one that compiles for others alike.
import { nativeRoot, nodeHeaders } from './sources.mjs';

export const SANITIZERS = {
  address: ['-fsanitize=address,undefined', '-fno-sanitize-recover=undefined'],
  undefined: ['-fsanitize=undefined', '-fno-sanitize-recover=undefined'],
  thread: ['-fsanitize=thread'],
};

/** Flags per instruction set; a *.kernels.cpp file is compiled once for each. */
export function instructionSets(cpu, baseOnly = false) {
  if (cpu !== 'x64' || baseOnly) return { base: [] };
  const avx2 = ['-mavx2', '-mfma'];
  return {
    base: [],
    avx2,
    avx512: [
      ...avx2,
      '-mavx512f',
      '-mavx512vl',
      '-mavx512bw',
      '-mavx512dq',
      '-mprefer-vector-width=512',
    ],
  };
}

/**
 * @param {{ os: string, sanitize?: string, baseOnly?: boolean }} options
 */
export function compileFlags({ os, sanitize, baseOnly = false }) {
  return [
    // C++20 for designated initializers, by the name that g++ 8 and 9 know too.
    '-std=c++2a',
    sanitize ? '-O1' : '-O3',
    ...(sanitize ? ['-g', '-fno-omit-frame-pointer'] : []),
    // addon/host-windows.cpp looks up what elsewhere the loader binds.
    ...(os === 'win32' ? ['-DNAPI_EXTERN='] : ['-fPIC']),
    '-fvisibility=hidden',
    '-ffp-contract=fast',
    '-fno-math-errno',
    '-fno-trapping-math',
    '-Wall',
    '-Wextra',
    '-Wno-psabi',
    '-pthread',
    '-DNAPI_VERSION=8',
    ...(baseOnly ? ['-DGENESIS_BASE_ONLY'] : []),
    `-I${nativeRoot}`,
    `-I${nodeHeaders()}`,
    ...(sanitize ? SANITIZERS[sanitize] : []),
  ];
}

/** For programs: the C++ tests and the benchmarks. */
export function programFlags({ os, sanitize }) {
  return [
    '-pthread',
    ...(os === 'win32' ? ['-static'] : []),
    ...(sanitize ? SANITIZERS[sanitize] : []),
  ];
}

/** For the addon, a library that Node loads. */
export function addonFlags(os) {
  if (os === 'darwin') return ['-bundle', '-undefined', 'dynamic_lookup', '-pthread'];
  if (os === 'win32') return ['-shared', '-static', '-pthread', '-s'];
  // nodelete: a worker that ends must not unmap code that the pool's threads still run.
  return ['-shared', '-pthread', '-Wl,-z,nodelete', '-Wl,-z,relro', '-Wl,--gc-sections', '-s'];
}
