// Where the addon's sources and products lie.

import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const packageRoot = fileURLToPath(new URL('../..', import.meta.url));
export const nativeRoot = join(packageRoot, 'native');
export const buildFolder = join(packageRoot, 'build', 'native');
export const addonPath = join(buildFolder, 'mpi.node');
/** Says why there is no addon; written where it could not be built. */
export const statusPath = join(buildFolder, 'build-status.json');

/** All C++ files that the addon is made of, as absolute paths. */
export function sources() {
  return readdirSync(nativeRoot)
    .filter((name) => name.endsWith('.cpp'))
    .sort()
    .map((name) => join(nativeRoot, name));
}

/** The sources with their headers. */
export function allFiles() {
  return readdirSync(nativeRoot)
    .filter((name) => /\.(cpp|h)$/.test(name))
    .sort()
    .map((name) => join(nativeRoot, name));
}

/** Folder of node_api.h. */
export function nodeHeaders() {
  return createRequire(import.meta.url)('node-api-headers').include_dir;
}
