import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import {
  type backend_util,
  type DataId,
  type DataStorage,
  type DataType,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import type { Addon, Elements } from './addon.js';
import { TensorEntry } from './entry.js';
import { BufferPool, SMALLEST_POOLED } from './pool.js';

/** Types of tensors that native memory is made for. */
export type NumericType = 'float32' | 'int32' | 'bool';

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/** A new tensor and the array to write its values to; the array's contents are undefined. */
export interface Output<A> {
  info: TensorInfo;
  data: A;
}

/**
 * The stock cpu back end with tensors in pooled memory. Arrays that a user makes a tensor of are
 * adopted without a copy, as in the stock back end, and never recycled; reading a tensor copies it.
 */
export class NativeBackend extends MathBackendCPU {
  readonly pool: BufferPool;
  private readonly entries: DataStorage<TensorEntry>;

  constructor(readonly addon: Addon) {
    super();
    this.pool = new BufferPool(addon);
    this.entries = this.data as unknown as DataStorage<TensorEntry>;
  }

  override write(values: backend_util.BackendValues, _shape: number[], dtype: DataType): DataId {
    return this.#store(new TensorEntry(values, dtype, 1, this.pool));
  }

  override move(
    dataId: DataId,
    values: backend_util.BackendValues,
    _shape: number[],
    dtype: DataType,
    refCount: number,
  ): void {
    this.entries.set(dataId, new TensorEntry(values, dtype, refCount, this.pool));
  }

  override readSync(dataId: DataId): backend_util.BackendValues {
    const entry = this.entries.get(dataId);
    return entry.pooled ? (entry.data as Float32Array).slice() : super.readSync(dataId);
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const entry = this.entries.has(dataId) ? this.entries.get(dataId) : undefined;
    const released = super.disposeData(dataId, force);
    if (released) entry?.release();
    return released;
  }

  override memory(): { unreliable: boolean; reasons: string[] } {
    return { unreliable: false, reasons: [] };
  }

  override dispose(): void {
    this.pool.trim();
  }

  /** Values of a float32 tensor, for reading within the kernel's call only. */
  floats(info: TensorInfo): Float32Array {
    return this.elements(info) as Float32Array;
  }

  /** Values of a numeric tensor, for reading within the kernel's call only. */
  elements(info: TensorInfo): Elements {
    const { data } = this.entries.get(info.dataId);
    const Type = ARRAYS[info.dtype as NumericType];
    // Stock kernels are not strict: a cast to float32 shares the input's array, and the results of
    // some integer kernels are in a Float32Array.
    return data instanceof Type ? data : Type.from(data as Elements);
  }

  /** A new float32 tensor. */
  floatOutput(shape: number[]): Output<Float32Array> {
    return this.output(shape, 'float32') as Output<Float32Array>;
  }

  /** A new tensor of any numeric type. */
  output(shape: number[], dtype: NumericType): Output<Elements> {
    const size = util.sizeFromShape(shape);
    const Type = ARRAYS[dtype];
    const bytes = size * Type.BYTES_PER_ELEMENT;
    if (bytes < SMALLEST_POOLED) {
      const data = new Type(size);
      return { info: this.makeTensorInfo(shape, dtype, data), data };
    }
    const block = this.pool.take(bytes);
    const data = new Type(block.region.buffer, block.offset, size);
    const dataId = this.#store(new TensorEntry(data, dtype, 1, this.pool, block));
    return { info: { dataId, shape, dtype }, data };
  }

  #store(entry: TensorEntry): DataId {
    const dataId = {};
    this.entries.set(dataId, entry);
    return dataId;
  }
}
