import type { ReadonlyVec3, Vec3 } from '@genesis/core';
import type { AugmentationSpec } from '@genesis/transforms';
import type { TrainingConfig } from '../../../config/fields.js';
import type { RunContext } from '../../../training/run-context.js';
import type { AugmentChoice } from './api.js';
import { augmentationFor } from './augmentation-for.js';
import { marginOf } from './margin-of.js';
import { thickAxis } from './thick-axis.js';

export interface AugmentedData {
  /** Sides of the network's input in voxels. */
  readonly crop: Vec3;
  /** Voxel sizes of the volumes as the network sees them, in mm. */
  readonly spacings: readonly ReadonlyVec3[];
  /** The label of voxels that lie beyond the volume. */
  readonly labelFill?: number;
}

/** The augmentation of a run and what it reads. */
export interface RunAugmentation {
  /** undefined for 'none' and 'basic'. */
  readonly augmentation?: AugmentationSpec;
  /** Voxels read beside a crop along each axis. */
  readonly margin: Vec3;
}

/** What `augment` means for these data; a resumed run keeps its own. Says so when only slices are turned and scaled. */
export function augmentationOfRun(
  { config, previous, emit }: RunContext<TrainingConfig & { readonly augment: AugmentChoice }>,
  { crop, spacings, labelFill }: AugmentedData,
): RunAugmentation {
  const acrossAxis = thickAxis(spacings);
  const augmentation =
    previous?.augmentation ?? augmentationFor(config.augment, { crop, acrossAxis, labelFill });
  if (!augmentation) return { margin: [0, 0, 0] };
  const margin = marginOf(augmentation, crop);
  if (acrossAxis !== undefined && margin[acrossAxis] === 0 && margin.some((side) => side > 0)) {
    emit({
      type: 'note',
      text: `slices are thick along ${'xyz'[acrossAxis]}: augmentation turns and scales within them alone`,
    });
  }
  return { augmentation, margin };
}
