import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

/** From the top: a folder knows those below it. The files of the package's root are entries, and errors, version and small helpers, below all. */
const LAYERS = [
  ['cli'],
  ['compare'],
  ['api'],
  ['tasks'],
  ['training'],
  ['model'],
  ['run'],
  ['data', 'config', 'report', 'export'],
  ['statistics'],
];

/** The files of the package with what each imports, as paths from `src`. */
async function imports(): Promise<{ file: string; target: string }[]> {
  const files = (await readdir(SRC, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const found = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(SRC, file), 'utf8');
      return [...text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map(([, path]) => ({
        file,
        target: relative(SRC, join(SRC, dirname(file), path)),
      }));
    }),
  );
  return found.flat();
}

test('imports go down the layers', async (t) => {
  const layerOf = (file: string): number =>
    LAYERS.findIndex((folders) => folders.includes(file.split('/')[0]));
  const all = await imports();
  t.true(all.length > 300, 'the imports are found');
  for (const { file, target } of all) {
    const [from, to] = [layerOf(file), layerOf(target)];
    if (from < 0 || to < 0 || file.split('/')[0] === target.split('/')[0]) continue;
    t.true(from < to, `${file} imports ${target}`);
  }
});

test('a task is known to its own folder and to the list alone', async (t) => {
  const taskOf = (file: string): string | undefined => /^tasks\/([^/]+)\//.exec(file)?.[1];
  for (const { file, target } of await imports()) {
    const task = taskOf(target);
    if (task === undefined || task === 'common' || taskOf(file) === task) continue;
    t.is(file, 'tasks/built-in.ts', `it imports ${target}`);
  }
});

test('the command starts without volumes, tensors, the hub and statistics: those are loaded when an action needs them', async (t) => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = await readFile(join(SRC, file), 'utf8');
    for (const [, path] of text.matchAll(/^(?:import|export)(?! type)[^;'(]*from '([^']+)'/gm)) {
      if (!path.startsWith('.')) packages.add(path);
      else await visit(relative(SRC, join(SRC, dirname(file), path.replace(/\.js$/, '.ts'))));
    }
  };
  await visit('cli/main.ts');
  t.true(seen.size > 40, 'the imports are followed');
  const heavy =
    /^(@genesis\/(volume-io|inference|unet3d|tfjs-backend-native|zoo)|@tensorflow\/|jstat|undici)/;
  t.deepEqual(
    [...packages].filter((name) => heavy.test(name)),
    [],
  );
});
