import { centerStart, cutCrop } from '@genesis/inference';
import { type AugmentationSpec, createRng } from '@genesis/transforms';
import type { Vec3 } from '@genesis/volume-io';
import * as tf from '@tensorflow/tfjs-core';
import ndarray, { type NdArray } from 'ndarray';
import type { AugmentOpts } from '../../data/augment.js';
import { epochOrder, type Sample } from '../../data/epoch-order.js';
import { writeOneHot } from '../../data/one-hot.js';
import { readableOnly, type UnreadableOpts } from '../../data/readable.js';
import { STREAM } from '../../data/streams.js';
import { createVolumeCache } from '../../data/volume-cache.js';
import type { TrainBatch } from '../../training/api.js';
import { batchShare } from '../../training/replicas/batch-share.js';
import { type Replicas, singleProcess } from '../../training/replicas/replicas.js';
import { toShared } from '../common/augmentation/pair-window.js';
import { augmentedBatches, basicBatches, type PlacedCrop } from './crop-batches.js';
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
  /** Of the images. Default 1. */
  readonly channels?: number;
  readonly crop: Vec3;
  readonly batchSize: number;
  /** The processes that share the batches. Default: this one alone. */
  readonly replicas?: Replicas;
  readonly cropsPerVolume: number;
  readonly foreground: number;
  /** How crops are varied where no augmentation is given. */
  readonly vary: AugmentOpts;
  /** What makes the crops of what lies around them. */
  readonly augmentation?: AugmentationSpec;
  /** Voxels that it reads beside a crop along each axis. */
  readonly margin: Vec3;
  /** The class of what lies beyond a volume, where an augmentation shows it. */
  readonly labelFill: number;
  /** Threads that augment. */
  readonly workers: number;
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
  batches(epoch: number, firstStep: number, steps: number): AsyncGenerator<TrainBatch>;
  readonly samples: readonly SegmentationSample[];
  /** The first `count` training crops of the first epoch, as they are and as they were varied. */
  examples(count: number): Promise<TrainingExample[]>;
  close(): Promise<void>;
}

/** A training crop. */
export interface TrainingExample extends SegmentationSample {
  /** The crop as it lies in its volume. */
  readonly source: NdArray<Float32Array>;
}

/** Crops at random places, a share of them on labelled voxels; those for validation are chosen and read here. */
export async function segmentationData(opts: SegmentationDataOpts): Promise<SegmentationData> {
  const { crop, classes, channels = 1, batchSize, seed, replicas = singleProcess } = opts;
  const share = batchShare(batchSize, replicas);
  const cache = createVolumeCache<Loaded>(
    async (index) => {
      const { image, classes: map } = await opts.load(index);
      const voxels = findClassVoxels(map, classes);
      // Workers read shared memory where it lies.
      if (!opts.augmentation) return { image, classes: map, voxels };
      return { image: toShared(image), classes: toShared(map), voxels };
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
  let order: { epoch: number; samples: Sample[] } | undefined;
  const place = async (epoch: number, index: number): Promise<PlacedCrop> => {
    if (order?.epoch !== epoch) {
      const rng = createRng(seed, STREAM.order, epoch);
      const { length } = opts.train;
      order = { epoch, samples: epochOrder(length, opts.cropsPerVolume, length, rng) };
    }
    const { samples: crops } = order;
    const rng = createRng(seed, STREAM.augment, epoch, index);
    const { index: number, value } = await toTrain(crops[index % crops.length].volume);
    const start = placeCrop(value.image.shape, crop, value.voxels, opts.foreground, rng);
    return { index: number, volume: value, start, rng };
  };
  const { augmentation } = opts;
  const shared = { ...opts, channels, share, place };
  const crops = augmentation ? augmentedBatches({ ...shared, augmentation }) : basicBatches(shared);
  return {
    stepsPerEpoch,
    samples,
    async *batches(epoch, firstStep, steps): AsyncGenerator<TrainBatch> {
      for await (const made of crops.batches(epoch, firstStep, steps)) {
        yield {
          x: tf.tensor(made.image, [share.size, ...crop, channels], 'float32'),
          targets: [oneHotBatch(splitCrops(made.classes, share.size), classes, crop)],
        };
      }
    },
    async examples(count) {
      const found: TrainingExample[] = [];
      for await (const made of crops.batches(0, 0, stepsPerEpoch)) {
        const images = splitCrops(made.image, share.size);
        for (const [n, map] of splitCrops(made.classes, share.size).entries()) {
          if (found.length === count) return found;
          const { index, volume, start } = await place(0, share.placeOf(found.length));
          found.push({
            volume: index,
            source: cutCrop(volume.image, start, crop),
            image: ndarray(images[n], channels === 1 ? [...crop] : [...crop, channels]),
            classes: ndarray(map, [...crop]),
          });
        }
      }
      return found;
    },
    close: () => crops.close(),
  };
}

/** The crops of a batch, in its memory. */
function splitCrops<T extends Float32Array | Uint8Array>(batch: T, count: number): T[] {
  const size = batch.length / count;
  return Array.from({ length: count }, (_, n) => batch.subarray(n * size, (n + 1) * size) as T);
}

function validationCrops(
  volume: Loaded,
  index: number,
  opts: SegmentationDataOpts,
): SegmentationSample[] {
  const { crop } = opts;
  const { shape } = volume.classes;
  const fits = shape.every((side, axis) => side <= crop[axis]);
  const rng = createRng(opts.seed, STREAM.validation, index);
  const starts = fits
    ? [centerStart(shape, crop)]
    : Array.from({ length: CROPS_TO_VALIDATE }, () =>
        placeCrop(shape, crop, volume.voxels, opts.foreground, rng),
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
