import type { Shape3 } from '../../api.js';
import { displacementAt } from './elastic.js';
import { apply, type Geometry, inverse } from './geometry.js';

/** Steps towards the place of the crop that a place of the source goes to; each halves the error or better. */
const STEPS = 30;

/** Moves points of the source, x, y, z by turns, to where they are in the crop. */
export function movePoints(values: Float64Array, geometry: Geometry): void {
  const { shape, matrix, middle, elastic } = geometry;
  const back = inverse(matrix);
  for (let i = 0; i < values.length; i += 3) {
    const moved = apply(
      back,
      [0, 1, 2].map((axis) => values[i + axis] - middle[axis]),
    );
    const plain = moved.map((at, axis) => at + (shape[axis] - 1) / 2) as [number, number, number];
    let at: Shape3 = plain;
    // o + d(o) is known: found by turns, because d changes slowly.
    for (let step = 0; elastic !== null && step < STEPS; step++) {
      const d = displacementAt(elastic, shape, at);
      at = [plain[0] - d[0], plain[1] - d[1], plain[2] - d[2]];
    }
    values.set(at, i);
  }
}
