import type { LabelArray, VolumeArray } from '@genesis/transforms';
import {
  chestPhantom,
  normalizeIntensity,
  readVolume,
  reorient,
  resampleToSpacing,
  type Volume,
} from '@genesis/volume-io';
import ndarray from 'ndarray';

export interface Loaded {
  name: string;
  /** In 0…1, RAS, C order. */
  data: VolumeArray;
  spacing: readonly [number, number, number];
  /** Classes from 0 up, of the same shape. */
  label: LabelArray;
}

/** Larger volumes are resampled, so that every slider stays live. */
const MAX_SIDE = 192;

/** HU are clipped as in Chest CT pre-training; anything else by percentiles. */
function prepare(name: string, volume: Volume): Loaded {
  let upright = reorient(volume, 'RAS');
  const longest = Math.max(...upright.data.shape);
  if (longest > MAX_SIDE) {
    const [x, y, z] = upright.spacing;
    const grow = longest / MAX_SIDE;
    upright = resampleToSpacing(upright, [x * grow, y * grow, z * grow]);
  }
  const { data } = upright;
  let low = Number.POSITIVE_INFINITY;
  for (let i = 0; i < data.shape[0]; i += 4)
    for (let j = 0; j < data.shape[1]; j += 4)
      for (let k = 0; k < data.shape[2]; k += 4) low = Math.min(low, Number(data.get(i, j, k)));
  const scheme =
    low < -500
      ? ({ kind: 'ct', min: -1000, max: 1000 } as const)
      : ({ kind: 'percentile', low: 1, high: 99 } as const);
  const normal = normalizeIntensity(upright, scheme);
  const image = normal.data as VolumeArray;
  return { name, data: image, spacing: normal.spacing, label: bands(image) };
}

/** Where intensities lie, for volumes without a label of their own. */
function bands({ data, shape }: VolumeArray): LabelArray {
  const classes = Uint8Array.from(data, (v) => (v < 0.2 ? 0 : v < 0.45 ? 1 : v < 0.65 ? 2 : 3));
  return ndarray(classes, [...shape]);
}

/** A synthetic chest CT with its organs. */
export function phantom(): Loaded {
  const { image, labels } = chestPhantom({ seed: 3, shape: [144, 144, 108] });
  const loaded = prepare('Chest phantom', image);
  const { data } = reorient(labels, 'RAS');
  const classes = new Uint8Array(data.size);
  const [nx, ny, nz] = loaded.data.shape;
  for (let x = 0, i = 0; x < nx; x++)
    for (let y = 0; y < ny; y++)
      for (let z = 0; z < nz; z++) classes[i++] = Number(data.get(x, y, z));
  return { ...loaded, label: ndarray(classes, [nx, ny, nz]) };
}

/** @throws what the reader throws for a file that is no volume */
export async function readFile(file: File): Promise<Loaded> {
  return prepare(file.name, await readVolume(file, { name: file.name }));
}
