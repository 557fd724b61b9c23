import type { TypedArray } from '@genesis/core';
import type { ElementType } from '../element-types.js';
import { badTensor } from './bad-tensor.js';
import type { TorchDtype } from './torch-dtypes.js';

/** A block of memory that tensors are views of; its bytes are found and read when the first tensor of it is made. */
export class TensorStorage {
  private read: { readonly type: ElementType; readonly elements: Promise<TypedArray> } | undefined;

  /**
   * @param count - Elements of type `dtype`.
   * @param bytesOf - Finds the bytes in the file; a view of it.
   */
  constructor(
    readonly dtype: TorchDtype,
    readonly count: number,
    private readonly bytesOf: () => Promise<Uint8Array> | Uint8Array,
  ) {}

  /** How many elements of `type` it holds: the same bytes may be seen as another type. */
  countOf(type: ElementType): number {
    return Math.floor((this.count * (this.dtype.size ?? type.size)) / type.size);
  }

  /** All elements as `type`, in memory that belongs to this storage. */
  elements(type: ElementType): Promise<TypedArray> {
    if (this.read?.type !== type) this.read = { type, elements: this.load(type) };
    return this.read.elements;
  }

  private async load(type: ElementType): Promise<TypedArray> {
    const bytes = await this.bytesOf();
    const expected = this.count * (this.dtype.size ?? type.size);
    if (bytes.length !== expected) {
      throw badTensor(`its storage has ${bytes.length} bytes instead of ${expected}`);
    }
    const start = bytes.byteOffset;
    const copy = bytes.buffer.slice(start, start + bytes.length) as ArrayBuffer;
    return type.view(copy, 0, Math.floor(bytes.length / type.size));
  }
}
