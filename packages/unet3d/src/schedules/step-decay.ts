import type { Schedule } from './schedule.js';

/** Rates and steps of {@link stepDecay}. */
export interface StepDecayOpts {
  /** The rate at step 0. */
  initial: number;
  /** Steps between reductions, default 40 (the reference's, in epochs). */
  every?: number;
  /** What a reduction multiplies the rate by, default 0.5. */
  factor?: number;
}

/** initial · factor^⌊step / every⌋: PyTorch's StepLR. */
export function stepDecay({ initial, every = 40, factor = 0.5 }: StepDecayOpts): Schedule {
  return (step) => initial * factor ** Math.floor(step / every);
}
