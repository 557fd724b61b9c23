import type { Transform } from './api.js';
import type { Augmentation } from './augment/api.js';
import { type AugmentationsOf, chain } from './augment/chain.js';
import { composeTransforms, type TransformsOf } from './deformations/compose-transforms.js';
import { TransformsError } from './errors.js';

/**
 * Applies transforms, or augmentations, one after another; its factors are the list of theirs.
 *
 * @example compose(flip(), localShuffling(), bezierIntensity())
 * @example compose(spatial({ rotation: {} }), gaussianNoise({ rate: 0.1 }), mirror())
 * @throws TransformsError `option` when there is none
 */
export function compose<F extends readonly unknown[]>(
  ...transforms: TransformsOf<F>
): Transform<F, Record<string, never>>;
export function compose<F extends readonly unknown[]>(
  ...augmentations: AugmentationsOf<F>
): Augmentation<F>;
export function compose(
  ...steps: readonly Transform<unknown>[] | readonly Augmentation[]
): Transform<readonly unknown[], Record<string, never>> | Augmentation<readonly unknown[]> {
  if (steps.length === 0) throw new TransformsError('option', 'compose: give a transform.');
  return areAugmentations(steps) ? chain(...steps) : composeTransforms(...steps);
}

const areAugmentations = (
  steps: readonly Transform<unknown>[] | readonly Augmentation[],
): steps is readonly Augmentation[] => 'outShape' in steps[0];
