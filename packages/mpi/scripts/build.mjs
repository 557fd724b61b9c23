#!/usr/bin/env node
// Compiles the addon against the MPI library that is there, without a download:
//
//   node scripts/build.mjs               build/native/mpi.node
//   node scripts/build.mjs --out FILE    another one, for another library
//
//   --optional    without MPI, says so and succeeds
//
// MPICXX names another compiler (mpicxx.mpich), CXXFLAGS adds flags.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compile, NoMpiError } from './lib/compile.mjs';
import { addonPath, buildFolder, statusPath } from './lib/paths.mjs';

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: addonPath },
    optional: { type: 'boolean', default: false },
  },
});

const isDefault = options.out === addonPath;

try {
  compile(options.out);
  if (isDefault) rmSync(statusPath, { force: true });
  console.log(options.out);
} catch (error) {
  if (error.code !== 'build-failed') throw error;
  if (isDefault) {
    mkdirSync(buildFolder, { recursive: true });
    writeFileSync(statusPath, `${JSON.stringify({ reason: error.message })}\n`);
  }
  console.error(error.message);
  if (!(options.optional && error instanceof NoMpiError)) process.exitCode = 1;
}
