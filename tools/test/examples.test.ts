import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { root } from './repository.js';

// Vite bundles pages without looking at their types.
const pages = readdirSync(join(root, 'examples')).filter((name) =>
  existsSync(join(root, 'examples', name, 'vite.config.ts')),
);

for (const name of pages) {
  test(`the types of examples/${name} are right`, async (t) => {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    await promisify(execFile)(process.execPath, [
      compiler,
      '--noEmit',
      '-p',
      join(root, 'examples', name),
    ]).catch((error: { stdout: string }) => t.fail(error.stdout));
    t.pass();
  });
}
