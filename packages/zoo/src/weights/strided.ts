import type { WeightArray } from '../api.js';

/**
 * Copies a strided view into a new C-contiguous array of the same type.
 * The caller has checked that every index lies inside `data`.
 */
export function gatherStrided(
  data: WeightArray,
  shape: readonly number[],
  stride: readonly number[],
  offset: number,
): WeightArray {
  const size = shape.reduce((product, side) => product * side, 1);
  if (isCOrder(shape, stride)) return data.slice(offset, offset + size);
  const out = new (data.constructor as new (length: number) => WeightArray)(size);
  const index = new Array<number>(shape.length).fill(0);
  let source = offset;
  for (let i = 0; i < size; i++) {
    out[i] = data[source];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += stride[axis];
      if (++index[axis] < shape[axis]) break;
      source -= stride[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}

/** Whether these strides are those of a C-contiguous array of this shape. */
export function isCOrder(shape: readonly number[], stride: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride[axis] !== step) return false;
    step *= shape[axis];
  }
  return true;
}
