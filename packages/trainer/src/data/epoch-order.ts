import { permutation } from '@genesis/core';
import type { Rng } from '@genesis/transforms';

/** The `crop`-th crop that an epoch takes from a volume. */
export interface Sample {
  readonly volume: number;
  readonly crop: number;
}

/**
 * The order of an epoch: volumes shuffled, then their crops mixed among `mix` neighbouring volumes, so that batches are
 * varied and yet each volume has to be in memory only once an epoch.
 */
export function epochOrder(
  volumes: number,
  cropsPerVolume: number,
  mix: number,
  rng: Rng,
): Sample[] {
  const order = permutation(volumes, rng);
  const samples: Sample[] = [];
  for (let first = 0; first < volumes; first += mix) {
    const group = order.slice(first, first + mix);
    const mixed = permutation(group.length * cropsPerVolume, rng);
    for (const n of mixed) {
      samples.push({ volume: group[n % group.length], crop: Math.floor(n / group.length) });
    }
  }
  return samples;
}
