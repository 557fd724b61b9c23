#!/usr/bin/env node
// npm's install step: takes the prebuilt addon when one fits and loads, else builds it. It never fails
// the installation: without a compiler it writes the reason, which nativeStatus() reports.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot, prebuildPath, statusPath } from './lib/sources.mjs';

/** Whether a fresh process can load the addon: a prebuild may need a newer C library than this one. */
function loads(path) {
  try {
    execFileSync(process.execPath, ['-e', 'require(process.argv[1])', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function install() {
  if (existsSync(prebuildPath()) && loads(prebuildPath())) return { source: 'prebuild' };
  try {
    execFileSync(process.execPath, [join(packageRoot, 'scripts', 'build.mjs')], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { source: 'build' };
  } catch (error) {
    const text = String(error.stderr || error.message).trim();
    return { source: 'none', reason: text.split('\n').slice(0, 8).join('\n') };
  }
}

// In a fresh clone nothing is compiled yet: the build of the repository makes the addon with all else.
if (!existsSync(join(packageRoot, 'dist', 'index.js'))) process.exit();

try {
  const status = install();
  mkdirSync(dirname(statusPath), { recursive: true });
  writeFileSync(statusPath, `${JSON.stringify(status)}\n`);
  if (status.source === 'none') {
    console.warn(
      `@genesis/tfjs-backend-native: the native engine was not built.\n${status.reason}`,
    );
  }
} catch (error) {
  console.warn(`@genesis/tfjs-backend-native: the native engine was not built.\n${error.message}`);
}
