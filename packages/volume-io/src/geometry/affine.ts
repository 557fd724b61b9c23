import type { ReadonlyVec3, Vec3 } from '@genesis/core';
import type { Affine } from '../api.js';
import { VolumeIoError } from '../errors.js';

/** A new 4×4 identity. */
export function identityAffine(): Affine {
  return Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
}

/** Axis-aligned affine from voxel sizes (mm, may be negative) and the position (mm, RAS+) of voxel (0, 0, 0). */
export function scaleAffine(spacing: ReadonlyVec3, origin: ReadonlyVec3 = [0, 0, 0]): Affine {
  const [x, y, z] = spacing;
  const [ox, oy, oz] = origin;
  return Float64Array.of(x, 0, 0, ox, 0, y, 0, oy, 0, 0, z, oz, 0, 0, 0, 1);
}

/** Matrix product a·b: applies b first, then a. */
export function composeAffines(a: Affine, b: Affine): Affine {
  const out = new Float64Array(16);
  for (let row = 0; row < 4; row++) {
    for (let col = 0; col < 4; col++) {
      let sum = 0;
      for (let n = 0; n < 4; n++) sum += a[row * 4 + n] * b[n * 4 + col];
      out[row * 4 + col] = sum;
    }
  }
  return out;
}

/** Determinant of the upper-left 3×3 part. */
export function affineDeterminant(a: Affine): number {
  return (
    a[0] * (a[5] * a[10] - a[6] * a[9]) -
    a[1] * (a[4] * a[10] - a[6] * a[8]) +
    a[2] * (a[4] * a[9] - a[5] * a[8])
  );
}

/** Inverse: RAS mm → voxel. Throws VolumeIoError 'geometry' when the affine is singular or not finite. */
export function invertAffine(a: Affine): Affine {
  const det = affineDeterminant(a);
  const [sx, sy, sz] = affineSpacing(a);
  // Compared with the product of the column lengths, so that tiny voxels are not taken for a singular matrix.
  if (!Number.isFinite(det) || !(Math.abs(det) > 1e-12 * sx * sy * sz)) {
    throw new VolumeIoError(
      'geometry',
      'the affine cannot be inverted, because its axes are not independent',
    );
  }
  const out = new Float64Array(16);
  const m = (r: number, c: number): number => a[r * 4 + c];
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 3; c++) {
      const r1 = (c + 1) % 3;
      const r2 = (c + 2) % 3;
      const c1 = (r + 1) % 3;
      const c2 = (r + 2) % 3;
      out[r * 4 + c] = (m(r1, c1) * m(r2, c2) - m(r1, c2) * m(r2, c1)) / det;
    }
  }
  for (let r = 0; r < 3; r++) {
    out[r * 4 + 3] = -(out[r * 4] * a[3] + out[r * 4 + 1] * a[7] + out[r * 4 + 2] * a[11]);
  }
  out[15] = 1;
  return out;
}

/** The point (i, j, k) in RAS mm. */
export function applyAffine(a: Affine, point: ReadonlyVec3): Vec3 {
  const [i, j, k] = point;
  return [
    a[0] * i + a[1] * j + a[2] * k + a[3],
    a[4] * i + a[5] * j + a[6] * k + a[7],
    a[8] * i + a[9] * j + a[10] * k + a[11],
  ];
}

/** The affine of a grid that starts at voxel `start` of the old one and steps `step` old voxels (1 unless given). */
export function shiftAffine(
  a: Affine,
  start: ReadonlyVec3,
  step: ReadonlyVec3 = [1, 1, 1],
): Affine {
  return composeAffines(a, scaleAffine(step, start));
}

/** LPS+ (ITK, DICOM) → RAS+ or back: negates x and y of the world. */
export function flipLpsRas(a: Affine): Affine {
  return a.map((v, n) => (n < 8 ? -v || 0 : v));
}

/** Voxel sizes in mm: the lengths of the affine's columns. */
export function affineSpacing(a: Affine): Vec3 {
  return [
    Math.hypot(a[0], a[4], a[8]),
    Math.hypot(a[1], a[5], a[9]),
    Math.hypot(a[2], a[6], a[10]),
  ];
}

const DIRECTIONS = [
  ['L', 'R'],
  ['P', 'A'],
  ['I', 'S'],
] as const;

/** How the voxel axes i, j, k lie in the world. */
export interface AffineAxes {
  /** The world axis (0 x, 1 y, 2 z) that each follows best; each world axis is used once. */
  axis: Vec3;
  /** 1 where it runs with that axis, −1 where against it. */
  sign: Vec3;
}

/** The world axes that the voxel axes follow. `spacing`: that of the affine, where it is known already. */
export function affineAxes(a: Affine, spacing: ReadonlyVec3 = affineSpacing(a)): AffineAxes {
  const cosine = (row: number, col: number): number =>
    spacing[col] > 0 ? a[row * 4 + col] / spacing[col] : 0;
  let best: readonly number[] = [0, 1, 2];
  let bestScore = -1;
  for (const p of PERMUTATIONS) {
    const score = Math.abs(cosine(p[0], 0)) + Math.abs(cosine(p[1], 1)) + Math.abs(cosine(p[2], 2));
    if (score > bestScore + 1e-9) {
      best = p;
      bestScore = score;
    }
  }
  const sign = (col: number): number => (cosine(best[col], col) < 0 ? -1 : 1);
  return { axis: [best[0], best[1], best[2]], sign: [sign(0), sign(1), sign(2)] };
}

const PERMUTATIONS: readonly (readonly number[])[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/** Three letters saying where i, j and k point to: 'RAS' is an identity affine, 'LPS' the usual CT. */
export function affineOrientation(a: Affine, spacing?: ReadonlyVec3): string {
  const { axis, sign } = affineAxes(a, spacing);
  return [0, 1, 2].map((col) => DIRECTIONS[axis[col]][sign[col] < 0 ? 0 : 1]).join('');
}
