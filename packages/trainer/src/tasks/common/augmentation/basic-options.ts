import type { z } from 'zod';
import type { AugmentOpts } from '../../../data/augment.js';
import type { AugmentChoice } from './api.js';

interface VaryOptions {
  readonly augment: AugmentChoice;
  readonly flipAxes?: AugmentOpts['flipAxes'];
  readonly intensityRate?: number;
}

/** Refuses options that the chosen augmentation does not take. */
export function checkBasicOptions(config: VaryOptions, context: z.RefinementCtx): void {
  if (config.augment === 'basic') return;
  const complain = (path: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [path], message });
  if (config.flipAxes !== undefined) {
    complain(
      'flipAxes',
      `it belongs to augment 'basic'; others take it as an option, such as augment: { name: nnunet, opts: { mirrorAxes: [0] } }`,
    );
  }
  if (config.intensityRate !== undefined) {
    complain('intensityRate', "it belongs to augment 'basic'; others have rates of their own");
  }
}

/** What 'basic' does: nothing but what was asked for, and new contrasts only where intensities are in 0…1. */
export function basicVariation(
  { augment, flipAxes, intensityRate = 0.3 }: VaryOptions,
  flipAxesByDefault: AugmentOpts['flipAxes'],
  isUnitRange: boolean,
): AugmentOpts {
  if (augment !== 'basic') return { flipAxes: [], intensityRate: 0 };
  return {
    flipAxes: flipAxes ?? flipAxesByDefault,
    intensityRate: isUnitRange ? intensityRate : 0,
  };
}
