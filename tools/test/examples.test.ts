import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { root } from './repository.js';

// Vite bundles pages without looking at their types.
const pages = readdirSync(join(root, 'examples')).filter((name) =>
  existsSync(join(root, 'examples', name, 'vite.config.ts')),
);

for (const name of pages) {
  test(`the types of examples/${name} are right`, (t) => {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const args = [compiler, '--noEmit', '-p', join(root, 'examples', name)];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    t.is(status, 0, stdout);
  });
}
