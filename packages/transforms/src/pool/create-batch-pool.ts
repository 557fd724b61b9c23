import ndarray, { type NdArray } from 'ndarray';
import type { Labels, Shape3, VolumeArray } from '../api.js';
import { checkCount } from '../deformations/rate.js';
import { voxels } from '../grid/grid.js';
import { kernelsInUse } from '../kernels/select.js';
import { createTask, type TaskName, type TaskOpts } from '../tasks/create-task.js';
import { collate } from './collate.js';
import { cropRef } from './crop-ref.js';
import { createMemory } from './pair-refs.js';
import type { TaskSlot } from './protocol.js';
import { checkPlain, type Pool, type PoolOpts, runPool, type SampleRequest } from './run-pool.js';

/** Which crop is wanted. */
export type CropRequest = SampleRequest;

/** Options of `createBatchPool`. */
export interface BatchPoolOpts<N extends TaskName = TaskName> extends PoolOpts {
  /** The task by name and plain options, so that workers can build it. */
  task: { name: N; opts?: TaskOpts[N] };
  /** Spatial shape of every crop. */
  shape: Shape3;
  /** Number of channels. @defaultValue 1 */
  channels?: number;
  /** Sample `index` of `epoch` is made with `createRng(seed, epoch, index)`. */
  seed: number;
  /**
   * Delivers the crops: rank 3, or rank 4 with channels last, values in 0…1 unless the task's
   * options say otherwise. Called in this thread, in order of need, possibly for several crops at a
   * time. A crop on a SharedArrayBuffer is read by the workers where it is, without a copy, and must
   * not change until its batch is delivered.
   */
  crops(request: CropRequest): VolumeArray | Promise<VolumeArray>;
}

/** Samples of a task. */
export interface Batch {
  /** `[n, x, y, z, c]`, C-contiguous. */
  input: NdArray<Float32Array>;
  /** `[n, x, y, z, c]`, C-contiguous. */
  target: NdArray<Float32Array>;
  /** Number of the batch in its epoch. */
  index: number;
  /** Which samples it holds. */
  indices: readonly number[];
  /** Labels stacked: `[n]` for a number, `[n, length]` for a list; the task's `labelKinds` say what they are. */
  labels?: Record<string, NdArray<Int32Array>>;
}

/** A pool of samples of a task. */
export type BatchPool = Pool<Batch>;

/**
 * Makes batches ahead of their consumer, in worker threads (Node) or web workers (browser), in
 * shared memory where there is such, and never more than `prefetch` of them. Every sample is
 * byte-identical for any number of workers.
 *
 * @throws TransformsError `option`
 */
export function createBatchPool<N extends TaskName>(options: BatchPoolOpts<N>): BatchPool {
  const { task, shape, channels = 1, batchSize, seed, crops } = options;
  checkCount(channels, 1, 'createBatchPool: channels');
  createTask(task.name, task.opts);
  checkPlain(task.opts, 'createBatchPool');
  const size = voxels(shape) * channels;
  const floats = (): Float32Array => new Float32Array(createMemory(4 * batchSize * size));
  return runPool<VolumeArray, TaskSlot, Batch>(options, {
    name: 'createBatchPool',
    setup: { kind: 'task', task, shape, channels, seed, kernels: kernelsInUse() },
    load: crops,
    createSlot: () => ({ crops: floats(), input: floats(), target: floats() }),
    refs: (volumes, _, slot) => volumes.map((volume, i) => cropRef(volume, slot, i, size)),
    batch({ slot, extra }, indices, index) {
      const full = [indices.length, ...shape, channels];
      const batch: Batch = {
        input: ndarray(slot.input, full),
        target: ndarray(slot.target, full),
        index,
        indices,
      };
      if (extra !== null) batch.labels = collate(extra as readonly Labels[]);
      return batch;
    },
  });
}
