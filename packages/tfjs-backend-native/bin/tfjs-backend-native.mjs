#!/usr/bin/env node
// npx @genesis/tfjs-backend-native build: compiles the addon from the sources in this package, where no prebuilt one fits.
import { relative } from 'node:path';
import { build } from '../scripts/lib/build.mjs';
import { addonFolder, packageRoot } from '../scripts/lib/sources.mjs';
import { findToolchain } from '../scripts/lib/toolchain.mjs';

const usage = `Usage: tfjs-backend-native build

Compiles the native addon with g++ or clang++ (CXX names another, CXXFLAGS adds flags) from the
sources that this package carries. Nothing is downloaded.`;

async function run() {
  const start = performance.now();
  const toolchain = findToolchain();
  console.log(`${packageRoot}\ncompiler: ${toolchain.command.join(' ')} (${toolchain.version})`);
  const [addon] = await build({
    what: 'addon',
    toolchain,
    folder: addonFolder,
    report: (line) => console.log(line.replace(packageRoot, '')),
  });
  const { nativeStatus } = await import('../dist/index.js');
  const status = nativeStatus();
  if (!status.available) throw Object.assign(new Error(status.reason), { code: 'build-failed' });
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`${relative('.', addon)} made in ${seconds} s`);
  console.log(`in use: ${status.addon} (${status.isa}, ${status.threads} threads)`);
}

const [command, ...rest] = process.argv.slice(2);
if (command !== 'build' || rest.length > 0) {
  const help = command === undefined || command === '--help' || command === '-h';
  (help ? console.log : console.error)(usage);
  if (!help) process.exitCode = 2;
} else {
  try {
    await run();
  } catch (error) {
    if (error.code !== 'build-failed' && error.syscall === undefined) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
