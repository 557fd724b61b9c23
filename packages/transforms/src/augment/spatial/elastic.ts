import type { Shape3 } from '../../api.js';
import { TransformsError } from '../../errors.js';

/** A displacement field as a cubic B-spline over the crop. */
export interface Elastic {
  /** Number of control points along each axis, 4 or more: one voxel-cell less than the crop's beyond either end. */
  controlPoints: Shape3;
  /** Displacement at each control point in voxels of the crop: x, y, z of each, points in C order. */
  displacements: readonly number[];
}

/** The four weights of a cubic B-spline at part t of a cell. */
export function cubicWeights(t: number): [number, number, number, number] {
  const u = 1 - t;
  const middle = (v: number): number => (4 - 6 * v * v + 3 * v * v * v) / 6;
  return [(u * u * u) / 6, middle(t), middle(u), (t * t * t) / 6];
}

/** So far beyond the outermost voxels' centers the field reaches, in voxels: as far as SimpleITK's BSplineTransformInitializer has it. */
const BEYOND = 0.625;

/** The first of the four control points that act on a place of the crop, and the weights of the four. */
export function cellOf(
  at: number,
  side: number,
  controlPoints: number,
): { cell: number; weights: [number, number, number, number] } {
  const u = ((at + BEYOND) / (side - 1 + 2 * BEYOND)) * (controlPoints - 3);
  const cell = Math.min(Math.max(Math.floor(u), 0), controlPoints - 4);
  return { cell, weights: cubicWeights(u - cell) };
}

/** The displacement at any place of the crop, x, y, z. */
export function displacementAt(
  { controlPoints, displacements }: Elastic,
  shape: Shape3,
  at: readonly number[],
): [number, number, number] {
  const clamped = at.map((p, axis) => Math.min(Math.max(p, -BEYOND), shape[axis] - 1 + BEYOND));
  const along = clamped.map((p, axis) => cellOf(p, shape[axis], controlPoints[axis]));
  const sum: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < 4; i++)
    for (let j = 0; j < 4; j++)
      for (let k = 0; k < 4; k++) {
        const w = along[0].weights[i] * along[1].weights[j] * along[2].weights[k];
        const row = (along[0].cell + i) * controlPoints[1] + along[1].cell + j;
        const point = 3 * (row * controlPoints[2] + along[2].cell + k);
        for (let a = 0; a < 3; a++) sum[a] += w * displacements[point + a];
      }
  return sum;
}

/** Throws unless there are as many displacements as control points. */
export function checkElastic({ controlPoints, displacements }: Elastic): void {
  const wanted = 3 * controlPoints[0] * controlPoints[1] * controlPoints[2];
  if (
    controlPoints.some((n) => !(Number.isInteger(n) && n >= 4)) ||
    displacements.length !== wanted
  ) {
    throw new TransformsError(
      'factors',
      `spatial: ${displacements.length} displacements for ${controlPoints.join('×')} control points; 4 points or more along each axis, three numbers each.`,
      { controlPoints },
    );
  }
}
