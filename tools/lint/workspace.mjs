import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** What is never linted: made by a build, or not ours. */
const SKIPPED = new Set(['node_modules', 'dist', 'build', 'fixtures', 'docs', '.nx', '.git']);

/**
 * @typedef {object} Unit A folder that others reach by its package name only.
 * @property {string} folder Relative to the root, with '/'.
 * @property {string} [name] Package name without scope; none for an example.
 * @property {Record<string, any>} manifest Its package.json, {} when it has none.
 * @property {string[]} files Sources relative to the root, with '/'.
 */

/**
 * The units of the repository: packages, examples and tools. A file belongs to the innermost one.
 *
 * @param {string} root
 * @returns {Unit[]}
 */
export function readUnits(root) {
  const folders = [
    ...foldersIn(root, 'packages'),
    ...foldersIn(root, 'examples'),
    ...(existsSync(join(root, 'tools')) ? ['tools', ...nestedUnits(root, 'tools')] : []),
  ];
  return folders.map((folder) => {
    const manifest = readManifest(join(root, folder));
    const others = folders.filter((other) => other !== folder);
    const files = sources(join(root, folder))
      .map((path) => relative(root, path).split(sep).join('/'))
      .filter(
        (file) =>
          !others.some((other) => other.startsWith(`${folder}/`) && file.startsWith(`${other}/`)),
      );
    return { folder, name: manifest.name?.replace(/^@genesis\//, ''), manifest, files };
  });
}

/** The manifest in a folder, {} when there is none. */
export function readManifest(folder) {
  const path = join(folder, 'package.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

function foldersIn(root, parent) {
  const path = join(root, parent);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => statSync(join(path, name)).isDirectory())
    .sort()
    .map((name) => `${parent}/${name}`);
}

function nestedUnits(root, parent) {
  return foldersIn(root, parent).filter((folder) => existsSync(join(root, folder, 'package.json')));
}

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : sources(path);
    return /\.(ts|mts|js|mjs)$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}
