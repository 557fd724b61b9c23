import type { StridedArray } from '@genesis/core';

type DataOf<A extends StridedArray> = A['data'];

/** The elements of `array` in C order: a view of its buffer when it is C-contiguous, a copy otherwise. */
export function compactData<A extends StridedArray>(array: A): DataOf<A> {
  const { data, shape, stride, offset } = array;
  const size = shape.reduce((a, b) => a * b, 1);
  let expected = 1;
  let contiguous = true;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] > 1 && stride[axis] !== expected) contiguous = false;
    expected *= shape[axis];
  }
  if (contiguous) {
    return offset === 0 && data.length === size ? data : data.subarray(offset, offset + size);
  }
  const out = new (data.constructor as new (length: number) => typeof data)(size);
  const index = new Array<number>(shape.length).fill(0);
  let position = offset;
  for (let i = 0; i < size; i++) {
    out[i] = data[position]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      position += stride[axis];
      if (++index[axis] < shape[axis]) break;
      position -= stride[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}
