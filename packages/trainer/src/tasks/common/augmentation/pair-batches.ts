import type { Vec3 } from '@genesis/core';
import {
  type AugmentationSpec,
  createPairPool,
  createRng,
  type Pair,
  type SampleRequest,
} from '@genesis/transforms';
import { STREAM } from '../../../data/streams.js';
import type { BatchShare } from '../../../training/replicas/batch-share.js';
import type { SampleBatches } from './sample-batches.js';

export interface PairBatchesOpts {
  readonly augmentation: AugmentationSpec;
  /** What it cuts. */
  readonly crop: Vec3;
  /** This process's part of each batch. */
  readonly share: BatchShare;
  /** Of the images. Default 1. */
  readonly channels?: number;
  /** Threads that augment; 0: this one, between the steps. */
  readonly workers: number;
  /** Of the run. */
  readonly seed: number;
  /** Whether pairs have labels. */
  readonly labels: boolean;
  /** A function of its argument and the seed alone; see `createPairPool`. */
  pairs(request: SampleRequest): Promise<Pair>;
}

/** Augmented samples of one step, one after the other; the caller's. */
export interface AugmentedBatch {
  /** [n, x, y, z, channels] */
  readonly image: Float32Array;
  /** [n, x, y, z]; empty where pairs have no labels. */
  readonly classes: Uint8Array;
  /** Which samples of the epoch. */
  readonly indices: readonly number[];
}

/** Serves what `augmentation` makes of pairs, in the order of their indices: bit by bit the same whatever the number of workers. */
export function pairBatches(opts: PairBatchesOpts): SampleBatches<AugmentedBatch> {
  const { augmentation, crop, share, workers, seed, labels, pairs } = opts;
  const pool = createPairPool({
    augmentation,
    shape: crop,
    channels: opts.channels,
    label: labels ? 'uint8' : undefined,
    batchSize: share.size,
    workers,
    // The pool names its streams by epoch and index alone: under a seed of its own they are nobody else's.
    seed: createRng(seed, STREAM.augmentation).int(0, 0xffffffff),
    pairs,
  });
  return {
    async *batches(epoch, firstStep, steps) {
      const indices: number[] = [];
      for (let n = firstStep * share.size; n < steps * share.size; n++) {
        indices.push(share.placeOf(n));
      }
      for await (const { image, label, indices: made } of pool.batches({ epoch, indices })) {
        // Copied: the pool overwrites its memory, and an engine may read a tensor's values later.
        yield {
          image: image.data.slice(0, image.size),
          classes: label ? Uint8Array.from(label.data.subarray(0, label.size)) : new Uint8Array(0),
          indices: made,
        };
      }
    },
    close: () => pool.close(),
  };
}
