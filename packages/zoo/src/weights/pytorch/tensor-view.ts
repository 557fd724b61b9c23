import { sizeOf, type TypedArray, toCOrder } from '@genesis/core';
import ndarray from 'ndarray';
import { type ElementType, elementCount } from '../element-types.js';
import { badTensor } from './bad-tensor.js';
import type { TensorStorage } from './tensor-storage.js';
import type { TorchDtype } from './torch-dtypes.js';

/** A tensor as the pickle describes it: a strided view of a storage. */
export class TensorView {
  /** @param type - How its elements are read. */
  constructor(
    private readonly storage: TensorStorage,
    private readonly type: ElementType,
    private readonly offset: number,
    private readonly shape: readonly number[],
    private readonly stride: readonly number[],
  ) {}

  get count(): number {
    return sizeOf(this.shape);
  }

  /** Whether it has more elements than its storage, as `expand` makes them. */
  get isExpanded(): boolean {
    return this.count > this.storage.countOf(this.type);
  }

  /** The tensor's elements, C-contiguous and in memory of their own. */
  async materialize(): Promise<ndarray.NdArray<TypedArray>> {
    const { shape, stride, offset } = this;
    const data = await this.storage.elements(this.type);
    const values = toCOrder({ data, shape, stride, offset });
    return ndarray(values.buffer === data.buffer ? values.slice() : values, [...shape]);
  }
}

/** A tensor that no network here can use, and why. */
export class UnreadableTensor {
  constructor(readonly reason: string) {}
}

/**
 * A tensor made of the arguments of one of PyTorch's rebuild functions.
 *
 * @param dtype - Its type when it is not that of the storage.
 * @throws WeightFormatError `corrupt` when it does not lie inside its storage.
 */
export function tensorView(
  storage: TensorStorage,
  offset: unknown,
  shape: unknown,
  stride: unknown,
  dtype: TorchDtype = storage.dtype,
): TensorView | UnreadableTensor {
  if (typeof offset !== 'number' || !isCounts([offset])) throw badTensor('its offset is no count');
  if (!isCounts(shape) || !isCounts(stride) || shape.length !== stride.length) {
    throw badTensor('its shape and strides do not fit');
  }
  const count = elementCount(shape, 'of a checkpoint');
  if (!dtype.elements) return new UnreadableTensor(`its element type is ${dtype.name}`);
  const room = storage.countOf(dtype.elements);
  const last = shape.reduce((at, side, axis) => at + (side - 1) * stride[axis], offset);
  if (count > 0 && last >= room) {
    throw badTensor(`its last element is number ${last} of a storage of ${room}`);
  }
  return new TensorView(storage, dtype.elements, offset, shape, stride);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((side) => Number.isSafeInteger(side) && side >= 0);
}
