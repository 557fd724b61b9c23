#!/usr/bin/env node
// Lays the C++ out as native/.clang-format says:
//
//   node scripts/format.mjs            names the files that are not, and fails
//   node scripts/format.mjs --write    rewrites them

import { spawnSync } from 'node:child_process';
import { cppFiles, findClangFormat } from './lib/clang-format.mjs';

const command = findClangFormat();
if (command === undefined) {
  console.error('clang-format 14 or later was not found; CLANG_FORMAT names another one.');
  process.exit(2);
}
const action = process.argv.includes('--write') ? ['-i'] : ['--dry-run', '-Werror'];
const { status } = spawnSync(command, [...action, ...cppFiles()], { stdio: 'inherit' });
process.exit(status ?? 1);
