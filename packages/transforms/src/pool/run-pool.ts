import { checkCount } from '../deformations/rate.js';
import { TransformsError } from '../errors.js';
import { createLocalCrew, createWorkerCrew, type Done } from './crew.js';
import type { Slot, WorkerSetup } from './protocol.js';

/** Which sample is wanted. */
export interface SampleRequest {
  epoch: number;
  index: number;
}

/** Which samples are wanted. */
export interface BatchesRequest {
  epoch: number;
  /** The samples in the order in which they are wanted. */
  indices: readonly number[];
}

/** Options that every pool has. */
export interface PoolOpts {
  /** Samples a batch; the last batch of an epoch may have fewer. */
  batchSize: number;
  /** Number of workers; 0 makes batches in this thread. @defaultValue 1 */
  workers?: number;
  /** How many batches may be ready or in the making ahead of the consumer. @defaultValue workers + 1 */
  prefetch?: number;
  /** Aborting closes the pool; iterations under way throw the signal's reason. */
  signal?: AbortSignal;
}

/** A pool of batches. */
export interface Pool<B> {
  /**
   * The batches of these samples, in this order whatever the number of workers.
   *
   * The arrays of a batch are the pool's and valid until the next batch is asked for; copy what is
   * to be kept. An error (of the caller's source, of a sample, of a worker) is thrown when its batch is reached.
   * Leaving the loop early is fine: the pool stays usable.
   */
  batches(request: BatchesRequest): AsyncGenerator<B, void, undefined>;
  /** Ends the workers. What is under way throws a `TransformsError` with code `closed`. */
  close(): Promise<void>;
}

/** What a pool makes its batches of. */
interface Kind<Item, S extends Slot, B> {
  /** The pool's function, for messages. */
  name: string;
  setup: WorkerSetup;
  /** Delivers a sample's source; called in this thread, in order of need, possibly for several samples at a time. */
  load(request: SampleRequest): Item | Promise<Item>;
  createSlot(): S;
  /** Puts sources where workers can read them. */
  refs(items: readonly Item[], indices: readonly number[], slot: S): readonly unknown[];
  batch(done: Done & { slot: S }, indices: readonly number[], index: number): B;
}

/**
 * Makes batches ahead of their consumer, in worker threads (Node) or web workers (browser), in
 * shared memory where there is such, and never more than `prefetch` of them.
 *
 * @throws TransformsError `option`
 */
export function runPool<Item, S extends Slot, B>(
  options: PoolOpts,
  kind: Kind<Item, S, B>,
): Pool<B> {
  const { batchSize, workers = 1, signal } = options;
  const prefetch = options.prefetch ?? workers + 1;
  checkCount(batchSize, 1, `${kind.name}: batchSize`);
  checkCount(workers, 0, `${kind.name}: workers`);
  checkCount(prefetch, 1, `${kind.name}: prefetch`);
  signal?.throwIfAborted();
  const crew = workers === 0 ? createLocalCrew(kind.setup) : createWorkerCrew(kind.setup, workers);
  const depth = workers === 0 ? 1 : prefetch;
  const free: S[] = [];

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
    const items = await untilClosed(
      Promise.all(indices.map(async (index) => kind.load({ epoch, index }))),
    );
    const slot = free.pop() ?? kind.createSlot();
    return crew.run({ epoch, indices, refs: kind.refs(items, indices, slot), slot });
  }

  async function* batches({ epoch, indices }: BatchesRequest): AsyncGenerator<B, void> {
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
        const done = (await ahead.shift()) as Done & { slot: S };
        yield kind.batch(done, members(n), n);
        if (closed === null) free.push(done.slot);
      }
    } finally {
      for (const result of await Promise.allSettled(ahead)) {
        if (result.status === 'fulfilled' && closed === null) free.push(result.value.slot as S);
      }
    }
  }

  return {
    batches,
    close: () => shut(new TransformsError('closed', 'The batch pool was closed.')),
  };
}

/** Wrong options are refused here and at once, not by every worker later. */
export function checkPlain(value: unknown, name: string): void {
  try {
    structuredClone(value);
  } catch (cause) {
    throw new TransformsError(
      'option',
      `${name}: what workers are to do must be plain data, because they receive it.`,
      {},
      { cause },
    );
  }
}
