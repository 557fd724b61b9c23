import { bfloat16ToFloat32, float16ToFloat32 } from '@genesis/core';
import type { WeightArray } from '../api.js';
import { WeightFormatError } from '../errors.js';

interface Dtype {
  /** Bytes of one element in the file. */
  readonly size: number;
  /** Reads `count` elements that start at a multiple of `size` in `buffer`. */
  readonly view: (buffer: ArrayBuffer, offset: number, count: number) => WeightArray;
}

const halves = (widen: (source: Uint16Array) => Float32Array): Dtype => ({
  size: 2,
  view: (buffer, offset, count) => widen(new Uint16Array(buffer, offset, count)),
});

/** Little-endian element types by their safetensors name; a PyTorch storage class maps to one of them. */
export const dtypes: Readonly<Record<string, Dtype>> = {
  F64: { size: 8, view: (b, o, n) => new Float64Array(b, o, n) },
  F32: { size: 4, view: (b, o, n) => new Float32Array(b, o, n) },
  F16: halves(float16ToFloat32),
  BF16: halves(bfloat16ToFloat32),
  I64: { size: 8, view: (b, o, n) => new BigInt64Array(b, o, n) },
  I32: { size: 4, view: (b, o, n) => new Int32Array(b, o, n) },
  I16: { size: 2, view: (b, o, n) => new Int16Array(b, o, n) },
  I8: { size: 1, view: (b, o, n) => new Int8Array(b, o, n) },
  U64: { size: 8, view: (b, o, n) => new BigUint64Array(b, o, n) },
  U32: { size: 4, view: (b, o, n) => new Uint32Array(b, o, n) },
  U16: { size: 2, view: (b, o, n) => new Uint16Array(b, o, n) },
  U8: { size: 1, view: (b, o, n) => new Uint8Array(b, o, n) },
  BOOL: { size: 1, view: (b, o, n) => new Uint8Array(b, o, n) },
};

/** The element type called `name`, or an `unsupported` error that names the tensor. */
export function dtypeOf(name: string, tensor: string): Dtype {
  const dtype = Object.hasOwn(dtypes, name) ? dtypes[name] : undefined;
  if (!dtype) {
    throw new WeightFormatError(
      'unsupported',
      `tensor '${tensor}' has the element type ${name}, which is not supported`,
    );
  }
  return dtype;
}

/** `count` elements of type `dtype` at byte `offset` of `bytes`, in memory of their own. */
export function readElements(
  bytes: Uint8Array,
  offset: number,
  count: number,
  dtype: Dtype,
): WeightArray {
  const start = bytes.byteOffset + offset;
  const copy = bytes.buffer.slice(start, start + count * dtype.size) as ArrayBuffer;
  return dtype.view(copy, 0, count);
}

/** The number of elements of `shape`; an error when a side is no count or the product overflows. */
export function elementCount(shape: readonly unknown[], tensor: string): number {
  let count = 1;
  for (const side of shape) {
    if (typeof side !== 'number' || !Number.isSafeInteger(side) || side < 0) {
      throw new WeightFormatError('corrupt', `tensor '${tensor}' has the side ${String(side)}`);
    }
    count *= side;
  }
  if (!Number.isSafeInteger(count)) {
    throw new WeightFormatError('corrupt', `tensor '${tensor}' has an impossible size`);
  }
  return count;
}
