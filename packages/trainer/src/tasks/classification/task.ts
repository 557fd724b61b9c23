import { permutation } from '@genesis/core';
import { applyNetworkThen, stackBatch } from '@genesis/inference';
import { createRng } from '@genesis/transforms';
import type { Loss } from '@genesis/unet3d';
import type { Vec3 } from '@genesis/volume-io';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { NdArray } from 'ndarray';
import { type AugmentOpts, augment } from '../../data/augment.js';
import { writeOneHot } from '../../data/one-hot.js';
import { prefetch } from '../../data/prefetch.js';
import { STREAM } from '../../data/streams.js';
import { createVolumeCache } from '../../data/volume-cache.js';
import type { TrainBatch, TrainingTask, Validation } from '../../training/api.js';
import { classScores } from './class-scores.js';

export interface ClassificationTaskOpts {
  readonly model: LayersModel;
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
  readonly loss: Loss;
  readonly seed: number;
  readonly cacheBytes: number;
}

/** Classification of whole volumes; validated without augmentation. */
export function classificationTask(opts: ClassificationTaskOpts): TrainingTask {
  const { model, crop, classes, batchSize, labels, seed } = opts;
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
  const stepsPerEpoch = Math.max(1, Math.floor(opts.train.length / batchSize));
  return {
    model,
    stepsPerEpoch,
    batchSize,
    loss: opts.loss,
    async *batches(epoch, firstStep): AsyncGenerator<TrainBatch> {
      const order = permutation(opts.train.length, createRng(seed, STREAM.order, epoch));
      const steps = prefetch(stepsPerEpoch - firstStep, async (n) => {
        const places = Array.from({ length: batchSize }, (_, m) => (firstStep + n) * batchSize + m);
        const indices = places.map((place) => opts.train[order[place % order.length]]);
        const images = await Promise.all(
          places.map(async (place, m) => {
            const rng = createRng(seed, STREAM.augment, epoch, place);
            return augment({ image: await cache.get(indices[m]) }, opts.augment, rng).image;
          }),
        );
        return { images, indices };
      });
      for await (const { images, indices } of steps) {
        yield {
          x: stackBatch(
            images.map((image) => image.data),
            [...crop, 1],
          ),
          y: targetOf(indices),
        };
      }
    },
    async validate(): Promise<Validation> {
      let lossSum = 0;
      const scores: Float32Array[] = [];
      for (let first = 0; first < opts.validation.length; first += batchSize) {
        const indices = opts.validation.slice(first, first + batchSize);
        const images = await Promise.all(indices.map((index) => cache.get(index)));
        const [[loss], values] = await applyNetworkThen(
          model,
          images.map((image) => image.data),
          [...crop, 1],
          (output) => [opts.loss(targetOf(indices), output), output],
        );
        lossSum += loss * indices.length;
        indices.forEach((_, n) => {
          scores.push(Float32Array.from(values.subarray(n * classes, (n + 1) * classes)));
        });
      }
      const loss = lossSum / opts.validation.length;
      const truth = opts.validation.map((index) => labels[index]);
      return { monitored: loss, values: { loss, ...classScores(truth, scores) } };
    },
  };
}
