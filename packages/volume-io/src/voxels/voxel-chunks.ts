import { type DType, dtypeOf, type TypedArray } from '@genesis/core';
import type { NdArray } from 'ndarray';
import { VolumeIoError } from '../errors.js';
import { contiguous, isInOrder } from './contiguous.js';
import { allocateVoxels, BYTES, isWide, RANGE } from './stored-type.js';
import { LITTLE_ENDIAN, swapBytes } from './swap-bytes.js';
import type { Volume } from './volume.js';

type AnyVolume = Volume<TypedArray>;

/** Bytes in a piece, roughly. */
const PIECE = 1 << 20;

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
  const same = dtypeOf(data.data) === type;
  for (const piece of pieces(data, Math.max(1, Math.floor(PIECE / BYTES[type])))) {
    const part = same ? piece : convert(piece, type);
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

/** All elements, i fastest, about `most` at a time: views where they lie so, else copies. */
function* pieces(data: NdArray<TypedArray>, most: number): Generator<TypedArray> {
  const { size, offset } = data;
  if (isInOrder(data, 'F')) {
    for (let at = 0; at < size; at += most) {
      yield data.data.subarray(offset + at, offset + Math.min(at + most, size));
    }
    return;
  }
  const [nx, ny, nz] = data.shape;
  // Some rows of a slice, or some slices.
  const rows = Math.min(ny, Math.max(1, Math.floor(most / nx)));
  const slices = rows < ny ? 1 : Math.min(nz, Math.max(1, Math.floor(most / (nx * ny))));
  for (let k = 0; k < nz; k += slices) {
    for (let j = 0; j < ny; j += rows) {
      const box = [nx, Math.min(rows, ny - j), Math.min(slices, nz - k)];
      yield contiguous(data.lo(0, j, k).hi(...box), 'F').data;
    }
  }
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
