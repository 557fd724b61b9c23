import ndarray, { type NdArray } from 'ndarray';
import type { Shape3, VolumeArray } from '../api.js';
import { checkCount } from '../deformations/rate.js';
import { TransformsError } from '../errors.js';
import { voxels } from '../grid/grid.js';
import { kernelsInUse } from '../kernels/select.js';
import { createTask, type TaskName, type TaskOpts } from '../tasks/create-task.js';
import { collate } from './collate.js';
import { createLocalCrew, createWorkerCrew, type Done } from './crew.js';
import { cropRef } from './crop-ref.js';
import type { Slot } from './protocol.js';

/** Which crop is wanted. */
export interface CropRequest {
  epoch: number;
  index: number;
}

export interface BatchPoolOpts<N extends TaskName = TaskName> {
  /** The task by name and plain options, so that workers can build it. */
  task: { name: N; opts?: TaskOpts[N] };
  /** Spatial shape of every crop. */
  shape: Shape3;
  /** Number of channels. @defaultValue 1 */
  channels?: number;
  /** Samples a batch; the last batch of an epoch may have fewer. */
  batchSize: number;
  /** Number of workers; 0 makes batches in this thread. @defaultValue 1 */
  workers?: number;
  /** Sample `index` of `epoch` is made with `createRng(seed, epoch, index)`. */
  seed: number;
  /**
   * Delivers the crops: rank 3, or rank 4 with channels last, values in 0…1 unless the task's
   * options say otherwise. Called in this thread, in order of need, possibly for several crops at a
   * time. A crop on a SharedArrayBuffer is read by the workers where it is, without a copy, and must
   * not change until its batch is delivered.
   */
  crops(request: CropRequest): VolumeArray | Promise<VolumeArray>;
  /** How many batches may be ready or in the making ahead of the consumer. @defaultValue workers + 1 */
  prefetch?: number;
  /** Aborting closes the pool; iterations under way throw the signal's reason. */
  signal?: AbortSignal;
}

export interface Batch {
  /** `[n, x, y, z, c]`, C-contiguous. */
  input: NdArray<Float32Array>;
  /** `[n, x, y, z, c]`, C-contiguous. */
  target: NdArray<Float32Array>;
  /** Number of the batch in its epoch. */
  index: number;
  /** Which samples it holds. */
  indices: readonly number[];
  /** Labels stacked: `[n]` for a number, `[n, length]` for a list. */
  labels?: Record<string, NdArray<Int32Array>>;
}

export interface BatchesRequest {
  epoch: number;
  /** The samples in the order in which they are wanted. */
  indices: readonly number[];
}

export interface BatchPool {
  /**
   * The batches of these samples, in this order whatever the number of workers.
   *
   * The arrays of a batch are the pool's and valid until the next batch is asked for; copy what is
   * to be kept. An error (of `crops`, of the task, of a worker) is thrown when its batch is reached.
   * Leaving the loop early is fine: the pool stays usable.
   */
  batches(request: BatchesRequest): AsyncGenerator<Batch, void, undefined>;
  /** Ends the workers. What is under way throws a `TransformsError` with code `closed`. */
  close(): Promise<void>;
}

/**
 * Makes batches ahead of their consumer, in worker threads (Node) or web workers (browser), in
 * shared memory where there is such, and never more than `prefetch` of them. Every sample is
 * byte-identical for any number of workers.
 *
 * @throws TransformsError `option`
 */
export function createBatchPool<N extends TaskName>(options: BatchPoolOpts<N>): BatchPool {
  const { task, shape, channels = 1, batchSize, workers = 1, seed, crops, signal } = options;
  const prefetch = options.prefetch ?? workers + 1;
  checkCount(batchSize, 1, 'createBatchPool: batchSize');
  checkCount(channels, 1, 'createBatchPool: channels');
  checkCount(workers, 0, 'createBatchPool: workers');
  checkCount(prefetch, 1, 'createBatchPool: prefetch');
  signal?.throwIfAborted();
  checkTask(task);
  const setup = { task, shape, channels, seed, kernels: kernelsInUse() };
  const crew = workers === 0 ? createLocalCrew(setup) : createWorkerCrew(setup, workers);
  const depth = workers === 0 ? 1 : prefetch;
  const length = batchSize * voxels(shape) * channels;
  const free: Slot[] = [];

  let closed: { reason: unknown } | null = null;
  // Not Promise.race with one promise of the pool's: what settles first would stay reachable from that promise, and with
  // it every crop until the pool is closed.
  const interrupts = new Set<(reason: unknown) => void>();
  const untilClosed = <T>(work: Promise<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      interrupts.add(reject);
      work.then(resolve, reject).finally(() => interrupts.delete(reject));
    });

  function shut(reason: unknown): Promise<void> {
    if (closed === null) {
      closed = { reason };
      for (const interrupt of interrupts) interrupt(reason);
      free.length = 0;
      signal?.removeEventListener('abort', onAbort);
    }
    return crew.stop(reason);
  }
  const onAbort = (): void => void shut(signal?.reason);
  signal?.addEventListener('abort', onAbort);

  async function start(epoch: number, indices: readonly number[]): Promise<Done> {
    const volumes = await untilClosed(
      Promise.all(indices.map(async (index) => crops({ epoch, index }))),
    );
    const slot = free.pop() ?? createSlot(length);
    const refs = volumes.map((volume, i) => cropRef(volume, slot, i, length / batchSize));
    return crew.run({ epoch, indices, crops: refs, slot });
  }

  async function* batches({ epoch, indices }: BatchesRequest): AsyncGenerator<Batch, void> {
    const total = Math.ceil(indices.length / batchSize);
    const ahead: Promise<Done>[] = [];
    const members = (n: number): readonly number[] =>
      indices.slice(n * batchSize, (n + 1) * batchSize);
    let started = 0;
    try {
      for (let n = 0; n < total; n++) {
        if (closed !== null) throw closed.reason;
        while (started < total && ahead.length < depth) {
          const work = start(epoch, members(started++));
          // Its error belongs to its own turn; until then nobody awaits it.
          work.catch(() => {});
          ahead.push(work);
        }
        const { slot, labels } = await (ahead.shift() as Promise<Done>);
        const own = members(n);
        const full = [own.length, ...shape, channels];
        yield {
          input: ndarray(slot.input, full),
          target: ndarray(slot.target, full),
          index: n,
          indices: own,
          ...(labels === null ? {} : { labels: collate(labels) }),
        };
        if (closed === null) free.push(slot);
      }
    } finally {
      for (const result of await Promise.allSettled(ahead)) {
        if (result.status === 'fulfilled' && closed === null) free.push(result.value.slot);
      }
    }
  }

  return {
    batches,
    close: () => shut(new TransformsError('closed', 'The batch pool was closed.')),
  };
}

/** Wrong options are refused here and at once, not by every worker later. */
function checkTask<N extends TaskName>({ name, opts }: BatchPoolOpts<N>['task']): void {
  createTask(name, opts);
  try {
    structuredClone(opts);
  } catch (cause) {
    throw new TransformsError(
      'option',
      'createBatchPool: the options of a task must be plain data, because workers receive them.',
      { task: name },
      { cause },
    );
  }
}

function createSlot(length: number): Slot {
  const shared = typeof SharedArrayBuffer !== 'undefined';
  const floats = (): Float32Array =>
    new Float32Array(shared ? new SharedArrayBuffer(4 * length) : new ArrayBuffer(4 * length));
  return { crops: floats(), input: floats(), target: floats() };
}
