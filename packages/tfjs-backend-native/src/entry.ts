import type { backend_util, DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { Block, BufferPool } from './pool.js';

/**
 * The data of one or more tensors (those that `reshape` and `identity` make share it).
 *
 * Kernels of this package read `data`. The stock kernels and whoever else reads the public field
 * `values` may keep what they get (`slice` and `complex` of the stock back end return views of their
 * input), so that reading it takes the memory out of the pool for good.
 */
export class TensorEntry {
  complexTensorInfos?: { real: TensorInfo; imag: TensorInfo };
  #block: Block | undefined;

  constructor(
    readonly data: backend_util.BackendValues,
    readonly dtype: DataType,
    public refCount: number,
    private readonly pool: BufferPool,
    block?: Block,
  ) {
    this.#block = block;
  }

  get values(): backend_util.BackendValues {
    if (this.#block) {
      this.pool.forget(this.#block);
      this.#block = undefined;
    }
    return this.data;
  }

  /** Whether the memory returns to the pool at the end. */
  get pooled(): boolean {
    return this.#block !== undefined;
  }

  /** To be called when the last tensor is disposed. */
  release(): void {
    if (!this.#block) return;
    this.pool.give(this.#block);
    this.#block = undefined;
  }
}
