// The one description of what is built from native/: the addon, the C++ tests (also under sanitizers) and the benchmarks
// are made of these folders by these rules.

import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

export const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Includes are written from here: "conv/winograd/tiles.h". */
export const nativeRoot = join(packageRoot, 'native');

/**
 * Folders of the kernels, which know nothing of Node; those that compile slowest first. A *.kernels.cpp is compiled once
 * per instruction set.
 */
const LIBRARY = ['conv/winograd', 'conv/direct', 'ops/norm', 'ops', 'gemm', 'conv', 'runtime'];

/** Sources of a folder, as paths from native/. */
function sourcesOf(folder, ending = '.cpp') {
  return readdirSync(join(nativeRoot, folder))
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => `${folder}/${name}`);
}

/**
 * What can be built: `sources` go into everything that is made, each file of `programs` has a main function and becomes
 * a program of its name, `addon` is a shared library.
 */
export const builds = {
  addon: () => ({
    sources: [...LIBRARY, 'addon'].flatMap((f) => sourcesOf(f)),
    addon: 'genesis.node',
  }),
  tests: () => ({
    sources: LIBRARY.flatMap((f) => sourcesOf(f)),
    programs: sourcesOf('test', '-test.cpp'),
  }),
  benches: () => ({
    sources: LIBRARY.flatMap((f) => sourcesOf(f)),
    programs: sourcesOf('test', '-bench.cpp'),
  }),
};

/** Every C++ file, as paths from native/. */
export function allFiles() {
  return readdirSync(nativeRoot, { recursive: true })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.(cpp|h)$/.test(name))
    .sort();
}

/** Folder of node_api.h. */
export function nodeHeaders() {
  return require('node-api-headers').include_dir;
}

/** Where the addon that is compiled on this machine lies. */
export const addonFolder = join(packageRoot, 'build', 'native');
