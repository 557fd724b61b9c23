import type { Schedule } from './schedule.js';

/** Rates and length of {@link cosineDecay}. */
export interface CosineDecayOpts {
  /** The rate at step 0. */
  initial: number;
  /** Steps until the final rate; it stays there afterwards. */
  steps: number;
  /** The last rate, default 0. */
  final?: number;
}

/** Half a cosine from initial to final: PyTorch's CosineAnnealingLR. */
export function cosineDecay({ initial, steps, final = 0 }: CosineDecayOpts): Schedule {
  return (step) => {
    const progress = Math.min(1, step / steps);
    return final + ((initial - final) * (1 + Math.cos(Math.PI * progress))) / 2;
  };
}
