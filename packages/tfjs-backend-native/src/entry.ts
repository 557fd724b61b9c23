import type { backend_util, DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { ChannelParts } from './channel-parts.js';
import { PooledValues } from './pooled-values.js';

/**
 * The data of one or more tensors (those that `reshape` and `identity` make share it).
 *
 * Kernels of this package read `data`. The stock kernels and whoever else reads the public field
 * `values` may keep what they get (`slice` and `complex` of the stock back end return views of their
 * input), so that reading it first moves the values out of the pool.
 */
export class TensorEntry {
  /** Sums over all axes but the last, where the kernel that made the values had them at hand. */
  columnSums?: Float32Array;
  complexTensorInfos?: { real: TensorInfo; imag: TensorInfo };
  #content: backend_util.BackendValues | PooledValues | ChannelParts;

  constructor(
    content: backend_util.BackendValues | PooledValues | ChannelParts,
    readonly dtype: DataType,
    public refCount: number,
  ) {
    this.#content = content;
  }

  get data(): backend_util.BackendValues {
    if (this.#content instanceof ChannelParts) this.#content = this.#content.join();
    return this.#content instanceof PooledValues ? this.#content.data : this.#content;
  }

  get values(): backend_util.BackendValues {
    const { data } = this;
    if (this.#content instanceof PooledValues) {
      const copy = (data as Float32Array).slice();
      this.#content.release();
      this.#content = copy;
      return copy;
    }
    return data;
  }

  /** The values where they are in the pool's memory, in one array. */
  get pooled(): PooledValues | undefined {
    return this.#content instanceof PooledValues ? this.#content : undefined;
  }

  /** The parts of which the tensor consists, while nobody asked for the whole. */
  get parts(): ChannelParts | undefined {
    return this.#content instanceof ChannelParts ? this.#content : undefined;
  }

  /** Lets the pool's memory go; to be called when the last tensor is disposed. */
  release(): void {
    const content = this.#content;
    this.#content = [];
    if (content instanceof PooledValues || content instanceof ChannelParts) content.release();
  }
}
