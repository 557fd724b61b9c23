import ndarray, { type NdArray } from 'ndarray';
import type { Shape3 } from '../api.js';
import type { Pair } from '../augment/api.js';
import { type AugmentationSpec, createAugmentation } from '../augment/create-augmentation.js';
import { channelAxisOf } from '../augment/define.js';
import { checkCount } from '../deformations/rate.js';
import { TransformsError } from '../errors.js';
import { voxels } from '../grid/grid.js';
import { kernelsInUse } from '../kernels/select.js';
import { createMemory, pairRefs } from './pair-refs.js';
import type { PairSlot } from './protocol.js';
import { checkPlain, type Pool, type PoolOpts, runPool, type SampleRequest } from './run-pool.js';

/** Options of `createPairPool`. */
export interface PairPoolOpts extends PoolOpts {
  /**
   * The augmentation as plain data, so that workers can build it; channels last.
   *
   * @defaultValue the crop alone: `{ name: 'spatial', opts: { patch: shape } }`
   */
  augmentation?: AugmentationSpec;
  /** Spatial shape of every sample: what the augmentation makes of the pairs, its `patch`. */
  shape: Shape3;
  /** Number of channels. @defaultValue 1 */
  channels?: number;
  /** Type of the labels in a batch; left out: samples have none. Labels are converted as typed arrays do. */
  label?: 'uint8' | 'uint16';
  /** Number of label maps. @defaultValue 1 */
  maps?: number;
  /** Whether batches say what was drawn. @defaultValue false */
  factors?: boolean;
  /** Sample `index` of `epoch` is made with the factors drawn from `createRng(seed, epoch, index)`. */
  seed: number;
  /**
   * Delivers the pairs: images of rank 3, or of rank 4 with channels last, and labels alike; riders are not handed on. Called
   * in this thread, in order of need, possibly for several pairs at a time. What lies on a SharedArrayBuffer is read by the
   * workers where it is, without a copy, and must not change until its batch is delivered.
   */
  pairs(request: SampleRequest): Pair | Promise<Pair>;
}

/** Augmented pairs. */
export interface PairBatch {
  /** `[n, x, y, z, c]`, C-contiguous. */
  image: NdArray<Float32Array>;
  /** `[n, x, y, z]`, or `[n, x, y, z, m]` for several maps, C-contiguous. */
  label?: NdArray<Uint8Array> | NdArray<Uint16Array>;
  /** Number of the batch in its epoch. */
  index: number;
  /** Which samples it holds. */
  indices: readonly number[];
  /** What was drawn for each sample, when asked for. */
  factors?: readonly unknown[];
}

/** A pool of augmented pairs. */
export type PairPool = Pool<PairBatch>;

/**
 * Makes batches of augmented pairs ahead of their consumer, in worker threads (Node) or web workers (browser), in shared
 * memory where there is such, and never more than `prefetch` of them. Every sample is byte-identical for any number of
 * workers.
 *
 * @throws TransformsError `option` or `unknown-augmentation`
 */
export function createPairPool(options: PairPoolOpts): PairPool {
  const { shape, channels = 1, label, maps = 1, batchSize, seed, pairs } = options;
  const augmentation = options.augmentation ?? { name: 'spatial', opts: { patch: shape } };
  checkCount(channels, 1, 'createPairPool: channels');
  checkCount(maps, 1, 'createPairPool: maps');
  checkPlain(augmentation, 'createPairPool');
  if (channelAxisOf(createAugmentation(augmentation)) !== 'last') {
    throw new TransformsError('option', 'createPairPool: batches have their channels last.');
  }
  const size = batchSize * voxels(shape);
  const labelSize = label === undefined ? 0 : size * maps;
  const createLabel = (): Uint8Array | Uint16Array =>
    label === 'uint16'
      ? new Uint16Array(createMemory(2 * labelSize))
      : new Uint8Array(createMemory(labelSize));
  return runPool<Pair, PairSlot, PairBatch>(options, {
    name: 'createPairPool',
    setup: {
      kind: 'pairs',
      augmentation,
      shape,
      channels,
      maps: label === undefined ? 0 : maps,
      factors: options.factors ?? false,
      seed,
      kernels: kernelsInUse(),
    },
    load: pairs,
    createSlot: () => ({
      source: new Uint8Array(createMemory(0)),
      image: new Float32Array(createMemory(4 * size * channels)),
      label: createLabel(),
    }),
    refs: (items, indices, slot) => pairRefs(items, indices, slot, label !== undefined),
    batch({ slot, extra }, indices, index) {
      const full = [indices.length, ...shape];
      const batch: PairBatch = {
        image: ndarray(slot.image, [...full, channels]),
        index,
        indices,
      };
      if (label !== undefined) {
        batch.label = ndarray(
          slot.label,
          maps === 1 ? full : [...full, maps],
        ) as PairBatch['label'];
      }
      if (extra !== null) batch.factors = extra;
      return batch;
    },
  });
}
