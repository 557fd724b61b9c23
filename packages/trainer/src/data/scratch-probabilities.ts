import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import type { Vec3 } from '@genesis/core';
import type { OutputBlock } from '@genesis/inference';
import ndarray, { type NdArray } from 'ndarray';

/** What a stored value is multiplied by to be a share. */
export const SHARE = 1 / 65535;

/** Shares in 0…1 as whole numbers of 1/65535, which are off by half of that at most. */
export function toShares(values: ArrayLike<number>, out: Uint16Array): Uint16Array {
  for (let n = 0; n < out.length; n++) {
    out[n] = Math.round(Math.min(1, Math.max(0, values[n])) * 65535);
  }
  return out;
}

/**
 * The probabilities of all classes of one volume, as they come in blocks, in a file: 2 bytes for each voxel and class. One class at a
 * time is in memory when they are read.
 */
export class ScratchProbabilities {
  private readonly file: number;
  private row = new Uint16Array();

  /**
   * @param path - A file that is not there yet. It has no name from then on, so that nothing is left however the process ends; on
   *   Windows, where an open file keeps its name, `close` takes it away.
   */
  constructor(
    private readonly path: string,
    private readonly shape: Vec3,
  ) {
    this.file = openSync(path, 'wx+');
    if (process.platform !== 'win32') rmSync(path);
  }

  /** Writes at once, since the block's memory is lent. Throws the error of the system. */
  add({ start, channel, values }: OutputBlock): void {
    const [nx, ny, nz, channels] = values.shape;
    const [, height, depth] = this.shape;
    // Whole planes of the volume are one piece of the file, others go row by row.
    const isWhole = ny === height && nz === depth;
    const length = isWhole ? ny * nz : nz;
    const pieces = isWhole ? nx : nx * ny;
    if (this.row.length < length) this.row = new Uint16Array(length);
    const row = this.row.subarray(0, length);
    const one = new Float32Array(length);
    for (let c = 0; c < channels; c++) {
      for (let piece = 0; piece < pieces; piece++) {
        let at = values.offset + piece * length * channels + c;
        for (let n = 0; n < length; n++, at += channels) one[n] = values.data[at];
        const [x, y] = isWhole ? [piece, 0] : [Math.floor(piece / ny), piece % ny];
        this.write(toShares(one, row), channel + c, [start[0] + x, start[1] + y, start[2]]);
      }
    }
  }

  /** The probabilities of one class, [x, y, z], C order, in units of 1/65535. */
  read(channel: number): NdArray<Uint16Array> {
    const [nx, ny, nz] = this.shape;
    const values = new Uint16Array(nx * ny * nz);
    const bytes = new Uint8Array(values.buffer);
    for (let at = 0; at < bytes.length; ) {
      const position = channel * bytes.length + at;
      const count = readSync(this.file, bytes, at, Math.min(2 ** 30, bytes.length - at), position);
      if (count === 0) throw new Error(`${this.path} is too short`);
      at += count;
    }
    return ndarray(values, [...this.shape]);
  }

  close(): void {
    closeSync(this.file);
    rmSync(this.path, { force: true });
  }

  private write(row: Uint16Array, channel: number, [x, y, z]: Vec3): void {
    const [nx, ny, nz] = this.shape;
    const position = 2 * (((channel * nx + x) * ny + y) * nz + z);
    const bytes = new Uint8Array(row.buffer, row.byteOffset, row.byteLength);
    for (let at = 0; at < bytes.length; ) {
      at += writeSync(this.file, bytes, at, bytes.length - at, position + at);
    }
  }
}
