import type { VolumeArray } from '@genesis/transforms';
import {
  chestPhantom,
  normalizeIntensity,
  readVolume,
  reorient,
  resampleToSpacing,
  type Volume,
} from '@genesis/volume-io';

export interface Loaded {
  name: string;
  /** In 0…1, RAS, C order. */
  data: VolumeArray;
  spacing: readonly [number, number, number];
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
  return { name, data: normal.data as VolumeArray, spacing: normal.spacing };
}

/** A synthetic chest CT. */
export function phantom(): Loaded {
  const { image } = chestPhantom({ seed: 3, shape: [144, 144, 108] });
  return prepare('Chest phantom', image);
}

/** @throws what the reader throws for a file that is no volume */
export async function readFile(file: File): Promise<Loaded> {
  return prepare(file.name, await readVolume(file, { name: file.name }));
}
