#!/usr/bin/env node
// Builds C++ with g++ or clang++, without a download. What is made of what: lib/sources.mjs.
//
//   node scripts/build.mjs               the addon: build/native/genesis.node
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

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './lib/build.mjs';
import { NoCompilerError } from './lib/error.mjs';
import { packageRoot } from './lib/sources.mjs';
import { findToolchain } from './lib/toolchain.mjs';

const { values: options } = parseArgs({
  options: {
    optional: { type: 'boolean', default: false },
    tests: { type: 'boolean', default: false },
    benches: { type: 'boolean', default: false },
    sanitize: { type: 'string' },
    'base-only': { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

/** Builds what the options ask for and returns the paths made. Throws BuildError. */
async function buildAsked() {
  const baseOnly = options['base-only'];
  const variant = [options.sanitize, baseOnly ? 'base' : undefined].filter(Boolean);
  return build({
    what: options.tests ? 'tests' : options.benches ? 'benches' : 'addon',
    toolchain: findToolchain({ sanitize: options.sanitize, baseOnly }),
    folder: join(packageRoot, 'build', ['native', ...variant].join('-')),
    report: options.verbose ? console.log : undefined,
  });
}

try {
  const start = performance.now();
  for (const path of await buildAsked()) console.log(path);
  if (options.verbose) console.log(`${((performance.now() - start) / 1000).toFixed(1)} s`);
} catch (error) {
  if (error.code !== 'build-failed') throw error;
  console.error(error.message);
  if (!(options.optional && error instanceof NoCompilerError)) process.exitCode = 1;
}
