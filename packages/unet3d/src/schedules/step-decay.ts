import type { Schedule } from './schedule.js';

export interface StepDecayOpts {
  initial: number;
  /** Steps between reductions, default 40 (the reference's, in epochs). */
  every?: number;
  /** Default 0.5. */
  factor?: number;
}

/** initial · factor^⌊step / every⌋: PyTorch's StepLR. */
export function stepDecay({ initial, every = 40, factor = 0.5 }: StepDecayOpts): Schedule {
  return (step) => initial * factor ** Math.floor(step / every);
}
