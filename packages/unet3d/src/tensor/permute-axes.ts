import { copyStrided, cStrides, type StridedArray, sizeOf } from '@genesis/core';

/** Copies an array with its axes in another order: axis i of the result is axis `order[i]` of the source. */
export function permuteAxes(
  array: StridedArray,
  order: readonly number[],
): { data: Float32Array; shape: number[] } {
  const shape = order.map((axis) => array.shape[axis]);
  const from = { offset: array.offset, stride: order.map((axis) => array.stride[axis]) };
  const data = new Float32Array(sizeOf(shape));
  copyStrided(array.data, from, data, { offset: 0, stride: cStrides(shape) }, shape);
  return { data, shape };
}
