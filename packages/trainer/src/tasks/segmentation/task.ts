import { applyNetworkThen, centerStart, cutCrop, stackBatch } from '@genesis/inference';
import { createRng, type Rng } from '@genesis/transforms';
import type { Loss } from '@genesis/unet3d';
import type { Vec3 } from '@genesis/volume-io';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { NdArray } from 'ndarray';
import { type AugmentOpts, augment } from '../../data/augment.js';
import { epochOrder } from '../../data/epoch-order.js';
import { writeOneHot } from '../../data/one-hot.js';
import { prefetch } from '../../data/prefetch.js';
import { STREAM } from '../../data/streams.js';
import { createVolumeCache } from '../../data/volume-cache.js';
import type { TrainBatch, TrainingTask, Validation } from '../../training/api.js';
import type { LabeledVolume } from './labeled-pairs.js';
import { type ClassVoxels, findClassVoxels, placeCrop } from './place-crop.js';

export interface SegmentationTaskOpts {
  readonly model: LayersModel;
  /** Reads and prepares the volume with this number. */
  readonly load: (index: number) => Promise<LabeledVolume>;
  /** Numbers of the volumes to train on and to validate with. */
  readonly train: readonly number[];
  readonly validation: readonly number[];
  /** Classes including the background. */
  readonly classes: number;
  readonly classNames: readonly string[];
  readonly crop: Vec3;
  readonly batchSize: number;
  readonly cropsPerVolume: number;
  readonly foreground: number;
  readonly augment: AugmentOpts;
  readonly loss: Loss;
  readonly seed: number;
  readonly cacheBytes: number;
}

/** One crop with its classes. */
export interface SegmentationSample {
  readonly volume: number;
  readonly image: NdArray<Float32Array>;
  readonly classes: NdArray<Uint8Array>;
}

interface Loaded extends LabeledVolume {
  readonly voxels: ClassVoxels;
}

/** Crops validated in each volume, when it is larger than one. */
const CROPS_TO_VALIDATE = 2;

/**
 * Segmentation of crops: random places, half of them on labelled voxels; validated on fixed crops, where Dice is taken
 * over all of their voxels together.
 */
export async function segmentationTask(
  opts: SegmentationTaskOpts,
): Promise<TrainingTask & { readonly samples: readonly SegmentationSample[] }> {
  const { model, crop, classes, batchSize, seed } = opts;
  const cache = createVolumeCache<Loaded>(
    async (index) => {
      const volume = await opts.load(index);
      return { ...volume, voxels: findClassVoxels(volume.classes, classes) };
    },
    (volume) => volume.image.size * 4 + volume.classes.size,
    opts.cacheBytes,
  );
  const samples: SegmentationSample[] = [];
  for (const index of opts.validation) {
    samples.push(...validationCrops(await cache.get(index), index, opts));
  }
  const samplesPerEpoch = opts.train.length * opts.cropsPerVolume;
  const stepsPerEpoch = Math.max(1, Math.floor(samplesPerEpoch / batchSize));
  const trainSample = async (place: { volume: number }, rng: Rng) => {
    const found = await cache.get(opts.train[place.volume]);
    const start = placeCrop(found.image.shape, crop, found.voxels, opts.foreground, rng);
    const image = cutCrop(found.image, start, crop);
    return augment({ image, classes: cutCrop(found.classes, start, crop) }, opts.augment, rng);
  };
  return {
    model,
    stepsPerEpoch,
    batchSize,
    loss: opts.loss,
    samples,
    async *batches(epoch, firstStep): AsyncGenerator<TrainBatch> {
      const rng = createRng(seed, STREAM.order, epoch);
      const order = epochOrder(opts.train.length, opts.cropsPerVolume, opts.train.length, rng);
      const steps = prefetch(stepsPerEpoch - firstStep, async (n) => {
        const first = (firstStep + n) * batchSize;
        const made = [];
        for (let index = first; index < first + batchSize; index++) {
          const own = createRng(seed, STREAM.augment, epoch, index);
          made.push(await trainSample(order[index % order.length], own));
        }
        return made;
      });
      for await (const made of steps) {
        yield {
          x: stackBatch(
            made.map(({ image }) => image.data),
            [...crop, 1],
          ),
          y: oneHotBatch(
            made.map((sample) => sample.classes!.data),
            classes,
            crop,
          ),
        };
      }
    },
    validate: () => validate(opts, samples),
  };
}

function validationCrops(
  volume: Loaded,
  index: number,
  opts: SegmentationTaskOpts,
): SegmentationSample[] {
  const { crop } = opts;
  const fits = volume.image.shape.every((side, axis) => side <= crop[axis]);
  const rng = createRng(opts.seed, STREAM.validation, index);
  const starts = fits
    ? [centerStart(volume.image.shape, crop)]
    : Array.from({ length: CROPS_TO_VALIDATE }, () =>
        placeCrop(volume.image.shape, crop, volume.voxels, opts.foreground, rng),
      );
  return starts.map((start) => ({
    volume: index,
    image: cutCrop(volume.image, start, crop),
    classes: cutCrop(volume.classes, start, crop),
  }));
}

async function validate(
  opts: SegmentationTaskOpts,
  samples: readonly SegmentationSample[],
): Promise<Validation> {
  const { crop, classes, batchSize } = opts;
  let lossSum = 0;
  const both = new Float64Array(classes);
  const truth = new Float64Array(classes);
  const found = new Float64Array(classes);
  for (let first = 0; first < samples.length; first += batchSize) {
    const group = samples.slice(first, first + batchSize);
    const [[loss], predicted] = await applyNetworkThen(
      opts.model,
      group.map(({ image }) => image.data),
      [...crop, 1],
      (output) => {
        const y = oneHotBatch(
          group.map((sample) => sample.classes.data),
          classes,
          crop,
        );
        return [opts.loss(y, output), tf.argMax(output, -1)];
      },
    );
    lossSum += loss * group.length;
    const size = crop[0] * crop[1] * crop[2];
    group.forEach((sample, n) => {
      for (let v = 0; v < size; v++) {
        const [a, b] = [sample.classes.data[v], predicted[n * size + v]];
        truth[a]++;
        found[b]++;
        if (a === b) both[a]++;
      }
    });
  }
  const loss = lossSum / samples.length;
  const values: Record<string, number> = { loss, dice: 0 };
  let [sum, present] = [0, 0];
  for (let c = 1; c < classes; c++) {
    // A class that occurs neither in truth nor in prediction says nothing about the network.
    if (truth[c] + found[c] === 0) continue;
    const dice = (2 * both[c]) / (truth[c] + found[c]);
    values[`dice:${opts.classNames[c]}`] = dice;
    sum += dice;
    present++;
  }
  values.dice = present === 0 ? 0 : sum / present;
  return { monitored: loss, values };
}

function oneHotBatch(labels: readonly ArrayLike<number>[], classes: number, crop: Vec3): tf.Tensor {
  const size = crop[0] * crop[1] * crop[2] * classes;
  const values = new Float32Array(labels.length * size);
  labels.forEach((one, n) => {
    writeOneHot(one, classes, values, n * size);
  });
  return tf.tensor(values, [labels.length, ...crop, classes], 'float32');
}
