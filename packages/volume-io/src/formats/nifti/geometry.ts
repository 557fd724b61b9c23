import type { Vec3 } from '@genesis/core';
import type { Affine } from '../../api.js';
import { scaleAffine } from '../../geometry/affine.js';
import {
  axisNames,
  isUsableAffine,
  isUsableLength,
  repairAffine,
} from '../../geometry/usable-affine.js';
import type { NiftiFields } from './fields.js';
import { quaternionAffine } from './quaternion.js';

/** Codes of qform and sform that the standard defines; nibabel treats others as 0. */
const KNOWN_CODES = new Set([1, 2, 3, 4, 5]);

/** What a header's qform says. `wide`: it is kept in 64-bit numbers, as NIfTI-2 does. */
export interface Qform extends Pick<NiftiFields, 'pixdim' | 'quaternion' | 'qoffset'> {
  wide: boolean;
}

/** A code of the standard, or 0. */
export function knownCode(code: number): number {
  return KNOWN_CODES.has(code) ? code : 0;
}

/**
 * Voxel → RAS as nibabel chooses it: the sform when its code is set, else the qform, else voxel sizes with x flipped
 * and the origin in the middle. A form that cannot place voxels (values that are not finite, axes without a length or
 * not independent) is passed over. Says in `notes` when something had to be.
 */
export function niftiAffine(fields: NiftiFields, shape: Vec3, notes: string[]): Affine {
  if (fields.format === 'analyze') return analyzeAffine(fields, shape, notes);
  if (knownCode(fields.sformCode)) {
    const affine = completed(sformAffine(fields.srow), shape, fields.pixdim, notes);
    if (isUsableAffine(affine)) return affine;
    notes.push(`Its sform ${whyUnusable(affine)}, so it was passed over.`);
  }
  if (knownCode(fields.qformCode)) {
    noteVoxelSizes(fields, shape, notes);
    const qform = { ...fields, wide: fields.format === 'nifti2' };
    if (squareOf(qform) > 1 + roundingOf(qform)) {
      notes.push('Its qform quaternion is longer than 1 and was normalised.');
    }
    const affine = qformAffine(qform);
    if (isUsableAffine(affine)) return affine;
    notes.push(`Its qform ${whyUnusable(affine)}, so it was passed over.`);
  } else {
    noteVoxelSizes(fields, shape, notes);
  }
  notes.push(
    'It has neither sform nor qform, so its position is unknown: voxel sizes with x to the left and the origin in the middle are assumed.',
  );
  return unplacedAffine(fields, shape);
}

/** Where readers put a volume that has neither form, as nibabel does: it believes the voxel sizes of stated axes only. */
export function unplacedAffine(fields: Pick<NiftiFields, 'dim' | 'pixdim'>, shape: Vec3): Affine {
  const [sx, sy, sz] = voxelSizes(fields);
  const axes = fields.dim[0];
  return centeredAffine([sx, axes > 1 ? sy : 1, axes > 2 ? sz : 1], shape);
}

/** The rows of the sform, usable or not. */
export function sformAffine(srow: readonly number[]): Affine {
  return Float64Array.of(...srow, 0, 0, 0, 1);
}

function whyUnusable(affine: Affine): string {
  return affine.every(Number.isFinite)
    ? 'cannot place voxels, because its axes have no usable length or are not independent'
    : 'holds values that are not finite';
}

/** Writers of single slices leave the axis across them empty: it is put at right angles. */
function completed(
  affine: Affine,
  shape: Vec3,
  pixdim: readonly number[],
  notes: string[],
): Affine {
  if (!shape.includes(1) || !affine.every(Number.isFinite)) return affine;
  const { affine: whole, axes } = repairAffine(affine);
  if (axes.length !== 1 || shape[axes[0]] !== 1) return affine;
  const [axis] = axes;
  notes.push(
    `Its sform says nothing about the axis ${axisNames(axes)} of its single slice: it was put at right angles to the others.`,
  );
  const size = Math.abs(pixdim[axis + 1]);
  if (!isUsableLength(size)) return whole;
  return whole.map((v, n) => (n % 4 === axis && n < 12 ? v * size : v));
}

function voxelSizes({ pixdim }: Pick<NiftiFields, 'pixdim'>): Vec3 {
  const size = (n: number): number => {
    const v = Math.abs(pixdim[n]);
    return isUsableLength(v) ? v : 1;
  };
  return [size(1), size(2), size(3)];
}

/** Only of axes of more than one voxel: for others the size is often left out, and of no consequence. */
function noteVoxelSizes(fields: NiftiFields, shape: Vec3, notes: string[]): void {
  const long = [0, 1, 2].filter((axis) => shape[axis] > 1);
  const sizes = (axes: readonly number[]): string =>
    `${axes.map((axis) => fields.pixdim[axis + 1]).join(', ')} along ${axisNames(axes)}`;
  const none = long.filter((axis) => !isUsableLength(Math.abs(fields.pixdim[axis + 1])));
  if (none.length > 0) {
    notes.push(`It states voxel sizes that are none (${sizes(none)}); 1 mm was taken.`);
  }
  const negative = long.filter((axis) => isUsableLength(-fields.pixdim[axis + 1]));
  if (negative.length > 0) {
    notes.push(`It states negative voxel sizes (${sizes(negative)}); the sign was passed over.`);
  }
}

function squareOf({ quaternion: [b, c, d] }: Qform): number {
  return b * b + c * c + d * d;
}

/** Squares that are off 1 by less are rounded ones. */
function roundingOf({ wide }: Qform): number {
  return wide ? 3 * 2 ** -52 : 3 * 2 ** -23;
}

/** Voxel → RAS of a qform, usable or not: a quaternion, voxel sizes, and qfac for left-handed axes. */
export function qformAffine(qform: Qform): Affine {
  const square = squareOf(qform);
  const rounding = roundingOf(qform);
  const length = square > 1 + rounding ? Math.sqrt(square) : 1;
  const [b, c, d] = qform.quaternion.map((v) => v / length);
  const a = 1 - square >= rounding ? Math.sqrt(1 - square) : 0;
  const qfac = qform.pixdim[0] === -1 ? -1 : 1;
  return quaternionAffine({ a, b, c, d, qfac }, voxelSizes(qform), qform.qoffset);
}

function centeredAffine([sx, sy, sz]: Vec3, [nx, ny, nz]: Vec3): Affine {
  return scaleAffine(
    [-sx, sy, sz],
    [(sx * (nx - 1)) / 2, (-sy * (ny - 1)) / 2, (-sz * (nz - 1)) / 2],
  );
}

/** SPM's reading of Analyze: x to the left, and the origin field when it is plausible. */
function analyzeAffine(fields: NiftiFields, shape: Vec3, notes: string[]): Affine {
  const [sx, sy, sz] = voxelSizes(fields);
  const { origin } = fields;
  const plausible =
    origin.some((v) => v !== 0) && origin.every((v, n) => v > -shape[n] && v < 2 * shape[n]);
  notes.push(
    `Analyze 7.5 does not say which side is left: x to the left is assumed${plausible ? ', with the origin of its header' : ', and the origin in the middle'}.`,
  );
  if (!plausible) return centeredAffine([sx, sy, sz], shape);
  return scaleAffine(
    [-sx, sy, sz],
    [(origin[0] - 1) * sx, -(origin[1] - 1) * sy, -(origin[2] - 1) * sz],
  );
}
