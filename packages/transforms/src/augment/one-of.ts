import { checkRate } from '../deformations/rate.js';
import { TransformsError } from '../errors.js';
import type { Augmentation, ChannelOpts } from './api.js';
import { commonAxis, runAny } from './chain.js';
import { definePass } from './define.js';

/** Options of `oneOf`. */
export interface OneOfOpts {
  /** Probability that one of them happens at all. @defaultValue 1 */
  rate?: number;
  /** How often each is chosen, in any unit. @defaultValue all alike */
  weights?: readonly number[];
}

/** Which augmentation was chosen, and what it drew. */
export interface OneOfFactors {
  /** Null: none. */
  choice: number | null;
  factors: unknown;
}

/**
 * Applies one of several augmentations.
 *
 * @throws TransformsError `option` without an augmentation, or with weights that are not one each
 */
export function oneOf(
  augmentations: readonly Augmentation[],
  options: OneOfOpts = {},
): Augmentation<OneOfFactors, OneOfOpts & ChannelOpts> {
  const rate = checkRate(options.rate ?? 1, 'oneOf: rate');
  const weights = options.weights ?? augmentations.map(() => 1);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (
    augmentations.length === 0 ||
    weights.length !== augmentations.length ||
    weights.some((weight) => !(weight >= 0)) ||
    !(total > 0 && Number.isFinite(total))
  ) {
    throw new TransformsError(
      'option',
      `oneOf: ${augmentations.length} augmentations with weights ${weights.join(', ')}; give one each, 0 or more, not all 0.`,
    );
  }
  const chosen = ({ choice }: OneOfFactors): Augmentation | null =>
    choice === null ? null : augmentations[choice];
  return definePass<OneOfFactors, OneOfOpts & ChannelOpts>({
    name: `one of ${augmentations.map(({ name }) => name).join(', ')}`,
    opts: { ...options, channelAxis: commonAxis(augmentations, 'oneOf') },
    draw(rng, shape) {
      if (rng.uniform() >= rate) return { choice: null, factors: null };
      let left = rng.uniform() * total;
      let choice = 0;
      while (choice < weights.length - 1 && left >= weights[choice]) left -= weights[choice++];
      return { choice, factors: augmentations[choice].draw(rng, shape) };
    },
    outShape: (shape, factors) => chosen(factors)?.outShape(shape, factors.factors) ?? shape,
    pass(stage, factors) {
      const augmentation = chosen(factors);
      return augmentation === null ? stage : runAny(stage, augmentation, factors.factors);
    },
  });
}
