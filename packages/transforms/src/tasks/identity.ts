import type { ProxyTask, VolumeOpts } from '../api.js';
import { beginSample } from './beginSample.js';

export type IdentityOpts = VolumeOpts;

/** The plain auto-encoder: input and target are the crop. */
export function identity(options: IdentityOpts = {}): ProxyTask<Record<string, never>> {
  const task: ProxyTask<Record<string, never>> = {
    name: 'identity',
    draw: () => ({}),
    apply(crop, factors, opts) {
      const { workspace, finish } = beginSample(crop, options, opts);
      workspace.result.set(workspace.original);
      return { ...finish(), factors };
    },
    make: (crop, rng, opts) => task.apply(crop, task.draw(rng, crop.shape), opts),
  };
  return task;
}
