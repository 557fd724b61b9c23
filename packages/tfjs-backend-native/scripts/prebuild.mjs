#!/usr/bin/env node
// Compiles the addon for other machines and lays out the packages that carry it, with a manifest of their hashes.
//
//   node scripts/prebuild.mjs --all                 every target of lib/targets.mjs
//   node scripts/prebuild.mjs --target linux-arm64  this one; may be given several times
//
//   --tests      the C++ tests of the targets too, in build/prebuild/<target>/, to be run on such machines
//   --verbose    names what is compiled
//
// Needs Zig (`pip install ziglang`; ZIG names another command), which has the libraries of all targets inside. Packages
// are made in prebuilds/<target>/, the manifest is prebuilds/manifest.json.

import { parseArgs } from 'node:util';
import { BuildError } from './lib/error.mjs';
import { prebuild, writeManifest } from './lib/prebuild.mjs';
import { targets } from './lib/targets.mjs';

const { values: options } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    target: { type: 'string', multiple: true, default: [] },
    tests: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

function targetsAsked() {
  if (options.all) return targets;
  if (options.target.length === 0) throw new BuildError('Name --all, or a --target.');
  return options.target.map((name) => {
    const target = targets.find((one) => one.name === name);
    if (target) return target;
    const names = targets.map((one) => one.name).join(', ');
    throw new BuildError(`There is no target ${name}: there are ${names}.`);
  });
}

try {
  const report = options.verbose ? console.log : undefined;
  for (const target of targetsAsked()) {
    const entry = await prebuild(target, { tests: options.tests, report });
    writeManifest(entry);
    const size = `${(entry.bytes / 2 ** 20).toFixed(2)} MiB`;
    console.log([target.name.padEnd(18), size, entry.sha256].join('  '));
  }
} catch (error) {
  if (error.code !== 'build-failed') throw error;
  console.error(error.message);
  process.exitCode = 1;
}
