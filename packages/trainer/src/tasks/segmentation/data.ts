import { centerStart, cutCrop, stackBatch } from '@genesis/inference';
import { createRng, type Rng } from '@genesis/transforms';
import type { Vec3 } from '@genesis/volume-io';
import * as tf from '@tensorflow/tfjs-core';
import type { NdArray } from 'ndarray';
import { type AugmentOpts, augment } from '../../data/augment.js';
import { epochOrder } from '../../data/epoch-order.js';
import { writeOneHot } from '../../data/one-hot.js';
import { prefetch } from '../../data/prefetch.js';
import { readableOnly, type UnreadableOpts } from '../../data/readable.js';
import { STREAM } from '../../data/streams.js';
import { createVolumeCache } from '../../data/volume-cache.js';
import type { TrainBatch } from '../../training/api.js';
import type { LabeledVolume } from './labeled-pairs.js';
import { type ClassVoxels, findClassVoxels, placeCrop } from './place-crop.js';

export interface SegmentationDataOpts extends UnreadableOpts {
  /** Reads and prepares the volume with this number. */
  readonly load: (index: number) => Promise<LabeledVolume>;
  /** Numbers of the volumes to train on and to validate with. */
  readonly train: readonly number[];
  readonly validation: readonly number[];
  /** Classes including the background. */
  readonly classes: number;
  readonly crop: Vec3;
  readonly batchSize: number;
  readonly cropsPerVolume: number;
  readonly foreground: number;
  readonly augment: AugmentOpts;
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

/** The crops of a segmentation: what is trained on, and the fixed ones that are validated. */
export interface SegmentationData {
  readonly stepsPerEpoch: number;
  batches(epoch: number, firstStep: number): AsyncGenerator<TrainBatch>;
  readonly samples: readonly SegmentationSample[];
}

/** Crops at random places, a share of them on labelled voxels; those for validation are chosen and read here. */
export async function segmentationData(opts: SegmentationDataOpts): Promise<SegmentationData> {
  const { crop, classes, batchSize, seed } = opts;
  const cache = createVolumeCache<Loaded>(
    async (index) => {
      const volume = await opts.load(index);
      return { ...volume, voxels: findClassVoxels(volume.classes, classes) };
    },
    (volume) => volume.image.size * 4 + volume.classes.size,
    opts.cacheBytes,
  );
  const samples: SegmentationSample[] = [];
  const readable = (indices: readonly number[]) =>
    readableOnly({ ...opts, get: (index) => cache.get(index), indices });
  const toValidate = readable(opts.validation);
  for (const [place, index] of opts.validation.entries()) {
    const found = await toValidate(place);
    if (found.index === index) samples.push(...validationCrops(found.value, index, opts));
  }
  const toTrain = readable(opts.train);
  const samplesPerEpoch = opts.train.length * opts.cropsPerVolume;
  const stepsPerEpoch = Math.max(1, Math.floor(samplesPerEpoch / batchSize));
  const trainSample = async (place: { volume: number }, rng: Rng) => {
    const { value: found } = await toTrain(place.volume);
    const start = placeCrop(found.image.shape, crop, found.voxels, opts.foreground, rng);
    const image = cutCrop(found.image, start, crop);
    return augment({ image, classes: cutCrop(found.classes, start, crop) }, opts.augment, rng);
  };
  return {
    stepsPerEpoch,
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
          targets: [
            oneHotBatch(
              made.map((sample) => sample.classes.data),
              classes,
              crop,
            ),
          ],
        };
      }
    },
  };
}

function validationCrops(
  volume: Loaded,
  index: number,
  opts: SegmentationDataOpts,
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

/** One-hot targets of crops, [n, x, y, z, classes]. */
export function oneHotBatch(
  labels: readonly ArrayLike<number>[],
  classes: number,
  crop: Vec3,
): tf.Tensor {
  const size = crop[0] * crop[1] * crop[2] * classes;
  const values = new Float32Array(labels.length * size);
  labels.forEach((one, n) => {
    writeOneHot(one, classes, values, n * size);
  });
  return tf.tensor(values, [labels.length, ...crop, classes], 'float32');
}
