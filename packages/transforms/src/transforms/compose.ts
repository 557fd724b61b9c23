import type { Transform } from '../api.js';
import { TransformsError } from '../errors.js';

/** The factors of each transform of a composition, in order. */
export type ComposedFactors<T extends readonly Transform<never>[]> = {
  [K in keyof T]: T[K] extends Transform<infer F> ? F : never;
};

/**
 * Applies transforms one after another; its factors are the list of theirs.
 *
 * @example compose(flip(), localShuffling(), bezierIntensity())
 */
export function compose<const T extends readonly Transform<never>[]>(
  ...transforms: T
): Transform<ComposedFactors<T>, Record<string, never>> {
  const steps = transforms as unknown as readonly Transform<unknown>[];
  if (steps.length === 0) throw new TransformsError('option', 'compose: give a transform.');
  return {
    name: steps.map(({ name }) => name).join(' + '),
    opts: {},
    draw: (rng, shape) =>
      steps.map((step) => step.draw(rng, shape)) as unknown as ComposedFactors<T>,
    apply(volume, factors, opts) {
      const all = factors as unknown as readonly unknown[];
      let result = volume;
      for (const [i, step] of steps.entries()) {
        result = step.apply(result, all[i], i === 0 ? opts : { out: result });
      }
      return result;
    },
  };
}
