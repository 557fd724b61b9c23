import { permutation } from '@genesis/core';
import { stackBatch } from '@genesis/inference';
import { createRng } from '@genesis/transforms';
import type { Vec3 } from '@genesis/volume-io';
import * as tf from '@tensorflow/tfjs-core';
import type { NdArray } from 'ndarray';
import { type AugmentOpts, augment } from '../../data/augment.js';
import { writeOneHot } from '../../data/one-hot.js';
import { prefetch } from '../../data/prefetch.js';
import { readableOnly, type UnreadableOpts } from '../../data/readable.js';
import { STREAM } from '../../data/streams.js';
import { createVolumeCache } from '../../data/volume-cache.js';
import type { TrainBatch } from '../../training/api.js';

export interface ClassificationDataOpts extends UnreadableOpts {
  /** Reads volume `index`, prepared and brought to the size of the crop. */
  readonly load: (index: number) => Promise<NdArray<Float32Array>>;
  /** Class of each volume. */
  readonly labels: readonly number[];
  readonly train: readonly number[];
  readonly validation: readonly number[];
  readonly classes: number;
  readonly crop: Vec3;
  readonly batchSize: number;
  readonly augment: AugmentOpts;
  readonly seed: number;
  readonly cacheBytes: number;
}

/** The volumes of a classification as batches. */
export interface ClassificationData {
  readonly stepsPerEpoch: number;
  batches(epoch: number, firstStep: number): AsyncGenerator<TrainBatch>;
  /** Batches of the validation volumes as they are, in order. */
  validationBatches(): AsyncGenerator<ValidationBatch>;
}

export interface ValidationBatch {
  /** Each [x, y, z]. */
  readonly images: readonly NdArray<Float32Array>[];
  readonly classes: readonly number[];
  /** Makes the one-hot target [n, classes]; the caller's. */
  target(): tf.Tensor;
}

export function classificationData(opts: ClassificationDataOpts): ClassificationData {
  const { crop, classes, batchSize, labels, seed } = opts;
  const cache = createVolumeCache(opts.load, (volume) => volume.size * 4, opts.cacheBytes);
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
  return {
    stepsPerEpoch,
    async *batches(epoch, firstStep) {
      const order = permutation(opts.train.length, createRng(seed, STREAM.order, epoch));
      const steps = prefetch(stepsPerEpoch - firstStep, async (n) => {
        const places = Array.from({ length: batchSize }, (_, m) => (firstStep + n) * batchSize + m);
        const found = await Promise.all(
          places.map(async (place) => {
            const { index, value } = await toTrain(order[place % order.length]);
            const rng = createRng(seed, STREAM.augment, epoch, place);
            return { index, image: augment({ image: value }, opts.augment, rng).image };
          }),
        );
        return {
          images: found.map(({ image }) => image),
          indices: found.map(({ index }) => index),
        };
      });
      for await (const { images, indices } of steps) {
        yield {
          x: stackBatch(
            images.map((image) => image.data),
            [...crop, 1],
          ),
          targets: [targetOf(indices)],
        };
      }
    },
    async *validationBatches() {
      for (let first = 0; first < opts.validation.length; first += batchSize) {
        const asked = opts.validation.slice(first, first + batchSize);
        const found = await Promise.all(asked.map((_, n) => toValidate(first + n)));
        // What stands in for a volume that cannot be read is validated in its own place.
        const read = found.filter(({ index }, n) => index === asked[n]);
        if (read.length === 0) continue;
        const indices = read.map(({ index }) => index);
        yield {
          images: read.map(({ value }) => value),
          classes: indices.map((index) => labels[index]),
          target: () => targetOf(indices),
        };
      }
    },
  };
}
