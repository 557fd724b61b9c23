import type { ReadonlyVec3, Vec3 } from '@genesis/core';
import type { AugmentationSpec } from '@genesis/transforms';
import type { AugmentChoice, AugmentStep } from './api.js';

/** What a training decides about its augmentation. */
export interface AugmentationSetting {
  /** Sides of the network's input in voxels. */
  readonly crop: ReadonlyVec3;
  /** The axis across thick slices, for the presets. */
  readonly acrossAxis?: 0 | 1 | 2;
  /** The label of voxels that lie beyond the volume. Default 0. */
  readonly labelFill?: number;
}

/**
 * The augmentation as `createPairPool` takes it: what was chosen, with the crop that it is to cut and what the data ask
 * for. It takes pairs as large as the crop or larger, about the same middle.
 *
 * @returns undefined for 'none' and 'basic', which need no pool.
 */
export function augmentationFor(
  choice: AugmentChoice,
  setting: AugmentationSetting,
): AugmentationSpec | undefined {
  if (choice === 'none' || choice === 'basic') return undefined;
  const chosen: readonly AugmentStep[] = Array.isArray(choice) ? choice : [choice as AugmentStep];
  const steps = chosen.map((step) => specOf(step, setting));
  if (!steps.some(cuts)) steps.unshift(cropAlone(setting));
  return steps.length === 1 ? steps[0] : { name: 'compose', steps };
}

function cropAlone(setting: AugmentationSetting): AugmentationSpec {
  return { name: 'spatial', opts: decided(setting) };
}

function decided({ crop: [x, y, z], labelFill = 0 }: AugmentationSetting) {
  const patch: Vec3 = [x, y, z];
  return { patch, labelFill };
}

function specOf(step: AugmentStep, setting: AugmentationSetting): AugmentationSpec {
  if (typeof step === 'string') return specOf({ name: step }, setting);
  switch (step.name) {
    case 'compose':
      return { name: step.name, steps: step.steps.map((one) => specOf(one, setting)) };
    case 'one-of': {
      const steps = step.steps.map((one) => specOf(one, setting));
      return { name: step.name, steps, opts: step.opts };
    }
    case 'spatial':
      return { name: step.name, opts: { ...step.opts, ...decided(setting) } };
    case 'nnunet':
    case 'nnunet-no-mirror':
    case 'light':
    case 'torchio-mr': {
      const { acrossAxis } = setting;
      return { name: step.name, opts: { acrossAxis, ...step.opts, ...decided(setting) } };
    }
    default:
      return step;
  }
}

/** Whether a crop is cut whatever is drawn. */
function cuts(spec: AugmentationSpec): boolean {
  if (spec.name === 'compose') return spec.steps.some(cuts);
  if (spec.name === 'one-of') return (spec.opts?.rate ?? 1) === 1 && spec.steps.every(cuts);
  return spec.opts !== undefined && 'patch' in spec.opts;
}
