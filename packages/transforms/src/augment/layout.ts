import { copyStrided, cStrides, type Layout } from '@genesis/core';
import type { NdArray } from 'ndarray';
import type { ChannelAxis, Shape3, VolumeArray } from '../api.js';
import type { Heap } from '../augment-kernels/api.js';
import { bytes, floats, halves } from '../augment-kernels/views.js';
import { TransformsError } from '../errors.js';
import { splitShape } from '../grid/grid.js';
import type { LabelArray } from './api.js';

/** Voxels as the inner loops know them: floats, or labels whose bits alone count. */
export type Elements = Float32Array | Uint8Array | Uint16Array;

/** One channel or map of an array: where its voxels lie. */
export interface Plane extends Layout {
  readonly data: Elements;
}

/** How an array is laid out. */
export interface Source {
  readonly shape: Shape3;
  /** Bytes of a voxel: 4 are floats. */
  readonly bytes: 1 | 2 | 4;
  /** One for each channel or map. */
  readonly planes: readonly Plane[];
}

/** The bits of an array's elements; shares its memory. */
function elementsOf({ data, dtype }: NdArray<VolumeArray['data'] | LabelArray['data']>): Elements {
  if (data instanceof Float32Array || data instanceof Uint8Array || data instanceof Uint16Array) {
    return data;
  }
  if (data instanceof Int16Array) return new Uint16Array(data.buffer, data.byteOffset, data.length);
  throw new TransformsError(
    'dtype',
    `An image must be float32, labels uint8, uint16 or int16; got ${dtype}.`,
    { dtype },
  );
}

/**
 * How the channels of an array lie in its memory.
 *
 * @throws TransformsError `shape` or `dtype`
 */
export function sourceOf(array: VolumeArray | LabelArray, channelAxis: ChannelAxis): Source {
  const data = elementsOf(array);
  const { shape, channels } = splitShape(array.shape, channelAxis);
  const { stride, offset } = array;
  const first = array.dimension === 4 && channelAxis === 'first' ? 1 : 0;
  const step = array.dimension === 3 ? 0 : first === 1 ? stride[0] : stride[3];
  const planes = Array.from({ length: channels }, (_, c) => ({
    data,
    offset: offset + c * step,
    stride: [stride[first], stride[first + 1], stride[first + 2]],
  }));
  return { shape, bytes: data.BYTES_PER_ELEMENT as 1 | 2 | 4, planes };
}

/** A view of voxels in the heap. */
export function elementsAt(heap: Heap, at: number, size: 1 | 2 | 4, n: number): Elements {
  if (size === 4) return floats(heap, at, n);
  return size === 2 ? halves(heap, at, n) : bytes(heap, at, n);
}

/** Copies a plane to C order in the heap. */
export function copyIn(heap: Heap, plane: Plane, shape: Shape3, at: number): void {
  const { BYTES_PER_ELEMENT } = plane.data;
  const target = elementsAt(
    heap,
    at,
    BYTES_PER_ELEMENT as 1 | 2 | 4,
    shape[0] * shape[1] * shape[2],
  );
  copyStrided(plane.data, plane, target, { offset: 0, stride: cStrides(shape) }, shape);
}
