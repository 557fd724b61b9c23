import type { Rng } from '@genesis/core';
import type { ChannelAxis } from '../api.js';
import type { Augmentation, ChannelOpts, Pair, PairApplyOpts } from './api.js';
import { finish } from './finish.js';
import { Stage } from './stage.js';

/** What an augmentation does to a stage; returns the stage on which the pair is then. */
type Pass<F> = (stage: Stage, factors: F) => Stage;

interface Base<F, O> {
  name: string;
  opts: O;
  draw(rng: Rng, shape: readonly number[]): F;
  /** @defaultValue the same shape */
  outShape?(shape: readonly number[], factors: F): readonly number[];
}

interface PassDefinition<F, O> extends Base<F, O> {
  pass: Pass<F>;
}

interface Definition<F, O> extends Base<F, O> {
  /** Changes what is on the stage. */
  run(stage: Stage, factors: F): void;
}

/** For those who chain several augmentations on one stage. */
const passes = new WeakMap<object, Pass<unknown>>();

/** Makes an augmentation from its draw and from a pass over a stage. */
export function definePass<F, O extends ChannelOpts>(
  definition: PassDefinition<F, O>,
): Augmentation<F, O> {
  const { name, opts, draw, outShape = (shape) => shape, pass } = definition;
  function apply(pair: Pair, factors: F, applyOpts: PairApplyOpts = {}): Pair {
    return finish(pass(new Stage(pair, opts.channelAxis ?? 'last'), factors), applyOpts);
  }
  const augmentation: Augmentation<F, O> = {
    name,
    opts,
    draw,
    outShape,
    apply,
    make(pair, rng, applyOpts) {
      const factors = draw(rng, pair.image.shape);
      return { ...apply(pair, factors, applyOpts), factors };
    },
  };
  passes.set(augmentation, pass as Pass<unknown>);
  return augmentation;
}

/** Makes an augmentation from its draw and from what it does to a stage. */
export function defineAugmentation<F, O extends ChannelOpts>(
  definition: Definition<F, O>,
): Augmentation<F, O> {
  return definePass({
    ...definition,
    pass(stage, factors) {
      definition.run(stage, factors);
      return stage;
    },
  });
}

/** What an augmentation does to a stage; null for one that was not made here. */
export const passOf = (augmentation: Augmentation): Pass<unknown> | null =>
  passes.get(augmentation) ?? null;

/** Where an augmentation expects the channels. */
export const channelAxisOf = (augmentation: Augmentation): ChannelAxis =>
  (augmentation.opts as ChannelOpts).channelAxis ?? 'last';
