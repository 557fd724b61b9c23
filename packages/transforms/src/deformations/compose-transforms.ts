import type { Transform } from '../api.js';

/** Transforms by the list of their factors. */
export type TransformsOf<F extends readonly unknown[]> = { [K in keyof F]: Transform<F[K]> };

/** Applies transforms one after another; its factors are the list of theirs. */
export function composeTransforms<F extends readonly unknown[]>(
  ...transforms: TransformsOf<F>
): Transform<F, Record<string, never>> {
  const steps = transforms as readonly Transform<unknown>[];
  return {
    name: steps.map(({ name }) => name).join(' + '),
    opts: {},
    draw: (rng, shape) => steps.map((step) => step.draw(rng, shape)) as unknown as F,
    apply(volume, factors, opts) {
      let result = volume;
      for (const [i, step] of steps.entries()) {
        result = step.apply(result, factors[i], i === 0 ? opts : { out: result });
      }
      return result;
    },
  };
}
