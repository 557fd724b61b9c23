import {
  copyStrided,
  type NumberArray,
  type StridedArray,
  type TypedArray,
  zerosLike,
} from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';

/** Strides of voxels that lie one after the other: 'F' with i fastest, 'C' with k fastest. */
function strideOf(shape: readonly number[], order: 'C' | 'F'): number[] {
  const [nx, ny, nz] = shape;
  return order === 'F' ? [1, nx, nx * ny] : [ny * nz, nz, 1];
}

/** A view of voxels that lie one after the other. */
export function inOrder<T extends TypedArray>(
  voxels: T,
  shape: readonly number[],
  order: 'C' | 'F',
): NdArray<T> {
  return ndarray(voxels, [...shape], strideOf(shape, order));
}

/** Do the voxels lie one after the other in this order? Axes of one voxel have no stride. */
export function isInOrder(
  { shape, stride }: Omit<StridedArray, 'data'>,
  order: 'C' | 'F',
): boolean {
  const expected = strideOf(shape, order);
  return shape.every((n, axis) => n === 1 || stride[axis] === expected[axis]);
}

/** A contiguous copy of a 3-D array; `target`, of the same type and exactly as long, receives it. */
export function contiguous<T extends TypedArray>(
  data: NdArray<T>,
  order: 'C' | 'F',
  target: T = zerosLike(data.data, data.size),
): NdArray<T> {
  const copy = inOrder(target, data.shape, order);
  copyStrided(data.data, data, target, copy, data.shape);
  return copy;
}

/** The voxels with i fastest: a view of them when they are already so (do not write to it), else a copy. */
export function orderedVoxels(data: NdArray<NumberArray>): NumberArray {
  return isInOrder(data, 'F')
    ? data.data.subarray(data.offset, data.offset + data.size)
    : contiguous(data, 'F').data;
}
