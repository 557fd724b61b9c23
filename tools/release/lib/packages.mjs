// The packages of the repository, those that others need first.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');

function siblingsOf(manifest, manifests) {
  return Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })
    .map((name) => manifests.get(name))
    .filter(Boolean);
}

/** Folder and manifest of every package that is published, in an order in which each can be. */
export function packagesInOrder() {
  const folder = join(root, 'packages');
  const all = readdirSync(folder).map((name) => {
    const path = join(folder, name);
    return {
      folder: path,
      directory: `packages/${name}`,
      manifest: JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')),
    };
  });
  const manifests = new Map(all.map((one) => [one.manifest.name, one]));
  const ordered = new Set();
  const add = (one) => {
    if (ordered.has(one)) return;
    for (const sibling of siblingsOf(one.manifest, manifests)) add(sibling);
    ordered.add(one);
  };
  for (const one of all) if (one.manifest.private !== true) add(one);
  return [...ordered];
}
