import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { publishedDependencies } from './check-manifests.mjs';
import { layerOf, WITH_TENSORS } from './layers.mjs';

/**
 * A package imports what its package.json names and what its layer allows, and reaches its siblings and, from its tests, its own
 * sources by name.
 *
 * @param {import('./workspace.mjs').Unit[]} units
 * @param {(file: string) => { specifier: string, line: number }[]} importsOf
 * @param {Record<string, any>} rootManifest
 * @returns {string[]} Offences.
 */
export function checkImports(units, importsOf, rootManifest) {
  const shared = Object.keys(rootManifest.devDependencies ?? {});
  return units.flatMap((unit) =>
    unit.files.flatMap((file) =>
      importsOf(file).flatMap(({ specifier, line }) => {
        const why = specifier.startsWith('.')
          ? relativeOffence(unit, file, specifier)
          : packageOffence(unit, file, specifier, shared);
        return why ? [`${file}:${line}  ${why}`] : [];
      }),
    ),
  );
}

const isSource = (unit, file) => file.startsWith(`${unit.folder}/src/`);

function relativeOffence(unit, file, specifier) {
  const target = posix.join(posix.dirname(file), specifier);
  const test = `${unit.folder}/test/`;
  if (!target.startsWith(`${unit.folder}/`)) {
    return `sibling-path: '${specifier}' leaves ${unit.folder}; import a sibling by its package name`;
  }
  if (file.startsWith(test) && !target.startsWith(test)) {
    return `test-alias: '${specifier}' leaves the tests; import the package by its name, or internals as '#src/…'`;
  }
  return undefined;
}

function packageOffence(unit, file, specifier, shared) {
  if (isBuiltin(specifier)) return undefined;
  if (specifier.startsWith('#')) {
    const alias = Object.keys(unit.manifest.imports ?? {}).some((key) =>
      key.endsWith('*') ? specifier.startsWith(key.slice(0, -1)) : key === specifier,
    );
    if (!alias) return `alias: package.json has no import '${specifier}'`;
    return isSource(unit, file) && specifier.startsWith('#src/')
      ? `alias: '${specifier}' is for tests; sources import by relative path`
      : undefined;
  }
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (name === unit.manifest.name) {
    return isSource(unit, file) ? `own-name: import own files by relative path` : undefined;
  }
  if (isSource(unit, file) && unit.folder.startsWith('packages/')) return sourceOffence(unit, name);
  // Examples and the repository's own tools use what is built here.
  if (!unit.folder.startsWith('packages/') && name.startsWith('@genesis/')) return undefined;
  const named = publishedDependencies(unit.manifest);
  const isKnown =
    named.has(name) || name in (unit.manifest.devDependencies ?? {}) || shared.includes(name);
  return isKnown ? undefined : `not-named: no package.json names '${name}'`;
}

function sourceOffence({ name: own, manifest }, name) {
  if (name.startsWith('@tensorflow/') && !WITH_TENSORS.includes(own)) {
    return `tensors: '${name}' has no place here; ndarray is the currency between packages`;
  }
  if (name.startsWith('@genesis/')) {
    const below = layerOf(name.slice('@genesis/'.length));
    if (below < 0 || below >= layerOf(own)) return `layers: '${name}' does not lie below ${own}`;
  }
  const named = publishedDependencies(manifest);
  // Types alone come from the package of types.
  if (named.has(name) || named.has(`@types/${name}`)) return undefined;
  return `not-named: the package's package.json does not name '${name}' among what is installed with it`;
}
