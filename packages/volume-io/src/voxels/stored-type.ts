import { type BigIntArray, type DType, type TypedArray, zeros } from '@genesis/core';
import { VolumeIoError } from '../errors.js';

/** Element types as they stand in files. 'bool' of other formats is 'uint8' here. */
export type StoredType = DType | 'float16';

/** Bytes of one element. */
export const BYTES: Readonly<Record<StoredType, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float16: 2,
  float32: 4,
  float64: 8,
};

/** Smallest and largest value of the integer types. */
export const RANGE: Readonly<Partial<Record<StoredType, readonly [number, number]>>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-2147483648, 2147483647],
  uint32: [0, 4294967295],
};

/** A zeroed array of `length` elements. Throws VolumeIoError 'too-large' when there is no memory for it. */
export function allocateVoxels(type: DType, length: number, file: string): TypedArray {
  try {
    return zeros(type, length);
  } catch (error) {
    throw new VolumeIoError(
      'too-large',
      `needs ${length * BYTES[type]} bytes of memory for its voxels, more than there is`,
      { file, cause: error },
    );
  }
}

/** Does the array hold BigInts? */
export function isWide(array: TypedArray): array is BigIntArray {
  return array instanceof BigInt64Array || array instanceof BigUint64Array;
}
