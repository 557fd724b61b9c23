import { execFileSync } from 'node:child_process';
import { BuildError, NoCompilerError } from './error.mjs';
import { nativeRoot, nodeHeaders } from './sources.mjs';

const SANITIZERS = {
  address: ['-fsanitize=address,undefined', '-fno-sanitize-recover=undefined'],
  undefined: ['-fsanitize=undefined', '-fno-sanitize-recover=undefined'],
  thread: ['-fsanitize=thread'],
};

/** Flags per instruction set; a *.kernels.cpp file is compiled once for each. */
function instructionSets(baseOnly) {
  if (process.arch !== 'x64' || baseOnly) return { base: [] };
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

function versionOf(command) {
  try {
    return execFileSync(command, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .split('\n')[0]
      .trim();
  } catch {
    return undefined; // not installed: the next candidate is tried
  }
}

/**
 * Finds a compiler and the flags of every step. Throws BuildError when there is none.
 *
 * @param {{ sanitize?: string, baseOnly?: boolean }} [options]
 */
export function findToolchain({ sanitize, baseOnly = false } = {}) {
  if (sanitize !== undefined && !(sanitize in SANITIZERS)) {
    throw new BuildError(
      `--sanitize=${sanitize} is not one of ${Object.keys(SANITIZERS).join(', ')}.`,
    );
  }
  if (process.platform === 'win32') {
    throw new NoCompilerError(
      'Windows has no build yet: use the cpu or webgpu engine, or Node inside WSL.',
    );
  }
  const candidates = process.env.CXX ? [process.env.CXX] : ['g++', 'clang++', 'c++'];
  for (const command of candidates) {
    const version = versionOf(command);
    if (version === undefined) continue;
    const checks = sanitize ? SANITIZERS[sanitize] : [];
    const extra = (process.env.CXXFLAGS ?? '').split(/\s+/).filter(Boolean);
    return {
      command,
      version,
      sets: instructionSets(baseOnly),
      compile: [
        // C++20 for designated initializers, by the name that g++ 8 and 9 know too.
        '-std=c++2a',
        sanitize ? '-O1' : '-O3',
        ...(sanitize ? ['-g', '-fno-omit-frame-pointer'] : []),
        '-fPIC',
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
        ...checks,
        ...extra,
      ],
      program: ['-pthread', ...checks],
      addon:
        process.platform === 'darwin'
          ? ['-bundle', '-undefined', 'dynamic_lookup', '-pthread']
          : // nodelete: a worker that ends must not unmap code that the pool's threads still run.
            ['-shared', '-pthread', '-Wl,-z,nodelete', '-Wl,-z,relro', '-Wl,--gc-sections', '-s'],
    };
  }
  throw new NoCompilerError(
    `No C++ compiler was found (tried ${candidates.join(', ')}): install g++ or clang++, or set CXX.`,
  );
}
