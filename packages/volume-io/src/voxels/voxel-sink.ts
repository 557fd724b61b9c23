import { type DType, type NumberArray, type TypedArray, viewAs } from '@genesis/core';
import { isPlainConversion, outOfRange, storeDoubles, toDoubles } from './convert-voxels.js';
import { allocateVoxels, BYTES, type StoredType } from './stored-type.js';
import { LITTLE_ENDIAN, swapBytes } from './swap-bytes.js';

export interface VoxelSinkOpts {
  type: StoredType;
  byteOrder: 'little' | 'big';
  slope: number;
  inter: number;
  out: DType;
  /** Elements in all. */
  count: number;
  /** Array for all elements, instead of a new one. */
  into?: TypedArray | undefined;
  /** Elements to reserve at once; the array grows when more arrive. */
  reserve: number;
  /** For messages. */
  file: string;
}

/** Elements converted at a time: the scratch of float64 stays in the second-level cache. */
const BLOCK = 16384;

/** Turns bytes, which arrive in pieces of any length, into an array of the wanted type. */
export class VoxelSink {
  private out: TypedArray;
  /** Elements done; bytes while they go straight to the output, because pieces may end within an element. */
  private filled = 0;
  private readonly size: number;
  private readonly swap: boolean;
  private readonly scaled: boolean;
  private readonly straight: boolean;
  private readonly plain: boolean;
  /** Bytes that must be moved before they can be converted: parts of elements, or the other byte order. */
  private staging: Uint8Array | undefined;
  private staged = 0;
  private scratch: Float64Array | undefined;
  /** 64-bit integers that a float64 could not hold exactly. */
  rounded = 0;

  constructor(private readonly opts: VoxelSinkOpts) {
    const { type, out, slope, inter, count, reserve, file } = opts;
    this.size = BYTES[type];
    this.swap = this.size > 1 && (opts.byteOrder === 'little') !== LITTLE_ENDIAN;
    this.scaled = slope !== 1 || inter !== 0;
    this.straight = !this.scaled && type === out;
    this.plain = !this.scaled && isPlainConversion(type, out);
    this.out = opts.into ?? allocateVoxels(out, Math.min(reserve, count), file);
  }

  /** Takes the next bytes; what goes beyond `count` elements is an error of the caller. */
  push(bytes: Uint8Array): void {
    if (this.straight) {
      this.pushStraight(bytes);
      return;
    }
    let at = 0;
    if (!this.swap && this.staged === 0 && bytes.byteOffset % this.size === 0) {
      at = bytes.byteLength - (bytes.byteLength % this.size);
      this.convertAll(bytes.subarray(0, at));
    }
    const block = BLOCK * this.size;
    while (at < bytes.byteLength) {
      this.staging ??= new Uint8Array(block);
      const part = bytes.subarray(at, at + block - this.staged);
      this.staging.set(part, this.staged);
      this.staged += part.byteLength;
      at += part.byteLength;
      if (this.staged === block) this.flush();
    }
  }

  /** The array, with exactly `count` elements. */
  finish(): TypedArray {
    if (!this.straight) this.flush();
    else if (this.swap) swapBytes(bytesOf(this.out), this.size);
    return this.out;
  }

  private pushStraight(bytes: Uint8Array): void {
    this.reserve(Math.ceil((this.filled + bytes.byteLength) / this.size));
    bytesOf(this.out).set(bytes, this.filled);
    this.filled += bytes.byteLength;
  }

  private reserve(elements: number): void {
    if (elements <= this.out.length) return;
    const length = Math.min(this.opts.count, Math.max(elements, 2 * this.out.length));
    const grown = allocateVoxels(this.opts.out, length, this.opts.file);
    bytesOf(grown).set(bytesOf(this.out));
    this.out = grown;
  }

  private flush(): void {
    if (!this.staging || this.staged === 0) return;
    const bytes = this.staging.subarray(0, this.staged - (this.staged % this.size));
    this.staged = 0;
    if (this.swap) swapBytes(bytes, this.size);
    this.convertAll(bytes);
  }

  /** Whole elements of this machine's byte order, aligned. */
  private convertAll(bytes: Uint8Array): void {
    const { type } = this.opts;
    const count = bytes.byteLength / this.size;
    this.reserve(this.filled + count);
    if (this.plain) {
      const values = viewAs(type as DType, bytes) as NumberArray;
      (this.out as NumberArray).set(values, this.filled);
      this.filled += count;
      return;
    }
    for (let at = 0; at < count; at += BLOCK) {
      const until = Math.min(at + BLOCK, count);
      this.convertBlock(bytes.subarray(at * this.size, until * this.size), until - at);
    }
  }

  private convertBlock(bytes: Uint8Array, count: number): void {
    const { type, out: outType, slope, inter, file } = this.opts;
    this.scratch ??= new Float64Array(Math.min(BLOCK, this.opts.count));
    const values = this.scratch.subarray(0, count);
    this.rounded += toDoubles(type, bytes, values);
    if (this.rounded > 0 && BYTES[outType] === 8 && outType !== 'float64') {
      throw outOfRange(values[0], outType, file);
    }
    if (this.scaled) for (let n = 0; n < count; n++) values[n] = values[n] * slope + inter;
    storeDoubles(values, this.out, this.filled, outType, file);
    this.filled += count;
  }
}

function bytesOf(array: TypedArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
