import { float32ToFloat16, toCOrder } from '@genesis/core';
import type { NdArray } from 'ndarray';
import type { WeightArray } from '../api.js';
import { WeightFormatError } from '../errors.js';

/** How weights are written, whatever the format. */
export interface EncodeWeightsOpts {
  /** Which float32 tensors are written as halves, rounded to the nearest. Default: none. */
  readonly halve?: (name: string, tensor: NdArray<WeightArray>) => boolean;
}

/** The bytes of a tensor, C order, little-endian. */
export interface EncodedElements {
  /** What safetensors calls their type. */
  readonly dtype: string;
  readonly bytes: Uint8Array;
}

const typeNames: Readonly<Record<string, string>> = {
  float32: 'F32',
  float64: 'F64',
  int8: 'I8',
  int16: 'I16',
  int32: 'I32',
  bigint64: 'I64',
  uint8: 'U8',
  uint16: 'U16',
  uint32: 'U32',
  biguint64: 'U64',
};

/**
 * What is written of a tensor; may be its memory.
 *
 * @throws WeightFormatError 'unsupported' for an element type that no format has, 'out-of-range' for a value that is too large for a half.
 */
export function encodeElements(
  name: string,
  tensor: NdArray<WeightArray>,
  halve: EncodeWeightsOpts['halve'],
): EncodedElements {
  const data = toCOrder(tensor);
  if (data instanceof Float32Array && (halve?.(name, tensor) ?? false)) {
    return { dtype: 'F16', bytes: bytesOf(halvesOf(name, data)) };
  }
  const dtype = typeNames[tensor.dtype];
  if (dtype) return { dtype, bytes: bytesOf(data) };
  throw new WeightFormatError('unsupported', `tensor '${name}' has the type ${tensor.dtype}`);
}

function bytesOf({ buffer, byteOffset, byteLength }: WeightArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function halvesOf(name: string, data: Float32Array): Uint16Array {
  const halves = float32ToFloat16(data);
  const lost = halves.findIndex(
    (bits, n) => (bits & 0x7fff) === 0x7c00 && Number.isFinite(data[n]),
  );
  if (lost < 0) return halves;
  throw new WeightFormatError(
    'out-of-range',
    `tensor '${name}' holds ${data[lost]}, but the largest half is 65504: write it as float32`,
  );
}
