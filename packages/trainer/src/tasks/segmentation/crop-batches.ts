import { cutCrop } from '@genesis/inference';
import type { AugmentationSpec, Rng } from '@genesis/transforms';
import type { Vec3 } from '@genesis/volume-io';
import { type AugmentOpts, augment } from '../../data/augment.js';
import type { BatchShare } from '../../training/replicas/batch-share.js';
import { pairBatches } from '../common/augmentation/pair-batches.js';
import { windowOf } from '../common/augmentation/pair-window.js';
import { madeBetweenSteps, type SampleBatches } from '../common/augmentation/sample-batches.js';
import type { LabeledVolume } from './labeled-pairs.js';

/** Where a training crop was placed. */
export interface PlacedCrop {
  /** Number of its volume. */
  readonly index: number;
  readonly volume: LabeledVolume;
  /** First voxel; negative along axes where the volume is shorter than the crop. */
  readonly start: Vec3;
  /** What else is drawn for this crop is drawn from it. */
  readonly rng: Rng;
}

/** The training crops of one step, one after the other; the caller's. */
export interface CropBatch {
  /** [n, x, y, z, channels] */
  readonly image: Float32Array;
  /** [n, x, y, z] */
  readonly classes: Uint8Array;
}

interface CropBatchesOpts {
  /** Of the images. */
  readonly channels: number;
  readonly crop: Vec3;
  /** This process's part of each batch. */
  readonly share: BatchShare;
  /** The crop at this place of an epoch; a function of its arguments alone. */
  place(epoch: number, index: number): Promise<PlacedCrop>;
}

/** Crops mirrored and with another contrast, as drawn after their places. */
export function basicBatches(
  opts: CropBatchesOpts & { readonly vary: AugmentOpts },
): SampleBatches<CropBatch> {
  const { crop, channels, share } = opts;
  const size = crop[0] * crop[1] * crop[2];
  const make = async (epoch: number, step: number): Promise<CropBatch> => {
    const image = new Float32Array(share.size * size * channels);
    const classes = new Uint8Array(share.size * size);
    for (let n = 0; n < share.size; n++) {
      const index = share.placeOf(step * share.size + n);
      const { volume, start, rng } = await opts.place(epoch, index);
      const cut = {
        image: cutCrop(volume.image, start, crop),
        classes: cutCrop(volume.classes, start, crop),
      };
      const made = augment(cut, opts.vary, rng);
      image.set(made.image.data, n * size * channels);
      classes.set(made.classes.data, n * size);
    }
    return { image, classes };
  };
  return madeBetweenSteps(make);
}

export interface AugmentedBatchesOpts extends CropBatchesOpts {
  readonly augmentation: AugmentationSpec;
  /** Voxels read beside the crop along each axis. */
  readonly margin: Vec3;
  /** The class of what lies beyond a volume. */
  readonly labelFill: number;
  readonly workers: number;
  readonly seed: number;
}

/** Crops that an augmentation makes of what lies around their places. Volumes should be in shared memory. */
export function augmentedBatches(opts: AugmentedBatchesOpts): SampleBatches<CropBatch> {
  const { crop, margin, labelFill } = opts;
  const sides = crop.map((side, axis) => side + 2 * margin[axis]) as Vec3;
  return pairBatches({
    ...opts,
    labels: true,
    async pairs({ epoch, index }) {
      const { volume, start } = await opts.place(epoch, index);
      const from = start.map((at, axis) => at - margin[axis]);
      return {
        image: windowOf(volume.image, from, sides, 0),
        label: windowOf(volume.classes, from, sides, labelFill),
      };
    },
  });
}
