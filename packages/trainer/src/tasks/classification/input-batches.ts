import type { AugmentationSpec } from '@genesis/transforms';
import { createRng } from '@genesis/transforms';
import type { Vec3 } from '@genesis/volume-io';
import type { NdArray } from 'ndarray';
import { type AugmentOpts, augment } from '../../data/augment.js';
import type { Found } from '../../data/readable.js';
import { STREAM } from '../../data/streams.js';
import type { BatchShare } from '../../training/replicas/batch-share.js';
import { pairBatches } from '../common/augmentation/pair-batches.js';
import { madeBetweenSteps, type SampleBatches } from '../common/augmentation/sample-batches.js';

/** The varied training volumes of one step, one after the other; the caller's. */
export interface InputBatch {
  /** [n, x, y, z] */
  readonly images: Float32Array;
  /** Numbers of the volumes. */
  readonly indices: readonly number[];
}

interface InputBatchesOpts {
  readonly crop: Vec3;
  /** This process's part of each batch. */
  readonly share: BatchShare;
  readonly seed: number;
  /** The volume at this place of an epoch; a function of its arguments alone. */
  at(epoch: number, place: number): Promise<Found<NdArray<Float32Array>>>;
}

/** Volumes mirrored and with another contrast. */
export function basicInputs(
  opts: InputBatchesOpts & { readonly vary: AugmentOpts },
): SampleBatches<InputBatch> {
  const { crop, share, seed } = opts;
  const size = crop[0] * crop[1] * crop[2];
  const make = async (epoch: number, step: number): Promise<InputBatch> => {
    const places = Array.from({ length: share.size }, (_, n) =>
      share.placeOf(step * share.size + n),
    );
    const images = new Float32Array(share.size * size);
    const indices = await Promise.all(
      places.map(async (place, n) => {
        const { index, value } = await opts.at(epoch, place);
        const rng = createRng(seed, STREAM.augment, epoch, place);
        images.set(augment({ image: value }, opts.vary, rng).image.data, n * size);
        return index;
      }),
    );
    return { images, indices };
  };
  return madeBetweenSteps(make);
}

/** What an augmentation makes of volumes that are larger than the crop by a margin. Volumes should be in shared memory. */
export function augmentedInputs(
  opts: InputBatchesOpts & { readonly augmentation: AugmentationSpec; readonly workers: number },
): SampleBatches<InputBatch> {
  /** Which volume each sample under way was made of. */
  const volumes = new Map<string, number>();
  const { batches, close } = pairBatches({
    ...opts,
    labels: false,
    async pairs({ epoch, index }) {
      const found = await opts.at(epoch, index);
      volumes.set(`${epoch} ${index}`, found.index);
      return { image: found.value };
    },
  });
  return {
    async *batches(epoch, firstStep, steps) {
      for await (const { image, indices } of batches(epoch, firstStep, steps)) {
        const keys = indices.map((index) => `${epoch} ${index}`);
        const found = keys.map((key) => volumes.get(key) ?? 0);
        for (const key of keys) volumes.delete(key);
        yield { images: image, indices: found };
      }
    },
    close,
  };
}
