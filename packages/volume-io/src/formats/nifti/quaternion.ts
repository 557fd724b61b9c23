import type { Vec3 } from '@genesis/core';
import type { Affine } from '../../api.js';
import { composeAffines, scaleAffine } from '../../geometry/affine.js';

/** A rotation and the handedness of its axes, as a qform keeps them. */
export interface Quaternion {
  a: number;
  b: number;
  c: number;
  d: number;
  qfac: 1 | -1;
}

/** Voxel → RAS of a quaternion (Horn 1987), voxel sizes in mm and the place of the first voxel. */
export function quaternionAffine(
  { a, b, c, d, qfac }: Quaternion,
  [sx, sy, sz]: Vec3,
  offset: readonly [number, number, number],
): Affine {
  const n = a * a + b * b + c * c + d * d;
  const s = 2 / n;
  const rotation = Float64Array.of(
    1 - s * (c * c + d * d), s * (b * c - a * d), s * (b * d + a * c), offset[0],
    s * (b * c + a * d), 1 - s * (b * b + d * d), s * (c * d - a * b), offset[1],
    s * (b * d - a * c), s * (c * d + a * b), 1 - s * (b * b + c * c), offset[2],
    0, 0, 0, 1,
  ); // biome-ignore format: rows of the matrix
  return composeAffines(rotation, scaleAffine([sx, sy, sz * qfac]));
}

/**
 * The qform of an affine: quaternion (a not negative) and qfac. Shears cannot be expressed: the nearest rotation is taken
 * (polar decomposition, Higham 1986), as nibabel does.
 */
export function affineQuaternion(affine: Affine): Quaternion {
  let m = normalizedColumns(affine);
  const qfac = determinant(m) < 0 ? -1 : 1;
  if (qfac < 0) m = m.map((v, n) => (n % 3 === 2 ? -v : v));
  m = nearestRotation(m);
  const [m00, m01, m02, m10, m11, m12, m20, m21, m22] = m as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const trace = m00 + m11 + m22;
  // The largest of the four components is computed first, so that no small number is divided by.
  let q: [number, number, number, number];
  if (trace > 0) {
    const a = Math.sqrt(1 + trace) / 2;
    q = [a, (m21 - m12) / (4 * a), (m02 - m20) / (4 * a), (m10 - m01) / (4 * a)];
  } else if (m00 >= m11 && m00 >= m22) {
    const b = Math.sqrt(1 + m00 - m11 - m22) / 2;
    q = [(m21 - m12) / (4 * b), b, (m01 + m10) / (4 * b), (m02 + m20) / (4 * b)];
  } else if (m11 >= m22) {
    const c = Math.sqrt(1 + m11 - m00 - m22) / 2;
    q = [(m02 - m20) / (4 * c), (m01 + m10) / (4 * c), c, (m12 + m21) / (4 * c)];
  } else {
    const d = Math.sqrt(1 + m22 - m00 - m11) / 2;
    q = [(m10 - m01) / (4 * d), (m02 + m20) / (4 * d), (m12 + m21) / (4 * d), d];
  }
  const sign = q[0] < 0 ? -1 : 1;
  return { a: sign * q[0], b: sign * q[1], c: sign * q[2], d: sign * q[3], qfac };
}

function normalizedColumns(a: Affine): number[] {
  const lengths = [0, 1, 2].map((c) => Math.hypot(a[c], a[4 + c], a[8 + c]) || 1);
  return [0, 1, 2].flatMap((r) => [0, 1, 2].map((c) => a[4 * r + c] / lengths[c]));
}

function determinant(m: readonly number[]): number {
  return (
    m[0] * (m[4] * m[8] - m[5] * m[7]) -
    m[1] * (m[3] * m[8] - m[5] * m[6]) +
    m[2] * (m[3] * m[7] - m[4] * m[6])
  );
}

/** Newton's iteration X ← (X + X⁻ᵀ)/2. A singular matrix has no rotation: the identity is given. */
function nearestRotation(start: readonly number[]): number[] {
  let m = [...start];
  for (let step = 0; step < 50; step++) {
    const det = determinant(m);
    if (!(Math.abs(det) > 1e-12)) return [1, 0, 0, 0, 1, 0, 0, 0, 1];
    const cofactor = (r: number, c: number): number => {
      const [r1, r2, c1, c2] = [(r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3];
      return m[3 * r1 + c1] * m[3 * r2 + c2] - m[3 * r1 + c2] * m[3 * r2 + c1];
    };
    const next = m.map((v, n) => (v + cofactor(Math.floor(n / 3), n % 3) / det) / 2);
    const change = Math.max(...next.map((v, n) => Math.abs(v - m[n])));
    m = next;
    if (change < 1e-15) break;
  }
  return m;
}
