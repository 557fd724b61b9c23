import type { Addon, Group } from './addon.js';
import type { Communicator, FloatArray, HalfOpts, ReduceOperation } from './api.js';
import { MpiError } from './errors.js';

const OPERATIONS: Readonly<Record<ReduceOperation, number>> = { sum: 0, max: 1 };

/** The largest finite half, and what is left below it for the roundings of a sum. */
const LARGEST_HALF = 65504;
const MARGIN = 63 / 64;

/** The largest half that each of `ranks` may contribute to a sum that is to be finite. */
function largestShare(ranks: number): number {
  const share = (MARGIN * LARGEST_HALF) / ranks;
  const spacing = 2 ** (Math.floor(Math.log2(share)) - 10);
  return Math.floor(share / spacing) * spacing;
}

/** The collectives of a group. */
export function createCommunicator(addon: Addon, group: Group): Communicator {
  const { handle, rank, size, hosts } = group;
  const where = `rank ${rank} of ${size} on ${hosts[rank]}`;
  const failed = (what: string, cause: unknown): MpiError => {
    const { code, message } = cause as Error & { code?: string };
    return code === 'invalid-argument'
      ? new MpiError('bad-argument', `${what}: ${message}`, { cause })
      : new MpiError('failed', `${what} failed in ${where}: ${message}`, { cause });
  };
  /** Runs a collective; what is wrong with its arguments is thrown at once. */
  const collective = <T>(what: string, call: () => Promise<T>): Promise<T> => {
    let promise: Promise<T>;
    try {
      promise = call();
    } catch (cause) {
      throw failed(what, cause);
    }
    return promise.catch((cause: unknown) => {
      throw failed(what, cause);
    });
  };
  const allReduce = (
    arrays: FloatArray | readonly FloatArray[],
    operation: ReduceOperation = 'sum',
  ): Promise<void> =>
    collective('all-reduce', () => addon.allReduce(handle, OPERATIONS[operation], listOf(arrays)));
  return {
    rank,
    size,
    hosts,
    allReduce,
    allReduceHalf: (arrays: Float32Array | readonly Float32Array[], opts: HalfOpts) =>
      collective('all-reduce', () =>
        addon.allReduceHalf(
          handle,
          listOf(arrays),
          opts.scale,
          largestShare(size),
          opts.residual ?? null,
        ),
      ),
    allReduceSync(array, operation = 'sum') {
      try {
        addon.allReduceSync(handle, OPERATIONS[operation], array);
      } catch (cause) {
        throw failed('all-reduce', cause);
      }
    },
    broadcast: (array, root = 0) =>
      collective('broadcast', () => addon.broadcast(handle, root, [array])),
    async allGather(bytes) {
      const lengths = new Float64Array(size);
      lengths[rank] = bytes.length;
      await allReduce(lengths);
      // All ranks send the same number of bytes.
      const longest = Math.max(...lengths);
      const own = new Uint8Array(longest);
      own.set(bytes);
      const all = Array.from({ length: size }, () => new Uint8Array(longest));
      await collective('all-gather', () => addon.allGather(handle, [own], size, all));
      return all.map((one, n) => one.slice(0, lengths[n]));
    },
    barrier: () => collective('barrier', () => addon.barrier(handle)),
    async split(color, key = rank) {
      if (!Number.isInteger(color) || color < 0) {
        throw new MpiError('bad-argument', `split: the color ${color} is no whole number from 0`);
      }
      const made = await collective('split', () => addon.split(handle, color, key));
      return createCommunicator(addon, made);
    },
  };
}

function listOf<T extends FloatArray>(arrays: T | readonly T[]): readonly T[] {
  return ArrayBuffer.isView(arrays) ? [arrays] : arrays;
}
