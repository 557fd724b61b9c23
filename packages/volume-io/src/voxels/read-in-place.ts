import { type DType, dtypeOf, type NumberArray, type TypedArray, viewAs } from '@genesis/core';
import type { ByteSource } from '../bytes/api.js';
import { fill } from '../bytes/fill.js';
import { throwIfAborted } from '../bytes/payload.js';
import { BYTES } from './stored-type.js';
import { LITTLE_ENDIAN, swapBytes } from './swap-bytes.js';
import type { VoxelPlan } from './voxel-plan.js';

/** Reads under way at a time: as many as Node's pool has threads, which then share the work of getting fresh memory. */
const AHEAD = 4;
/** Bytes of the result that a read fills. */
const STEP = 4 << 20;

/**
 * Fills `voxels` with uncompressed ones stored from byte `from` of the payload. Each piece is read into the end of the
 * memory that it will take, and widened from there while it is in the cache; nothing else is reserved. The stored type
 * must be the array's, or convert to it plainly and not be wider. Throws VolumeIoError 'truncated' or 'aborted'.
 */
export async function readInPlace(
  plan: VoxelPlan,
  from: number,
  voxels: TypedArray,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { type, byteOrder, payload } = plan;
  const { source } = payload;
  const size = BYTES[type];
  const swap = size > 1 && (byteOrder === 'little') !== LITTLE_ENDIAN;
  const same = type === dtypeOf(voxels);
  const step = STEP / voxels.BYTES_PER_ELEMENT;
  const reads: { bytes: Uint8Array; got: Promise<void> }[] = [];
  const ask = (first: number): void => {
    const last = Math.min(first + step, voxels.length);
    const stored = (last - first) * size;
    const end = voxels.byteOffset + last * voxels.BYTES_PER_ELEMENT;
    const bytes = new Uint8Array(voxels.buffer, end - stored, stored);
    const got = fillLater(source, payload.start + from + first * size, bytes);
    // It may fail before its turn to be waited for.
    got.catch(() => {});
    reads.push({ bytes, got });
  };
  let asked = 0;
  try {
    for (let first = 0; first < voxels.length; first += step) {
      throwIfAborted(signal, source.name);
      for (; asked < voxels.length && reads.length < AHEAD; asked += step) ask(asked);
      const { bytes, got } = reads[0];
      await got;
      reads.shift();
      if (swap) swapBytes(bytes, size);
      if (!same) widen(viewAs(type as DType, bytes) as NumberArray, voxels as NumberArray, first);
    }
  } finally {
    // Nothing may still be reading when the file is closed.
    await Promise.allSettled(reads.map((read) => read.got));
  }
}

async function fillLater(source: ByteSource, from: number, target: Uint8Array): Promise<void> {
  await fill(source, from, target);
}

/**
 * Converts `values`, which lie at the end of the memory that they will take. They are taken by halves, of which each goes
 * to where no value is left to be read: the engine would copy them first where the two overlap.
 */
function widen(values: NumberArray, target: NumberArray, first: number): void {
  let done = 0;
  while (done < values.length) {
    const part = values.subarray(done, done + Math.ceil((values.length - done) / 2));
    target.subarray(first + done, first + done + part.length).set(part);
    done += part.length;
  }
}
