import { LAYERS, layerOf, WITH_TENSORS } from './layers.mjs';

const PUBLISHED = ['dependencies', 'peerDependencies', 'optionalDependencies'];

/** Everything that a package may import when it is installed, by name. */
export function publishedDependencies(manifest) {
  return new Set(PUBLISHED.flatMap((field) => Object.keys(manifest[field] ?? {})));
}

/**
 * A package.json names packages of lower layers only, and tensors only where they belong.
 *
 * @param {import('./workspace.mjs').Unit[]} units
 * @returns {string[]} Offences.
 */
export function checkManifests(units) {
  return units
    .filter(({ folder }) => folder.startsWith('packages/'))
    .flatMap(({ folder, name, manifest }) => {
      const file = `${folder}/package.json`;
      const layer = layerOf(name);
      if (layer < 0)
        return [`${file}  layers: '${name}' stands in no layer of tools/lint/layers.mjs`];
      return [...publishedDependencies(manifest)].flatMap((dependency) => {
        if (dependency.startsWith('@tensorflow/') && !WITH_TENSORS.includes(name)) {
          return [
            `${file}  tensors: ${dependency} has no place here; tensors appear in ${WITH_TENSORS.join(', ')}`,
          ];
        }
        if (!dependency.startsWith('@genesis/')) return [];
        const below = layerOf(dependency.slice('@genesis/'.length));
        if (below >= 0 && below < layer) return [];
        return [
          `${file}  layers: ${dependency} does not lie below ${name} (${LAYERS.map((row) => row.join(' ')).join(' < ')})`,
        ];
      });
    });
}
