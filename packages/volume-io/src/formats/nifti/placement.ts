import type { Vec3 } from '@genesis/core';
import type { Affine, VolumeHeader } from '../../api.js';
import { affineSpacing, applyAffine, composeAffines, invertAffine } from '../../geometry/affine.js';
import { isSheared } from '../../geometry/shear.js';
import { isUsableAffine } from '../../geometry/usable-affine.js';
import { norm, subtract } from '../../geometry/vector.js';
import { knownCode, qformAffine, sformAffine, unplacedAffine } from './geometry.js';
import { affineQuaternion, type Quaternion, quaternionAffine } from './quaternion.js';

/** How a volume's place is written into a NIfTI header, beside the rows of its affine as the sform. */
export interface WrittenPlacement {
  quaternion: Quaternion;
  /** mm along i, j, k, as the qform has them. */
  spacing: Vec3;
  /** Where the qform puts the first voxel, RAS mm. */
  offset: Vec3;
  qformCode: number;
  sformCode: number;
}

/** A qform may put no voxel further from its place than this part of the smallest voxel size: what rounding makes. */
const ROUNDING = 0.05;
/** Code of coordinates that are aligned to something. */
const ALIGNED = 2;

/**
 * The forms for `affine`. A qform knows no shear: where the affine is sheared its code is 0, so that no reader takes the
 * nearest rotation for the place. The codes are those of the NIfTI that the volume came from, also through operations
 * that changed the grid; a qform that put the voxels elsewhere than the sform (in the scanner and not in an atlas, say, or
 * because a program moved one of them) goes on doing so, so that readers of either find a label map on its image. Volumes of other formats have code 1, the scanner's coordinates, in both.
 */
export function placementFor(header: VolumeHeader, affine: Affine, shape: Vec3): WrittenPlacement {
  const codes = ownCodes(header);
  let { qformCode, sformCode } = codes ?? { qformCode: 1, sformCode: 1 };
  const placed = (codes && otherSpace(codes, header, affine, shape)) ?? affine;
  const written = nearestForm(placed);
  if (qformCode > 0 && isSheared(placed, shape)) {
    // The sform is then the only one to say where the voxels are.
    sformCode ||= qformCode;
    qformCode = 0;
  }
  // Without any form, readers assume a place: where it is not this one, a form has to say so.
  if (qformCode === 0 && sformCode === 0 && strays(assumedAffine(affine, shape), affine, shape)) {
    sformCode = ALIGNED;
  }
  return { ...written, qformCode, sformCode };
}

type Form = Pick<WrittenPlacement, 'quaternion' | 'spacing' | 'offset'>;

function nearestForm(affine: Affine): Form {
  return {
    quaternion: affineQuaternion(affine),
    spacing: affineSpacing(affine),
    offset: [affine[3], affine[7], affine[11]],
  };
}

function formAffine({ quaternion, spacing, offset }: Form): Affine {
  return quaternionAffine(quaternion, spacing, offset);
}

function assumedAffine(affine: Affine, shape: Vec3): Affine {
  return unplacedAffine({ dim: [3], pixdim: [1, ...affineSpacing(affine)] }, shape);
}

/** Does one of the corners of the grid lie elsewhere than where `right` has it? */
function strays(affine: Affine, right: Affine, shape: Vec3): boolean {
  const most = ROUNDING * Math.min(...affineSpacing(right));
  for (let corner = 0; corner < 8; corner++) {
    const at = shape.map((n, axis) => (corner & (1 << axis) ? n - 1 : 0)) as Vec3;
    if (norm(subtract(applyAffine(affine, at), applyAffine(right, at))) > most) return true;
  }
  return false;
}

interface Codes {
  qformCode: number;
  sformCode: number;
}

/** The codes of the NIfTI that the volume came from; undefined for other formats. */
function ownCodes({ format, fields }: VolumeHeader): Codes | undefined {
  const { qform_code: qform, sform_code: sform } = fields;
  if (format !== 'nifti1' && format !== 'nifti2') return undefined;
  if (typeof qform !== 'number' || typeof sform !== 'number') return undefined;
  return { qformCode: knownCode(qform), sformCode: knownCode(sform) };
}

/**
 * Where the qform of the volume's own file puts the grid of `affine`, when that is elsewhere than where the sform does.
 * A qform that is merely the rotation nearest to a sheared sform, as some programs write it, did not.
 */
function otherSpace(
  { qformCode, sformCode }: Codes,
  header: VolumeHeader,
  affine: Affine,
  shape: Vec3,
): Affine | undefined {
  if (qformCode === 0 || sformCode === 0) return undefined;
  const own = ownForms(header);
  if (!own || !isUsableAffine(own.qform) || !isUsableAffine(own.sform)) return undefined;
  if (!strays(formAffine(nearestForm(own.sform)), own.qform, shape)) return undefined;
  return composeAffines(composeAffines(own.qform, invertAffine(own.sform)), affine);
}

function ownForms({ format, fields }: VolumeHeader): { qform: Affine; sform: Affine } | undefined {
  const pixdim = numbers(fields.pixdim, 8);
  const quaternion = numbers(fields.quatern, 3);
  const qoffset = numbers(fields.qoffset, 3);
  const srow = numbers(fields.srow, 12);
  if (!pixdim || !quaternion || !qoffset || !srow) return undefined;
  const [b, c, d] = quaternion;
  const [x, y, z] = qoffset;
  return {
    qform: qformAffine({
      wide: format === 'nifti2',
      pixdim,
      quaternion: [b, c, d],
      qoffset: [x, y, z],
    }),
    sform: sformAffine(srow),
  };
}

function numbers(value: unknown, count: number): number[] | undefined {
  if (!Array.isArray(value) || value.length !== count) return undefined;
  return value.every((v) => typeof v === 'number') ? value : undefined;
}
