import { copyStrided } from './copy-strided.js';
import { zerosLike } from './dtype.js';
import { cStrides, isCOrder, sizeOf } from './layout.js';
import type { StridedArray, TypedArray } from './types.js';

/**
 * The elements of an array in C order (last axis fastest): a view of its memory when they lie so already, else a new array of the
 * same type.
 */
export function toCOrder<T extends TypedArray>(array: StridedArray<T>): T {
  const { data, shape, stride, offset } = array;
  const size = sizeOf(shape);
  if (isCOrder(shape, stride)) {
    if (offset === 0 && data.length === size) return data;
    return data.subarray(offset, offset + size) as T;
  }
  const out = zerosLike(data, size);
  copyStrided(data, array, out, { offset: 0, stride: cStrides(shape) }, shape);
  return out;
}
