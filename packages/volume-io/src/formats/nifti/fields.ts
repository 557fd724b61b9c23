import { NIFTI1, NIFTI2 } from 'nifti-reader-js';
import { VolumeIoError } from '../../errors.js';

/** Bytes of a header with the four that announce extensions. */
export const HEADER_BYTES = { nifti1: 352, nifti2: 544, analyze: 348 } as const;

/** A NIfTI header's numbers as they stand in the file, for both versions and for Analyze 7.5. */
export interface NiftiFields {
  format: 'nifti1' | 'nifti2' | 'analyze';
  little: boolean;
  /** Header and voxels in one file ('n+1', 'n+2'). */
  single: boolean;
  /** dim[0…7] */
  dim: number[];
  /** pixdim[0…7] */
  pixdim: number[];
  datatype: number;
  voxOffset: number;
  slope: number;
  inter: number;
  qformCode: number;
  sformCode: number;
  /** b, c, d */
  quaternion: [number, number, number];
  qoffset: [number, number, number];
  /** Three rows of four. */
  srow: number[];
  xyztUnits: number;
  description: string;
  intentCode: number;
  intentName: string;
  calMin: number;
  calMax: number;
  glMin: number;
  glMax: number;
  /** Analyze as SPM uses it: voxel of the origin, counted from 1. */
  origin: [number, number, number];
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

/** Which kind of header the bytes are, if any. Analyze 7.5 has no magic, so it is left to the file's name. */
export function niftiKind(
  head: Uint8Array,
  analyzeName: boolean,
): NiftiFields['format'] | undefined {
  if (head.byteLength < 348) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const magic = ascii(head, 344, 348);
  if (magic === 'n+1\0' || magic === 'ni1\0') return 'nifti1';
  const magic2 = ascii(head, 4, 8);
  if (magic2 === 'n+2\0' || magic2 === 'ni2\0')
    return head.byteLength >= 540 ? 'nifti2' : undefined;
  const sizes = [view.getInt32(0, true), view.getInt32(0, false)];
  return analyzeName && sizes.includes(348) ? 'analyze' : undefined;
}

/** Byte order as nibabel guesses it: by dim[0] being 1…7, and by the header size where that is 0. */
function isLittle(view: DataView, format: NiftiFields['format']): boolean {
  const dim0 = format === 'nifti2' ? Number(view.getBigInt64(16, true)) : view.getInt16(40, true);
  if (dim0 === 0) return view.getInt32(0, true) === (format === 'nifti2' ? 540 : 348);
  return dim0 >= 1 && dim0 <= 7;
}

/** Reads the fields; `head` holds the whole header of the kind that niftiKind found. */
export function readFields(
  head: Uint8Array,
  format: NiftiFields['format'],
  file: string,
): NiftiFields {
  const size = format === 'nifti2' ? 540 : 348;
  // A copy without extensions: those are skipped by their offset, never parsed.
  const copy = head.slice(0, size);
  const view = new DataView(copy.buffer);
  const little = isLittle(view, format);
  // Some writers leave the size field wrong; nibabel takes the file by its magic, and so do we.
  view.setInt32(0, size, little);
  const parsed = format === 'nifti2' ? new NIFTI2() : new NIFTI1();
  try {
    parsed.readHeader(copy.buffer);
  } catch (error) {
    throw new VolumeIoError('corrupt', 'its NIfTI header cannot be understood', {
      file,
      cause: error,
    });
  }
  const long = (at: number): number => Number(view.getBigInt64(at, little));
  const short = (at: number): number => view.getInt16(at, little);
  return {
    format,
    little,
    single: ascii(copy, format === 'nifti2' ? 5 : 345, format === 'nifti2' ? 6 : 346) === '+',
    // 64-bit fields are read here, because the parser gets the sign of their lower half wrong.
    dim: format === 'nifti2' ? range(8).map((n) => long(16 + 8 * n)) : parsed.dims,
    pixdim: parsed.pixDims,
    datatype: parsed.datatypeCode,
    voxOffset: format === 'nifti2' ? long(168) : parsed.vox_offset,
    slope: parsed.scl_slope,
    inter: parsed.scl_inter,
    qformCode: parsed.qform_code,
    sformCode: parsed.sform_code,
    quaternion: [parsed.quatern_b, parsed.quatern_c, parsed.quatern_d],
    qoffset: [parsed.qoffset_x, parsed.qoffset_y, parsed.qoffset_z],
    // The parser drops these rows when it prefers the quaternion.
    srow: range(12).map((n) =>
      format === 'nifti2'
        ? view.getFloat64(400 + 8 * n, little)
        : view.getFloat32(280 + 4 * n, little),
    ),
    xyztUnits: parsed.xyzt_units,
    description: parsed.description.trim(),
    intentCode: parsed.intent_code,
    intentName: parsed.intent_name.trim(),
    calMin: parsed.cal_min,
    calMax: parsed.cal_max,
    glMax: format === 'nifti2' ? 0 : view.getInt32(140, little),
    glMin: format === 'nifti2' ? 0 : view.getInt32(144, little),
    origin: format === 'analyze' ? [short(253), short(255), short(257)] : [0, 0, 0],
  };
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, index) => index);
}
