import type { ChannelAxis } from '../api.js';
import { TransformsError } from '../errors.js';
import type { Augmentation } from './api.js';
import { channelAxisOf, definePass, passOf } from './define.js';
import { finish } from './finish.js';
import { Stage } from './stage.js';

/** Augmentations by the list of their factors. */
export type AugmentationsOf<F extends readonly unknown[]> = { [K in keyof F]: Augmentation<F[K]> };

/** Runs any augmentation on a stage; one that is not of this package gets a pair, and its result a stage of its own. */
export function runAny(stage: Stage, augmentation: Augmentation, factors: unknown): Stage {
  const pass = passOf(augmentation);
  if (pass !== null) return pass(stage, factors);
  return new Stage(augmentation.apply(finish(stage, {}), factors), stage.channelAxis);
}

/** Where all of them expect the channels. */
export function commonAxis(augmentations: readonly Augmentation[], what: string): ChannelAxis {
  const [first, ...others] = augmentations.map(channelAxisOf);
  if (others.some((axis) => axis !== first)) {
    throw new TransformsError('option', `${what}: the augmentations differ in channelAxis.`);
  }
  return first;
}

/** Applies augmentations one after another, on one stage: the pair is read once and written once. */
export function chain<F extends readonly unknown[]>(
  ...augmentations: AugmentationsOf<F>
): Augmentation<F, { channelAxis: ChannelAxis }> {
  const steps = augmentations as readonly Augmentation[];
  return definePass<F, { channelAxis: ChannelAxis }>({
    name: steps.map(({ name }) => name).join(' + '),
    opts: { channelAxis: commonAxis(steps, 'compose') },
    draw(rng, fullShape) {
      let shape = fullShape;
      const factors = steps.map((step) => {
        const own = step.draw(rng, shape);
        shape = step.outShape(shape, own);
        return own;
      });
      return factors as unknown as F;
    },
    outShape: (fullShape, factors) =>
      steps.reduce((shape, step, i) => step.outShape(shape, factors[i]), fullShape),
    pass(stage, factors) {
      if (factors.length !== steps.length) {
        throw new TransformsError(
          'factors',
          `compose: factors for ${factors.length} augmentations; there are ${steps.length}.`,
        );
      }
      return steps.reduce((now, step, i) => runAny(now, step, factors[i]), stage);
    },
  });
}
