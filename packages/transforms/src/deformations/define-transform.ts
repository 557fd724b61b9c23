import type { Rng, Transform, VolumeOpts } from '../api.js';
import type { Workspace } from '../kernels/api.js';
import { checkOut, load, type ResultStart, store } from '../kernels/load.js';

interface Definition<F, O> {
  name: string;
  opts: O;
  draw(rng: Rng, shape: readonly number[]): F;
  start: ResultStart;
  /** Deforms `workspace.original` into `workspace.result`. */
  deform(workspace: Workspace, factors: F): void;
}

/** Makes a transform from its draw and from what it does to a workspace. */
export function defineTransform<F, O extends VolumeOpts>(
  definition: Definition<F, O>,
): Transform<F, O> {
  const { name, opts, draw, start, deform } = definition;
  return {
    name,
    opts,
    draw,
    apply(volume, factors, applyOpts) {
      checkOut(volume, applyOpts);
      const workspace = load(volume, opts, start);
      deform(workspace, factors);
      return store(workspace, workspace.result, volume.shape, opts, applyOpts?.out);
    },
  };
}
