import type { Vec3 } from '@genesis/core';
import type { Affine } from '../../api.js';
import { composeAffines, scaleAffine } from '../../geometry/affine.js';
import type { NiftiFields } from './fields.js';

/** Codes of qform and sform that the standard defines; nibabel treats others as 0. */
const KNOWN_CODES = new Set([1, 2, 3, 4, 5]);

/**
 * Voxel → RAS as nibabel chooses it: the sform when its code is set, else the qform, else voxel sizes with x flipped
 * and the origin in the middle. Says in `notes` when something had to be passed over.
 */
export function niftiAffine(fields: NiftiFields, shape: Vec3, notes: string[]): Affine {
  if (fields.format === 'analyze') return analyzeAffine(fields, shape, notes);
  if (KNOWN_CODES.has(fields.sformCode)) {
    const affine = Float64Array.of(...fields.srow, 0, 0, 0, 1);
    if (affine.every(Number.isFinite)) return affine;
    notes.push('Its sform holds values that are not finite, so it was passed over.');
  }
  if (KNOWN_CODES.has(fields.qformCode)) {
    const affine = qformAffine(fields, notes);
    if (affine.every(Number.isFinite)) return affine;
    notes.push('Its qform holds values that are not finite, so it was passed over.');
  }
  notes.push(
    'It has neither sform nor qform, so its position is unknown: voxel sizes with x to the left and the origin in the middle are assumed.',
  );
  // nibabel believes the voxel sizes of stated axes only.
  const [sx, sy, sz] = voxelSizes(fields);
  const axes = fields.dim[0];
  return centeredAffine([sx, axes > 1 ? sy : 1, axes > 2 ? sz : 1], shape);
}

function voxelSizes(fields: NiftiFields): Vec3 {
  const size = (n: number): number => {
    const v = Math.abs(fields.pixdim[n]);
    return v > 0 && Number.isFinite(v) ? v : 1;
  };
  return [size(1), size(2), size(3)];
}

/** The quaternion's rotation (Horn 1987), voxel sizes, and qfac for left-handed axes. */
function qformAffine(fields: NiftiFields, notes: string[]): Affine {
  let [b, c, d] = fields.quaternion;
  const square = b * b + c * c + d * d;
  const threshold = fields.format === 'nifti2' ? 3 * 2 ** -52 : 3 * 2 ** -23;
  let a = 0;
  if (square > 1 + threshold) {
    notes.push('Its qform quaternion is longer than 1 and was normalised.');
    const length = Math.sqrt(square);
    b /= length;
    c /= length;
    d /= length;
  } else if (1 - square >= threshold) {
    a = Math.sqrt(1 - square);
  }
  const [sx, sy, sz] = voxelSizes(fields);
  const qfac = fields.pixdim[0] === -1 ? -1 : 1;
  const n = a * a + b * b + c * c + d * d;
  const s = 2 / n;
  const rotation = Float64Array.of(
    1 - s * (c * c + d * d), s * (b * c - a * d), s * (b * d + a * c), fields.qoffset[0],
    s * (b * c + a * d), 1 - s * (b * b + d * d), s * (c * d - a * b), fields.qoffset[1],
    s * (b * d - a * c), s * (c * d + a * b), 1 - s * (b * b + c * c), fields.qoffset[2],
    0, 0, 0, 1,
  ); // biome-ignore format: rows of the matrix
  return composeAffines(rotation, scaleAffine([sx, sy, sz * qfac]));
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
