import { type StridedArray, toCOrder } from '@genesis/core';

/** The elements in C order as float32: a view of the buffer where it can be, a copy otherwise. */
export function floatsOf(tensor: StridedArray): Float32Array {
  const data = toCOrder(tensor);
  if (data instanceof Float32Array) return data;
  return Float32Array.from(data as ArrayLike<number>, Number);
}
