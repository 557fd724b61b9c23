import type { Schedule } from './schedule.js';

/** Rates and length of {@link polyDecay}. */
export interface PolyDecayOpts {
  /** The rate at step 0. */
  initial: number;
  /** Steps until the rate is 0, which it stays. */
  steps: number;
  /** Exponent, default 0.9, which is nnU-Net's. */
  power?: number;
}

/** initial · (1 − step / steps)^power: PyTorch's PolynomialLR, nnU-Net's schedule. */
export function polyDecay({ initial, steps, power = 0.9 }: PolyDecayOpts): Schedule {
  return (step) => initial * Math.max(0, 1 - step / steps) ** power;
}
