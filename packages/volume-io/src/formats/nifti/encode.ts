import type { DType, TypedArray, Vec3 } from '@genesis/core';
import { VolumeIoError } from '../../errors.js';
import { BYTES } from '../../voxels/stored-type.js';
import type { Volume } from '../../voxels/volume.js';
import { DATATYPES } from './header.js';
import { placementFor } from './placement.js';

const MAX_SHORT = 32767;

/** Does the shape fit the 16-bit dimensions of NIfTI-1? */
export function fitsNifti1(shape: readonly number[]): boolean {
  return shape.every((n) => n <= MAX_SHORT);
}

/** The header of a single-file NIfTI, with the four bytes that say that no extensions follow. */
export function encodeNiftiHeader(
  volume: Volume<TypedArray>,
  type: DType,
  version: 1 | 2,
  description: string,
  slope = 1,
): Uint8Array {
  const { affine, header } = volume;
  const [nx, ny, nz] = volume.data.shape;
  const shape: Vec3 = [nx, ny, nz];
  if (version === 1 && !fitsNifti1(shape)) {
    throw new VolumeIoError(
      'bad-argument',
      `the shape ${shape.join('×')} does not fit NIfTI-1; write NIfTI-2`,
    );
  }
  const datatype = Number(Object.entries(DATATYPES).find(([, d]) => d.name === type)![0]);
  const { quaternion, spacing, offset, qformCode, sformCode } = placementFor(header, affine, shape);
  const { b, c, d, qfac } = quaternion;
  const to = new FieldWriter(version === 1 ? 352 : 544, version);
  const dim = [3, ...shape, 1, 1, 1, 1];
  const pixdim = [qfac, ...spacing, 1, 1, 1, 1];
  const millimetersAndSeconds = 2 | 8;
  if (version === 1) {
    to.int32(0, 348);
    to.text(38, 'r', 1);
    to.int16s(40, dim);
    to.int16(70, datatype);
    to.int16(72, 8 * BYTES[type]);
    to.reals(76, pixdim);
    to.real(108, 352);
    to.real(112, slope);
    to.bytes[123] = millimetersAndSeconds;
    to.text(148, description, 79);
    to.int16(252, qformCode);
    to.int16(254, sformCode);
    to.reals(256, [b, c, d, ...offset]);
    to.reals(280, affine.subarray(0, 12));
    to.text(344, 'n+1', 3);
  } else {
    to.int32(0, 540);
    to.text(4, 'n+2\0\r\n\x1a\n', 8);
    to.int16(12, datatype);
    to.int16(14, 8 * BYTES[type]);
    to.int64s(16, dim);
    to.reals(104, pixdim);
    to.int64(168, 544);
    to.real(176, slope);
    to.text(240, description, 79);
    to.int32(344, qformCode);
    to.int32(348, sformCode);
    to.reals(352, [b, c, d, ...offset]);
    to.reals(400, affine.subarray(0, 12));
    to.int32(500, millimetersAndSeconds);
  }
  return to.bytes;
}

/** Little-endian fields; a real is 4 bytes in NIfTI-1 and 8 in NIfTI-2. */
class FieldWriter {
  readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(
    length: number,
    private readonly version: 1 | 2,
  ) {
    this.bytes = new Uint8Array(length);
    this.view = new DataView(this.bytes.buffer);
  }

  int16(at: number, v: number): void {
    this.view.setInt16(at, v, true);
  }

  int32(at: number, v: number): void {
    this.view.setInt32(at, v, true);
  }

  int64(at: number, v: number): void {
    this.view.setBigInt64(at, BigInt(v), true);
  }

  real(at: number, v: number): void {
    if (this.version === 1) this.view.setFloat32(at, v, true);
    else this.view.setFloat64(at, v, true);
  }

  int16s(at: number, values: Iterable<number>): void {
    let n = at;
    for (const v of values) {
      this.int16(n, v);
      n += 2;
    }
  }

  int64s(at: number, values: Iterable<number>): void {
    let n = at;
    for (const v of values) {
      this.int64(n, v);
      n += 8;
    }
  }

  reals(at: number, values: Iterable<number>): void {
    let n = at;
    for (const v of values) {
      this.real(n, v);
      n += this.version === 1 ? 4 : 8;
    }
  }

  /** Characters beyond Latin-1 become '?'. */
  text(at: number, text: string, most: number): void {
    for (let n = 0; n < Math.min(text.length, most); n++) {
      const code = text.charCodeAt(n);
      this.bytes[at + n] = code < 256 ? code : 63;
    }
  }
}
