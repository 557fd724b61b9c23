import type { EngineName } from '@genesis/unet3d/engine';

/** Largest relative L2 distance from the reference, of values and of gradients. */
export interface Tolerance {
  readonly values: number;
  readonly gradients: number;
}

/**
 * The engines that must conform, each with its own tolerance: one line adds an engine. Those that a machine lacks are skipped;
 * cpu and native are always there.
 */
export const TOLERANCES: Readonly<Record<EngineName, Tolerance>> = {
  cpu: { values: 1e-6, gradients: 2e-6 },
  // Winograd convolution, which `setPrecision('strict')` turns off.
  native: { values: 5e-6, gradients: 5e-6 },
  webgpu: { values: 5e-6, gradients: 5e-6 },
  tensorflow: { values: 1e-5, gradients: 1e-5 },
  'tensorflow-gpu': { values: 1e-5, gradients: 1e-5 },
};

export const ENGINES = Object.keys(TOLERANCES) as EngineName[];
