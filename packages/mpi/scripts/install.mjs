#!/usr/bin/env node
// npm's install step: compiles the addon against the MPI library of this machine. It never fails the installation: without
// one it leaves the reason, which mpiStatus() tells.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './lib/paths.mjs';

// In a fresh clone nothing is compiled yet: the build of the repository makes the addon with all else.
if (existsSync(join(packageRoot, 'dist', 'index.js'))) {
  spawnSync(process.execPath, [join(packageRoot, 'scripts', 'build.mjs'), '--optional'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
