import type { TypedArray } from './types.js';

const ARRAYS = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** Element types of typed arrays, by the names that numpy gives them. */
export type DType = keyof typeof ARRAYS;

/** Element types whose elements are JavaScript numbers. */
export type NumberDType = Exclude<DType, 'int64' | 'uint64'>;

/** The typed array that holds elements of a type. */
export type ArrayOf<D extends DType> = D extends 'int64'
  ? BigInt64Array<ArrayBuffer>
  : D extends 'uint64'
    ? BigUint64Array<ArrayBuffer>
    : InstanceType<(typeof ARRAYS)[D]>;

/** Is it the name of an element type? */
export function isDType(name: unknown): name is DType {
  return typeof name === 'string' && Object.hasOwn(ARRAYS, name);
}

/** The element type of an array: 'float32' of a Float32Array, 'int64' of a BigInt64Array, 'uint8' of a clamped one. */
export function dtypeOf(array: TypedArray | Uint8ClampedArray): DType {
  const name = array[Symbol.toStringTag];
  return name.replace(/^Big|Clamped|Array$/g, '').toLowerCase() as DType;
}

/**
 * A zeroed array of a type.
 *
 * @throws RangeError where there is no memory for it.
 */
export function zeros<D extends DType>(dtype: D, length: number): ArrayOf<D> {
  return new ARRAYS[dtype](length) as ArrayOf<D>;
}

/** A zeroed array of the same type as another. */
export function zerosLike<T extends TypedArray>(array: T, length: number): T {
  return zeros(dtypeOf(array), length) as T;
}

/** Bytes, of which the first must be aligned, seen as elements of a type. What is less than an element at the end is left out. */
export function viewAs<D extends DType>(dtype: D, bytes: Uint8Array): ArrayOf<D> {
  const { buffer, byteOffset, byteLength } = bytes;
  const Type = ARRAYS[dtype];
  const length = Math.floor(byteLength / Type.BYTES_PER_ELEMENT);
  return new Type(buffer as ArrayBuffer, byteOffset, length) as ArrayOf<D>;
}
