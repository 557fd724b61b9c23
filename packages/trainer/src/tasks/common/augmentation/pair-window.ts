import { copyStrided, cStrides, type NumberArray, type ReadonlyVec3, sizeOf } from '@genesis/core';
import { cutCrop } from '@genesis/inference';
import ndarray, { type NdArray } from 'ndarray';

/** The same array in memory that worker threads read where it lies; C order, a copy. */
export function toShared<T extends Float32Array | Uint8Array>(array: NdArray<T>): NdArray<T> {
  const { data, shape } = array;
  const size = sizeOf(shape);
  const buffer = new SharedArrayBuffer(size * data.BYTES_PER_ELEMENT);
  const shared = (
    data instanceof Float32Array ? new Float32Array(buffer) : new Uint8Array(buffer)
  ) as T;
  copyStrided(data, array, shared, { offset: 0, stride: cStrides(shape) }, shape);
  return ndarray(shared, [...shape]) as NdArray<T>;
}

/**
 * A box of a volume: a view where it lies within, else a copy with `fill` beyond the border.
 *
 * @param volume - [x, y, z] or [x, y, z, channels], C order.
 * @param start - May be negative.
 */
export function windowOf<T extends NumberArray>(
  volume: NdArray<T>,
  start: readonly number[],
  size: ReadonlyVec3,
  fill: number,
): NdArray<T> {
  const [x, y, z] = start;
  const fits = start.every((at, axis) => at >= 0 && at + size[axis] <= volume.shape[axis]);
  if (fits) return volume.lo(x, y, z).hi(size[0], size[1], size[2]);
  return cutCrop(volume, start, size, fill);
}
