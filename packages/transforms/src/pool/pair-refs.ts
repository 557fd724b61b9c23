import { copyStrided, cStrides } from '@genesis/core';
import type { NdArray } from 'ndarray';
import type { Pair } from '../augment/api.js';
import { TransformsError } from '../errors.js';
import { isShared } from './crop-ref.js';
import type { ArrayRef, PairRef, PairSlot, TravelArray } from './protocol.js';

/** Typed arrays of any type begin at multiples of this many bytes. */
const ALIGN = 8;

const bytesOf = ({ data, size }: NdArray<TravelArray>): number =>
  isShared(data.buffer) ? 0 : Math.ceil((size * data.BYTES_PER_ELEMENT) / ALIGN) * ALIGN;

/** The arrays of a pair that workers read. */
function arraysOf(
  { image, label }: Pair,
  index: number,
  wantsLabel: boolean,
): NdArray<TravelArray>[] {
  if (!(image.data instanceof Float32Array)) {
    throw new TransformsError(
      'dtype',
      `The image of pair ${index} must be float32; got ${image.dtype}.`,
    );
  }
  if (!wantsLabel) return [image];
  if (label === undefined) {
    throw new TransformsError(
      'shape',
      `Pair ${index} has no label, and the pool was asked for labels.`,
    );
  }
  return [image, label];
}

/** An array where it lies when its memory is shared, else its copy in the slot. */
function refOf(array: NdArray<TravelArray>, slot: PairSlot, at: number): ArrayRef {
  const { data, stride, offset, size } = array;
  const shape = [...array.shape];
  if (isShared(data.buffer)) return { data, shape, stride: [...stride], offset };
  const Elements = data.constructor as new (
    buffer: ArrayBufferLike,
    at: number,
    size: number,
  ) => TravelArray;
  const copy = new Elements(slot.source.buffer, at, size);
  const steps = cStrides(shape);
  copyStrided(data, array, copy, { offset: 0, stride: steps }, shape);
  return { data: copy, shape, stride: steps, offset: 0 };
}

/** Puts the pairs of a batch where workers can read them; the slot's memory grows with what it must hold. */
export function pairRefs(
  pairs: readonly Pair[],
  indices: readonly number[],
  slot: PairSlot,
  wantsLabel: boolean,
): PairRef[] {
  const all = pairs.map((pair, i) => arraysOf(pair, indices[i], wantsLabel));
  const wanted = all.flat().reduce((sum, array) => sum + bytesOf(array), 0);
  if (slot.source.length < wanted) slot.source = new Uint8Array(createMemory(wanted));
  let at = 0;
  const place = (array: NdArray<TravelArray>): ArrayRef => {
    const ref = refOf(array, slot, at);
    at += bytesOf(array);
    return ref;
  };
  return all.map(([image, label]) => ({
    image: place(image) as PairRef['image'],
    label: label === undefined ? null : place(label),
  }));
}

/** Memory that workers share where there is such. */
export const createMemory = (bytes: number): ArrayBufferLike =>
  typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes);
