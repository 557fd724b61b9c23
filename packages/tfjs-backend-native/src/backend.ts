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
import { type ChannelPart, ChannelParts } from './channel-parts.js';
import { TensorEntry } from './entry.js';
import { BufferPool, SMALLEST_POOLED } from './pool.js';
import { PooledValues } from './pooled-values.js';
import { copyStrided } from './strided.js';

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
    return this.#store(new TensorEntry(values, dtype, 1));
  }

  override move(
    dataId: DataId,
    values: backend_util.BackendValues,
    _shape: number[],
    dtype: DataType,
    refCount: number,
  ): void {
    this.entries.set(dataId, new TensorEntry(values, dtype, refCount));
  }

  override readSync(dataId: DataId): backend_util.BackendValues {
    const entry = this.entries.get(dataId);
    const copied = entry.pooled ?? entry.parts;
    return copied ? (entry.data as Float32Array).slice() : super.readSync(dataId);
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
    const values = this.#pooled(dtype, size, bytes);
    const dataId = this.#store(new TensorEntry(values, dtype, 1));
    return { info: { dataId, shape, dtype }, data: values.data };
  }

  /** Values that other tensors may hold too; undefined where they are not in the pool's memory. */
  pooled(info: TensorInfo): PooledValues | undefined {
    return this.entries.get(info.dataId).pooled;
  }

  /** A tensor of values that others hold, which it holds too. */
  shared(values: PooledValues, shape: number[], dtype: NumericType): TensorInfo {
    return { dataId: this.#store(new TensorEntry(values.hold(), dtype, 1)), shape, dtype };
  }

  /** Leaves the sums of a new tensor over all axes but the last with it, for whoever asks for them. */
  setColumnSums(info: TensorInfo, sums: Float32Array): void {
    this.entries.get(info.dataId).columnSums = sums;
  }

  /** What {@link setColumnSums} left. */
  columnSums(info: TensorInfo): Float32Array | undefined {
    return this.entries.get(info.dataId).columnSums;
  }

  /** The parts of a float32 tensor that was made by {@link joined} or {@link joinedOutput}, while it consists of them. */
  parts(info: TensorInfo): ChannelParts | undefined {
    return this.entries.get(info.dataId).parts;
  }

  /** A float32 tensor of two parts that lie side by side along the last axis, whose values it holds. Nothing is copied yet. */
  joined(shape: number[], parts: readonly [ChannelPart, ChannelPart]): TensorInfo {
    for (const { values } of parts) values.hold();
    return this.#storeParts(shape, parts);
  }

  /** A new float32 tensor in two parts of these channels, to be written. */
  joinedOutput(
    shape: number[],
    channels: readonly [number, number],
  ): Output<[Float32Array, Float32Array]> {
    const voxels = util.sizeFromShape(shape.slice(0, -1));
    const part = (own: number): ChannelPart => ({
      values: this.#pooled('float32', voxels * own, voxels * own * 4),
      channels: own,
    });
    const parts = [part(channels[0]), part(channels[1])] as const;
    const data: [Float32Array, Float32Array] = [
      parts[0].values.data as Float32Array,
      parts[1].values.data as Float32Array,
    ];
    return { info: this.#storeParts(shape, parts), data };
  }

  #storeParts(shape: number[], parts: readonly [ChannelPart, ChannelPart]): TensorInfo {
    const size = util.sizeFromShape(shape);
    const channels = shape[shape.length - 1];
    const join = (arrays: readonly Float32Array[]): PooledValues => {
      const whole = this.#pooled('float32', size, size * 4);
      let at = 0;
      arrays.forEach((array, n) => {
        const own = parts[n].channels;
        const walk = [
          { size: size / channels, first: own, second: channels },
          { size: own, first: 1, second: 1 },
        ];
        copyStrided(this.addon, walk, array, 0, whole.data, at);
        at += own;
      });
      return whole;
    };
    const entry = new TensorEntry(new ChannelParts(parts, join), 'float32', 1);
    return { dataId: this.#store(entry), shape, dtype: 'float32' };
  }

  #pooled(dtype: NumericType, size: number, bytes: number): PooledValues {
    const block = this.pool.take(bytes);
    const data = new ARRAYS[dtype](block.region.buffer, block.offset, size);
    return new PooledValues(data, block, this.pool);
  }

  #store(entry: TensorEntry): DataId {
    const dataId = {};
    this.entries.set(dataId, entry);
    return dataId;
  }
}
