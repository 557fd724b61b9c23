#!/usr/bin/env node
// Builds the addon with g++ or clang++, without a download.
//
//   node scripts/build.mjs                       build/native/genesis.node
//   node scripts/build.mjs --prebuild            … and copies it to prebuilds/<platform>-<arch>/
//   node scripts/build.mjs --tests               the C++ tests, build/native/<test name>
//   node scripts/build.mjs --tests --sanitize=address|thread|undefined   … in build/native-<sanitizer>/
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
import { addonSources, packageRoot, prebuildPath, testSources } from './lib/sources.mjs';
import { findToolchain } from './lib/toolchain.mjs';

const { values: options } = parseArgs({
  options: {
    prebuild: { type: 'boolean', default: false },
    optional: { type: 'boolean', default: false },
    tests: { type: 'boolean', default: false },
    sanitize: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});

/** Builds what the options ask for and returns the paths made. Throws BuildError. */
async function build() {
  const toolchain = findToolchain(options.sanitize);
  const folder = join(
    packageRoot,
    'build',
    options.sanitize ? `native-${options.sanitize}` : 'native',
  );
  const jobs = Number(process.env.GENESIS_BUILD_JOBS) || Math.max(2, availableParallelism());
  mkdirSync(folder, { recursive: true });
  return withLock(join(folder, '.lock'), async () => {
    const settings = { toolchain, folder, jobs, verbose: options.verbose };
    if (options.tests || options.sanitize) {
      return compileAll({ ...settings, sources: addonSources(false), programs: testSources() });
    }
    const made = await compileAll({
      ...settings,
      sources: addonSources(true),
      addon: 'genesis.node',
    });
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
  if (error.code !== 'BUILD_FAILED') throw error;
  console.error(error.message);
  if (!(options.optional && error instanceof NoCompilerError)) process.exitCode = 1;
}
