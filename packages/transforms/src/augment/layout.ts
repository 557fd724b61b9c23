import { copyStrided, type Layout } from '@genesis/core';
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

/** Bytes of a row from which on a copy of it alone is worth its call. */
const LONG_ROW = 512;
/** Voxels between rows that are copied with them, at most. */
const MOST_BETWEEN = 256;

/** Whether the rows of a plane are too short to be copied each, and so near each other that what lies between them may be copied. */
export const hasShortRows = ({ data, stride }: Plane, [, , nz]: Shape3): boolean =>
  stride[2] === 1 &&
  stride[1] > nz &&
  stride[1] <= nz + MOST_BETWEEN &&
  nz * data.BYTES_PER_ELEMENT < LONG_ROW;

/** Bytes that `readPlane` takes. */
export const roomOf = (plane: Plane, shape: Shape3): number =>
  plane.data.BYTES_PER_ELEMENT *
    (shape[0] * shape[1] * (hasShortRows(plane, shape) ? plane.stride[1] : shape[2])) +
  GUARD;

/** Vectors may read a little beyond the end of an array. */
const GUARD = 64;

/** Copies a plane to the heap in few calls, with what lies between short rows; returns the steps of its voxels there. */
export function readPlane(heap: Heap, plane: Plane, shape: Shape3, at: number): Shape3 {
  const { data, offset, stride } = plane;
  const [nx, ny, nz] = shape;
  const bytes = data.BYTES_PER_ELEMENT as 1 | 2 | 4;
  const isShort = hasShortRows(plane, shape);
  const row = isShort ? stride[1] : nz;
  const target = elementsAt(heap, at, bytes, nx * ny * row);
  const steps: Shape3 = [ny * row, row, 1];
  if (!isShort) copyStrided(data, plane, target, { offset: 0, stride: steps }, shape);
  for (let x = 0; isShort && x < nx; x++) {
    const first = offset + x * stride[0];
    target.set(data.subarray(first, first + (ny - 1) * row + nz), x * steps[0]);
  }
  return steps;
}
