import { bfloat16ToFloat32, float16ToFloat32, type TypedArray } from '@genesis/core';
import { WeightFormatError } from '../errors.js';
import { float8ToFloat32 } from './float8.js';

/** A type of element as it lies in a file, little-endian. */
export interface ElementType {
  /** Bytes of one element. */
  readonly size: number;
  /** `count` elements that start at a multiple of `size` in `buffer`; a view of it unless they are widened. */
  readonly view: (buffer: ArrayBuffer, offset: number, count: number) => TypedArray;
}

const halves = (widen: (source: Uint16Array) => Float32Array): ElementType => ({
  size: 2,
  view: (buffer, offset, count) => widen(new Uint16Array(buffer, offset, count)),
});

const quarters = (widen: (source: Uint8Array) => Float32Array): ElementType => ({
  size: 1,
  view: (buffer, offset, count) => widen(new Uint8Array(buffer, offset, count)),
});

const elementTypes: ReadonlyMap<string, ElementType> = new Map(
  Object.entries<ElementType>({
    F64: { size: 8, view: (b, o, n) => new Float64Array(b, o, n) },
    F32: { size: 4, view: (b, o, n) => new Float32Array(b, o, n) },
    F16: halves(float16ToFloat32),
    BF16: halves(bfloat16ToFloat32),
    F8_E4M3: quarters(float8ToFloat32.F8_E4M3),
    F8_E5M2: quarters(float8ToFloat32.F8_E5M2),
    F8_E4M3FNUZ: quarters(float8ToFloat32.F8_E4M3FNUZ),
    F8_E5M2FNUZ: quarters(float8ToFloat32.F8_E5M2FNUZ),
    F8_E8M0: quarters(float8ToFloat32.F8_E8M0),
    I64: { size: 8, view: (b, o, n) => new BigInt64Array(b, o, n) },
    I32: { size: 4, view: (b, o, n) => new Int32Array(b, o, n) },
    I16: { size: 2, view: (b, o, n) => new Int16Array(b, o, n) },
    I8: { size: 1, view: (b, o, n) => new Int8Array(b, o, n) },
    U64: { size: 8, view: (b, o, n) => new BigUint64Array(b, o, n) },
    U32: { size: 4, view: (b, o, n) => new Uint32Array(b, o, n) },
    U16: { size: 2, view: (b, o, n) => new Uint16Array(b, o, n) },
    U8: { size: 1, view: (b, o, n) => new Uint8Array(b, o, n) },
    BOOL: { size: 1, view: (b, o, n) => new Uint8Array(b, o, n) },
  }),
);

/** The element type that safetensors calls `name`; undefined for those that no network here can use. */
export function elementTypeOf(name: string): ElementType | undefined {
  return elementTypes.get(name);
}

/** `count` elements at byte `offset` of `bytes`, in memory of their own. */
export function readElements(
  bytes: Uint8Array,
  offset: number,
  count: number,
  type: ElementType,
): TypedArray {
  const start = bytes.byteOffset + offset;
  const copy = bytes.buffer.slice(start, start + count * type.size) as ArrayBuffer;
  return type.view(copy, 0, count);
}

/** The number of elements of `shape`; a `corrupt` error when a side is no count or the product overflows. */
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
