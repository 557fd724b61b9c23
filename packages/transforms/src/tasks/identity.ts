import type { ProxyTask, VolumeOpts } from '../api.js';
import { copyGrid } from '../grid/copyGrid.js';
import { rescaleGrid } from '../grid/range.js';
import { prepareSample } from './prepareSample.js';

export type IdentityOpts = VolumeOpts;

/** The plain auto-encoder: input and target are the crop. */
export function identity(options: IdentityOpts = {}): ProxyTask<Record<string, never>> {
  const task: ProxyTask<Record<string, never>> = {
    name: 'identity',
    draw: () => ({}),
    apply(crop, factors, opts) {
      const s = prepareSample(crop, options, opts);
      if (s.scale === null) copyGrid(s.crop, s.targetGrid);
      else rescaleGrid(s.crop, s.targetGrid, s.scale);
      copyGrid(s.targetGrid, s.inputGrid);
      return { input: s.input, target: s.target, factors };
    },
    make: (crop, rng, opts) => task.apply(crop, task.draw(rng, crop.shape), opts),
  };
  return task;
}
