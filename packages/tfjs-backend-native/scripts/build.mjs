#!/usr/bin/env node
// Builds C++ with g++ or clang++, without a download. What is made of what: lib/sources.mjs.
//
//   node scripts/build.mjs               the addon: build/native/genesis.node
//   node scripts/build.mjs --prebuild    … and copies it to prebuilds/<platform>-<arch>/
//   node scripts/build.mjs --tests       the C++ tests: build/native/*-test
//   node scripts/build.mjs --benches     the benchmarks: build/native/*-bench
//
//   --sanitize=address|thread|undefined  compiles with a sanitizer, in build/native-<sanitizer>/
//   --base-only                          the portable kernels alone, as on other processors, in build/native-base/
//   --optional                           without a compiler, says so and succeeds
//   --verbose                            names what is compiled, and the time
//
// CXX names another compiler, CXXFLAGS adds flags, GENESIS_BUILD_JOBS sets the number of compilers
// that run at once (default: 2, or one per processor when there are more).

import { copyFileSync, mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { compileAll } from './lib/compile.mjs';
import { NoCompilerError } from './lib/error.mjs';
import { withLock } from './lib/lock.mjs';
import { builds, packageRoot, prebuildPath } from './lib/sources.mjs';
import { findToolchain } from './lib/toolchain.mjs';

const { values: options } = parseArgs({
  options: {
    prebuild: { type: 'boolean', default: false },
    optional: { type: 'boolean', default: false },
    tests: { type: 'boolean', default: false },
    benches: { type: 'boolean', default: false },
    sanitize: { type: 'string' },
    'base-only': { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

/** Builds what the options ask for and returns the paths made. Throws BuildError. */
async function build() {
  const baseOnly = options['base-only'];
  const toolchain = findToolchain({ sanitize: options.sanitize, baseOnly });
  const variant = [options.sanitize, baseOnly ? 'base' : undefined].filter(Boolean);
  const folder = join(packageRoot, 'build', ['native', ...variant].join('-'));
  const jobs = Number(process.env.GENESIS_BUILD_JOBS) || Math.max(2, availableParallelism());
  mkdirSync(folder, { recursive: true });
  return withLock(join(folder, '.lock'), async () => {
    const what = options.tests ? 'tests' : options.benches ? 'benches' : 'addon';
    const settings = { toolchain, folder, jobs, verbose: options.verbose };
    const made = await compileAll({ ...settings, ...builds[what]() });
    if (options.prebuild) {
      mkdirSync(dirname(prebuildPath()), { recursive: true });
      copyFileSync(made[0], prebuildPath());
      made.push(prebuildPath());
    }
    return made;
  });
}

try {
  const start = performance.now();
  for (const path of await build()) console.log(path);
  if (options.verbose) console.log(`${((performance.now() - start) / 1000).toFixed(1)} s`);
} catch (error) {
  if (error.code !== 'build-failed') throw error;
  console.error(error.message);
  if (!(options.optional && error instanceof NoCompilerError)) process.exitCode = 1;
}
