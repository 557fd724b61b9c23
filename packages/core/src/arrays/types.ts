/** Three numbers, along x, y, z (or i, j, k). */
export type Vec3 = [number, number, number];

/** Three numbers that are only read. */
export type ReadonlyVec3 = readonly [number, number, number];

/** Typed arrays whose elements are JavaScript numbers. */
export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** Typed arrays of 64-bit integers. */
export type BigIntArray = BigInt64Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>;

/** Every typed array that holds voxels or weights. */
export type TypedArray = NumberArray | BigIntArray;

/** How the elements of an array lie in its memory: element (i, j, …) is at offset + i · stride[0] + j · stride[1] + …. */
export interface Layout {
  readonly offset: number;
  /** In elements; may be negative. */
  readonly stride: readonly number[];
}

/** An array in any memory layout; an `ndarray` is one. */
export interface StridedArray<T extends TypedArray = TypedArray> extends Layout {
  readonly data: T;
  readonly shape: readonly number[];
}
