import { createRng, genesis } from '@genesis/transforms';
import { STREAM } from '../../data/streams.js';
import type { PretrainSample } from './data.js';
import type { DeformationOpts } from './options.js';

/** A sample that only one of the deformations has changed. */
export interface SingleDeformation extends PretrainSample {
  /** Name of the deformation. */
  readonly deformation: string;
}

/** Rates that leave one deformation of the preset and switch the others off. */
const ALONE = [
  { deformation: 'non-linear intensity', bezier: 1, shuffling: 0, paint: 0, inside: 0 },
  { deformation: 'local shuffling', bezier: 0, shuffling: 1, paint: 0, inside: 0 },
  { deformation: 'in-painting', bezier: 0, shuffling: 0, paint: 1, inside: 1 },
  { deformation: 'out-painting', bezier: 0, shuffling: 0, paint: 1, inside: 0 },
] as const;

/** How many samples `singleDeformations` makes of each. */
export const DEFORMATIONS_ALONE = ALONE.length;

/**
 * The targets of samples deformed by each of the four deformations alone, the first sample by all four, then the next.
 * Bounds are the run's own.
 */
export function singleDeformations(
  samples: readonly PretrainSample[],
  opts: DeformationOpts,
  seed: number,
): SingleDeformation[] {
  const tasks = ALONE.map(({ deformation, bezier, shuffling, paint, inside }) => ({
    deformation,
    task: genesis({
      ...opts,
      flip: { rate: 0 },
      bezierIntensity: { ...opts.bezierIntensity, rate: bezier },
      localShuffling: { ...opts.localShuffling, rate: shuffling },
      paintRate: paint,
      inPaintRate: inside,
    }),
  }));
  return samples.flatMap(({ volume, target }, n) => {
    const rng = createRng(seed, STREAM.illustration, n);
    return tasks.map(({ deformation, task }, which) => ({
      deformation,
      volume,
      ...task.make(target, rng.split(which)),
    }));
  });
}
