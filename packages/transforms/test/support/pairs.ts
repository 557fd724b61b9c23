import {
  createRng,
  type LabelArray,
  type Pair,
  type SpatialFactors,
  type VolumeArray,
} from '@genesis/transforms';
import ndarray from 'ndarray';

/** A volume with structure and noise, mean about 0, deviation about 1, in C order. */
export function smoothVolume(shape: readonly number[], seed = 0): VolumeArray {
  const [nx, ny, nz] = shape;
  const channels = shape[3] ?? 1;
  const data = new Float32Array(nx * ny * nz * channels);
  createRng(seed, 5).fillUniform(data);
  for (let x = 0, i = 0; x < nx; x++)
    for (let y = 0; y < ny; y++)
      for (let z = 0; z < nz; z++)
        for (let c = 0; c < channels; c++, i++)
          data[i] =
            Math.sin(0.31 * x + 0.17 * y + seed + c) +
            Math.cos(0.23 * z - 0.11 * x) +
            data[i] -
            0.5;
  return ndarray(data, [...shape]);
}

/** Nested balls with the labels 0, 1, 2, … and some single voxels of others. */
export function ballLabels(
  shape: readonly number[],
  Elements: Uint8ArrayConstructor | Uint16ArrayConstructor | Int16ArrayConstructor = Uint8Array,
  largest = 3,
): LabelArray {
  const [nx, ny, nz] = shape;
  const data = new Elements(nx * ny * nz);
  const rng = createRng(9, nx);
  for (let x = 0, i = 0; x < nx; x++)
    for (let y = 0; y < ny; y++)
      for (let z = 0; z < nz; z++, i++) {
        const [u, v, w] = [x / nx - 0.45, y / ny - 0.5, z / nz - 0.55];
        const depth = Math.floor((0.48 - Math.hypot(u, v, w)) * 2.2 * largest);
        data[i] = rng.uniform() < 0.02 ? rng.int(0, largest) : Math.max(0, depth);
      }
  return ndarray(data, [nx, ny, nz]) as LabelArray;
}

/** An image with a label and one rider of every kind. */
export function fullPair(shape: readonly number[], seed = 0): Pair {
  const spatial = shape.slice(0, 3);
  const points = Float64Array.from([0, 0, 0, ...spatial.map((n) => n - 1), 1, 2, 3]);
  return {
    image: smoothVolume(shape, seed),
    label: ballLabels(spatial),
    riders: {
      mask: { kind: 'label', data: ballLabels(spatial, Uint16Array, 500) },
      distance: { kind: 'image', data: smoothVolume(spatial, seed + 1) },
      points: { kind: 'points', data: ndarray(points, [3, 3]) },
    },
  };
}

/** All arrays of a pair, by name. */
export function arraysOf({ image, label, riders = {} }: Pair): Record<string, ArrayLike<number>> {
  const found: Record<string, ArrayLike<number>> = { image: image.data };
  if (label !== undefined) found.label = label.data;
  for (const [key, rider] of Object.entries(riders)) found[key] = rider.data.data;
  return found;
}

/** What `spatial` does for a turn about the middle of a volume, and nothing else. */
export const factorsOf = (
  angles: [number, number, number],
  shape: [number, number, number],
): SpatialFactors => ({
  shape,
  center: [(shape[0] - 1) / 2, (shape[1] - 1) / 2, (shape[2] - 1) / 2],
  angles,
  scales: [1, 1, 1],
  shears: [0, 0, 0],
  translation: [0, 0, 0],
  elastic: null,
});
