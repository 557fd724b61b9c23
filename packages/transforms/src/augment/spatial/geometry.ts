import type { Shape3 } from '../../api.js';
import type { Elastic } from './elastic.js';

/** A 3 × 3 matrix, row by row. */
export type Matrix3 = readonly [
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

/**
 * Where the voxels of a crop come from: voxel `o` of the crop lies at `matrix · (o − (shape − 1)/2 + d(o)) + middle` of the
 * source, d the elastic displacement. Voxel centers are at whole numbers.
 */
export interface Geometry {
  /** Of the crop. */
  readonly shape: Shape3;
  readonly matrix: Matrix3;
  /** Where the crop's middle lies in the source. */
  readonly middle: Shape3;
  readonly elastic: Elastic | null;
}

/** The product a · b. */
export function multiply(a: Matrix3, b: Matrix3): Matrix3 {
  const at = (i: number): number => {
    const row = 3 * Math.floor(i / 3);
    return a[row] * b[i % 3] + a[row + 1] * b[3 + (i % 3)] + a[row + 2] * b[6 + (i % 3)];
  };
  return [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8)];
}

/** The matrix applied to a vector. */
export const apply = (m: Matrix3, [x, y, z]: readonly number[]): [number, number, number] => [
  m[0] * x + m[1] * y + m[2] * z,
  m[3] * x + m[4] * y + m[5] * z,
  m[6] * x + m[7] * y + m[8] * z,
];

/** The inverse; the matrix must have one. */
export function inverse(m: Matrix3): Matrix3 {
  const [a, b, c, d, e, f, g, h, i] = m;
  const [p, q, r] = [e * i - f * h, f * g - d * i, d * h - e * g];
  const s = 1 / (a * p + b * q + c * r);
  return [
    p * s,
    (c * h - b * i) * s,
    (b * f - c * e) * s,
    q * s,
    (a * i - c * g) * s,
    (c * d - a * f) * s,
    r * s,
    (b * g - a * h) * s,
    (a * e - b * d) * s,
  ];
}

/** Turns about x, then y, then z, by angles in radians: Rz · Ry · Rx. */
export function rotationMatrix([x, y, z]: readonly number[]): Matrix3 {
  const about = (angle: number, make: (c: number, s: number) => Matrix3): Matrix3 =>
    make(Math.cos(angle), Math.sin(angle));
  const rx = about(x, (c, s) => [1, 0, 0, 0, c, -s, 0, s, c]);
  const ry = about(y, (c, s) => [c, 0, s, 0, 1, 0, -s, 0, c]);
  const rz = about(z, (c, s) => [c, -s, 0, s, c, 0, 0, 0, 1]);
  return multiply(multiply(rz, ry), rx);
}
