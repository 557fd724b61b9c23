import type { backend_util, DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { Block, BufferPool } from './pool.js';

/**
 * The data of one or more tensors (those that `reshape` and `identity` make share it).
 *
 * Kernels of this package read `data`. The stock kernels and whoever else reads the public field
 * `values` may keep what they get (`slice` and `complex` of the stock back end return views of their
 * input), so that reading it first moves the values out of the pool.
 */
export class TensorEntry {
  complexTensorInfos?: { real: TensorInfo; imag: TensorInfo };
  #data: backend_util.BackendValues;
  #block: Block | undefined;

  constructor(
    data: backend_util.BackendValues,
    readonly dtype: DataType,
    public refCount: number,
    private readonly pool: BufferPool,
    block?: Block,
  ) {
    this.#data = data;
    this.#block = block;
  }

  get data(): backend_util.BackendValues {
    return this.#data;
  }

  get values(): backend_util.BackendValues {
    if (this.#block) {
      this.#data = (this.#data as Float32Array).slice();
      this.release();
    }
    return this.#data;
  }

  /** Whether the values are in the pool's memory. */
  get pooled(): boolean {
    return this.#block !== undefined;
  }

  /** Gives the memory back; to be called when the last tensor is disposed. */
  release(): void {
    if (!this.#block) return;
    this.pool.give(this.#block);
    this.#block = undefined;
  }
}
