import { type DType, dtypeOf, type TypedArray } from '@genesis/core';
import type { Volume } from '../api.js';
import { VolumeIoError } from '../errors.js';
import { allocateVoxels, BYTES, isWide, RANGE } from './stored-type.js';
import { LITTLE_ENDIAN, swapBytes } from './swap-bytes.js';

type AnyVolume = Volume<TypedArray>;

/** Bytes in a piece, roughly. */
const PIECE = 1 << 20;

/** Do the voxels lie in memory one after the other, i fastest? */
export function isFileOrder(volume: AnyVolume): boolean {
  const { shape, stride } = volume.data;
  const expected = [1, shape[0], shape[0] * shape[1]];
  return shape.every((n, axis) => n === 1 || stride[axis] === expected[axis]);
}

/**
 * The type to write: the one asked for, else the array's. Voxels of a 64-bit integer file, which are kept as float64,
 * become integers again when all still are.
 */
export function writeType(volume: AnyVolume, wanted: DType | undefined): DType {
  if (wanted) return wanted;
  const type = dtypeOf(volume.data.data);
  const said = volume.header.dtype;
  if (type !== 'float64' || (said !== 'int64' && said !== 'uint64')) return type;
  const [low, high] = said === 'uint64' ? [0, 2 ** 64] : [-(2 ** 63), 2 ** 63];
  const values = volume.data.data as Float64Array;
  for (let n = 0; n < values.length; n++) {
    const v = values[n];
    if (!(v >= low && v < high && Math.floor(v) === v)) return type;
  }
  return said;
}

/**
 * The voxels as a file keeps them: i fastest, low byte first. Contiguous voxels of the right type are given as views
 * of the volume's memory. Throws VolumeIoError 'range' for values that do not fit.
 */
export async function* voxelChunks(volume: AnyVolume, type: DType): AsyncGenerator<Uint8Array> {
  const { data } = volume;
  const count = data.size;
  const step = Math.max(1, Math.floor(PIECE / BYTES[type]));
  const direct = isFileOrder(volume);
  const same = dtypeOf(data.data) === type;
  for (let at = 0; at < count; at += step) {
    const length = Math.min(step, count - at);
    let part: TypedArray;
    if (direct) part = data.data.subarray(data.offset + at, data.offset + at + length);
    else part = gather(volume, at, length);
    if (!same) part = convert(part, type);
    const bytes = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    if (LITTLE_ENDIAN || BYTES[type] === 1) {
      yield bytes;
    } else {
      const swapped = bytes.slice();
      swapBytes(swapped, BYTES[type]);
      yield swapped;
    }
  }
}

/** Elements [at, at + length) in file order of a volume with any strides. */
function gather(volume: AnyVolume, at: number, length: number): TypedArray {
  const { data, shape, stride, offset } = volume.data;
  const out = allocateVoxels(dtypeOf(data), length, 'volume');
  const [nx, ny] = [shape[0], shape[1]];
  let n = 0;
  while (n < length) {
    const index = at + n;
    const i = index % nx;
    const row = (index - i) / nx;
    const j = row % ny;
    const k = (row - j) / ny;
    const from = offset + j * stride[1] + k * stride[2];
    const run = Math.min(nx - i, length - n);
    copyRun(data, from + i * stride[0], stride[0], out, n, run);
    n += run;
  }
  return out;
}

function copyRun(
  from: TypedArray,
  start: number,
  step: number,
  to: TypedArray,
  at: number,
  count: number,
): void {
  for (let n = 0; n < count; n++) to[at + n] = from[start + n * step];
}

function convert(part: TypedArray, type: DType): TypedArray {
  const out = allocateVoxels(type, part.length, 'volume');
  for (let n = 0; n < part.length; n++) {
    const v = part[n];
    if (!fits(v, type)) {
      throw new VolumeIoError(
        'range',
        `has the value ${v}, which does not fit ${type}; choose another dtype`,
      );
    }
    if (isWide(out)) out[n] = BigInt(v);
    else out[n] = Number(v);
  }
  return out;
}

function fits(v: number | bigint, type: DType): boolean {
  if (type === 'float32' || type === 'float64') return true;
  if (typeof v === 'number' && !Number.isInteger(v)) return false;
  if (type === 'int64') return v >= -(2n ** 63n) && v < 2n ** 63n;
  if (type === 'uint64') return v >= 0n && v < 2n ** 64n;
  const [low, high] = RANGE[type]!;
  return v >= low && v <= high;
}
