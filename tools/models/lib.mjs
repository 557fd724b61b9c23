// What the scripts of models share.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../release/lib/packages.mjs';

/** The folder of our own models. */
export const MODELS = join(root, 'models');

/** Names of the models in a folder. */
export function modelNames(folder = MODELS) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

/** Runs the genesis command in this terminal. */
export function genesis(args, env = {}) {
  const main = join(root, 'packages', 'trainer', 'dist', 'cli', 'main.js');
  const child = spawn(process.execPath, [main, ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`genesis ${args.join(' ')} ended with ${code}`)),
    );
  });
}
