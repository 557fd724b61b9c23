import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

export const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

export const includeFolders = [
  join(packageRoot, 'native', 'core'),
  join(packageRoot, 'native', 'ops'),
];

function filesOf(folder, ending) {
  const path = join(packageRoot, 'native', folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(path, name));
}

/** Sources of the addon, or of the kernels alone (for programs without Node). */
export function addonSources(withNode) {
  return ['core', 'ops', ...(withNode ? ['addon'] : [])].flatMap((folder) =>
    filesOf(folder, '.cpp'),
  );
}

/** The C++ tests: each file is a program. */
export function testSources() {
  return [...filesOf('test', '-test.cpp'), ...filesOf(join('ops', 'test'), '-test.cpp')];
}

/** Folder of node_api.h. */
export function nodeHeaders() {
  return require('node-api-headers').include_dir;
}

/** Musl and glibc builds differ; Node says which one it runs on. */
export function prebuildPath() {
  const musl =
    process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
  const name = `${process.platform}-${process.arch}${musl ? '-musl' : ''}`;
  return join(packageRoot, 'prebuilds', name, 'genesis.node');
}

export const addonPath = join(packageRoot, 'build', 'native', 'genesis.node');
export const statusPath = join(packageRoot, 'build', 'native', 'install-status.json');
