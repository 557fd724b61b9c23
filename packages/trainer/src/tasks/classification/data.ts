import { permutation } from '@genesis/core';
import { cutCrop } from '@genesis/inference';
import { type AugmentationSpec, createRng } from '@genesis/transforms';
import type { Vec3 } from '@genesis/volume-io';
import * as tf from '@tensorflow/tfjs-core';
import ndarray, { type NdArray } from 'ndarray';
import type { AugmentOpts } from '../../data/augment.js';
import { writeOneHot } from '../../data/one-hot.js';
import { type Found, readableOnly, type UnreadableOpts } from '../../data/readable.js';
import { STREAM } from '../../data/streams.js';
import { createVolumeCache } from '../../data/volume-cache.js';
import type { TrainBatch } from '../../training/api.js';
import { batchShare } from '../../training/replicas/batch-share.js';
import { type Replicas, singleProcess } from '../../training/replicas/replicas.js';
import { isOwnBatch } from '../../training/replicas/share-validation.js';
import { toShared } from '../common/augmentation/pair-window.js';
import { augmentedInputs, basicInputs } from './input-batches.js';

export interface ClassificationDataOpts extends UnreadableOpts {
  /** Reads volume `index`, prepared and brought to a size. */
  readonly load: (index: number, size: Vec3) => Promise<NdArray<Float32Array>>;
  /** Class of each volume. */
  readonly labels: readonly number[];
  readonly train: readonly number[];
  readonly validation: readonly number[];
  readonly classes: number;
  readonly crop: Vec3;
  readonly batchSize: number;
  /** The processes that share the batches. Default: this one alone. */
  readonly replicas?: Replicas;
  /** How volumes are varied where no augmentation is given. */
  readonly vary: AugmentOpts;
  /** What makes the network's input of a volume that is longer by twice the margin. */
  readonly augmentation?: AugmentationSpec;
  readonly margin: Vec3;
  /** Threads that augment. */
  readonly workers: number;
  readonly seed: number;
  readonly cacheBytes: number;
}

/** The volumes of a classification as batches. */
export interface ClassificationData {
  readonly stepsPerEpoch: number;
  batches(epoch: number, firstStep: number, steps: number): AsyncGenerator<TrainBatch>;
  /** This process's batches of the validation volumes as they are, in order. */
  validationBatches(): AsyncGenerator<ValidationBatch>;
  /** The first `count` training volumes of the first epoch, as they are and as they were varied. */
  examples(count: number): Promise<ClassificationExample[]>;
  close(): Promise<void>;
}

/** A training volume in the size of the crop, [x, y, z]. */
export interface ClassificationExample {
  readonly volume: number;
  readonly source: NdArray<Float32Array>;
  readonly image: NdArray<Float32Array>;
}

export interface ValidationBatch {
  /** Numbers of its volumes among those that are validated. */
  readonly places: readonly number[];
  /** Each [x, y, z]. */
  readonly images: readonly NdArray<Float32Array>[];
  readonly classes: readonly number[];
  /** Makes the one-hot target [n, classes]; the caller's. */
  target(): tf.Tensor;
}

export function classificationData(opts: ClassificationDataOpts): ClassificationData {
  const { crop, classes, batchSize, labels, seed, margin, augmentation } = opts;
  const { replicas = singleProcess } = opts;
  const share = batchShare(batchSize, replicas);
  const trained = new Set(opts.train);
  const cache = createVolumeCache(
    async (index) => {
      if (!augmentation || !trained.has(index)) return opts.load(index, crop);
      const sides = crop.map((side, axis) => side + 2 * margin[axis]) as Vec3;
      return toShared(await opts.load(index, sides));
    },
    (volume) => volume.size * 4,
    opts.cacheBytes,
  );
  const targetOf = (indices: readonly number[]): tf.Tensor => {
    const y = new Float32Array(indices.length * classes);
    writeOneHot(
      indices.map((index) => labels[index]),
      classes,
      y,
      0,
    );
    return tf.tensor(y, [indices.length, classes], 'float32');
  };
  const readable = (indices: readonly number[]) =>
    readableOnly({ ...opts, get: (index) => cache.get(index), indices });
  const [toTrain, toValidate] = [readable(opts.train), readable(opts.validation)];
  const stepsPerEpoch = Math.max(1, Math.floor(opts.train.length / batchSize));
  const at = async (epoch: number, place: number): Promise<Found<NdArray<Float32Array>>> => {
    const order = permutation(opts.train.length, createRng(seed, STREAM.order, epoch));
    return toTrain(order[place % order.length]);
  };
  const shared = { ...opts, share, at };
  const inputs = augmentation ? augmentedInputs({ ...shared, augmentation }) : basicInputs(shared);
  return {
    stepsPerEpoch,
    async *batches(epoch, firstStep, steps) {
      for await (const { images, indices } of inputs.batches(epoch, firstStep, steps)) {
        yield {
          x: tf.tensor(images, [share.size, ...crop, 1], 'float32'),
          targets: [targetOf(indices)],
        };
      }
    },
    async examples(count) {
      const found: ClassificationExample[] = [];
      const size = crop[0] * crop[1] * crop[2];
      for await (const { images, indices } of inputs.batches(0, 0, stepsPerEpoch)) {
        for (const [n, volume] of indices.entries()) {
          if (found.length === count) return found;
          const { value } = await at(0, share.placeOf(found.length));
          found.push({
            volume,
            source: cutCrop(value, margin, crop),
            image: ndarray(images.subarray(n * size, (n + 1) * size), [...crop]),
          });
        }
      }
      return found;
    },
    close: () => inputs.close(),
    async *validationBatches() {
      for (let first = 0; first < opts.validation.length; first += batchSize) {
        if (!isOwnBatch(first / batchSize, replicas)) continue;
        const asked = opts.validation.slice(first, first + batchSize);
        const found = await Promise.all(asked.map((_, n) => toValidate(first + n)));
        // What stands in for a volume that cannot be read is validated in its own place.
        const read = found.filter(({ index }, n) => index === asked[n]);
        if (read.length === 0) continue;
        const indices = read.map(({ index }) => index);
        yield {
          places: indices.map((index) => first + asked.indexOf(index)),
          images: read.map(({ value }) => value),
          classes: indices.map((index) => labels[index]),
          target: () => targetOf(indices),
        };
      }
    },
  };
}
