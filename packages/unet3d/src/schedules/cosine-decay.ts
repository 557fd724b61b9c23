import type { Schedule } from './schedule.js';

export interface CosineDecayOpts {
  initial: number;
  /** Steps until the final rate; it stays there afterwards. */
  steps: number;
  /** Default 0. */
  final?: number;
}

/** Half a cosine from initial to final: PyTorch's CosineAnnealingLR. */
export function cosineDecay({ initial, steps, final = 0 }: CosineDecayOpts): Schedule {
  return (step) => {
    const progress = Math.min(1, step / steps);
    return final + ((initial - final) * (1 + Math.cos(Math.PI * progress))) / 2;
  };
}
