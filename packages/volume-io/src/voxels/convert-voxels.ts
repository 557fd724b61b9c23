import {
  type DType,
  float16ToFloat32,
  type NumberArray,
  type TypedArray,
  viewAs,
} from '@genesis/core';
import { VolumeIoError } from '../errors.js';
import { BYTES, RANGE, type StoredType } from './stored-type.js';
import { LITTLE_ENDIAN } from './swap-bytes.js';

/** Can the engine's own typed-array conversion be used: no loss except float rounding? */
export function isPlainConversion(from: StoredType, to: DType): boolean {
  if (BYTES[from] === 8 && from !== 'float64') return false;
  if (from === 'float16' || to === 'int64' || to === 'uint64') return false;
  if (to === 'float32' || to === 'float64') return true;
  const [low, high] = RANGE[to]!;
  const range = RANGE[from];
  return range !== undefined && range[0] >= low && range[1] <= high;
}

/** Returns how many 64-bit integers lost digits. */
export function toDoubles(type: StoredType, bytes: Uint8Array, values: Float64Array): number {
  if (type === 'int64' || type === 'uint64') return wideToDoubles(type, bytes, values);
  if (type === 'float16') {
    const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, values.length);
    values.set(float16ToFloat32(halves));
    return 0;
  }
  values.set(viewAs(type, bytes).subarray(0, values.length));
  return 0;
}

function wideToDoubles(type: StoredType, bytes: Uint8Array, values: Float64Array): number {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, values.length * 2);
  const lowAt = LITTLE_ENDIAN ? 0 : 1;
  const signed = type === 'int64';
  let rounded = 0;
  for (let n = 0; n < values.length; n++) {
    const low = words[2 * n + lowAt];
    const high = words[2 * n + 1 - lowAt];
    const upper = (signed ? high | 0 : high) * 4294967296;
    const v = upper + low;
    // The sum is rounded beyond 2^53; the difference is exact, so it tells.
    if (v - upper !== low) rounded++;
    values[n] = v;
  }
  return rounded;
}

export function storeDoubles(
  values: Float64Array,
  out: TypedArray,
  at: number,
  type: DType,
  file: string,
): void {
  if (type === 'float32' || type === 'float64') {
    (out as NumberArray).set(values, at);
    return;
  }
  if (type === 'int64' || type === 'uint64') {
    const wide = out;
    const low = type === 'int64' ? -(2 ** 63) : 0;
    const high = type === 'int64' ? 2 ** 63 : 2 ** 64;
    for (let n = 0; n < values.length; n++) {
      const v = values[n];
      if (!(Number.isInteger(v) && v >= low && v < high)) throw outOfRange(v, type, file);
      wide[at + n] = BigInt(v);
    }
    return;
  }
  const [low, high] = RANGE[type]!;
  for (let n = 0; n < values.length; n++) {
    const v = values[n];
    if (!(v >= low && v <= high && Math.floor(v) === v)) throw outOfRange(v, type, file);
  }
  (out as NumberArray).set(values, at);
}

export function outOfRange(value: number, type: DType, file: string): VolumeIoError {
  return new VolumeIoError(
    'range',
    `has the value ${value}, which does not fit ${type}; ask for float32 or float64`,
    { file },
  );
}
