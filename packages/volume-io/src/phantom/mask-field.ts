import { type Bounds, boxOf, type PhantomGrid } from './grid.js';
import { extendMask, type Mask } from './mask.js';

/** Negative inside, positive outside, about in mm near the surface. */
export type Field = (x: number, y: number, z: number) => number;

/**
 * Draws the inside of an implicit surface. A voxel's coverage follows from the field's change over the voxel, taken
 * from its neighbours, so that thick slices and oblique surfaces get their own partial volume.
 */
export function maskField(grid: PhantomGrid, mask: Mask, bounds: Bounds, field: Field): void {
  const { lo, hi } = boxOf(grid, bounds);
  if (hi[0] <= lo[0] || hi[1] <= lo[1] || hi[2] <= lo[2]) return;
  extendMask(mask, { lo, hi });
  const { origin, spacing, shape } = grid;
  const nx = hi[0] - lo[0] + 2;
  const ny = hi[1] - lo[1] + 2;
  const plane = (k: number, out: Float64Array): void => {
    const z = origin[2] + k * spacing[2];
    for (let j = 0, n = 0; j < ny; j++) {
      const y = origin[1] + (lo[1] + j - 1) * spacing[1];
      for (let i = 0; i < nx; i++, n++) {
        out[n] = field(origin[0] + (lo[0] + i - 1) * spacing[0], y, z);
      }
    }
  };
  let below = new Float64Array(nx * ny);
  let here = new Float64Array(nx * ny);
  let above = new Float64Array(nx * ny);
  plane(lo[2] - 1, here);
  plane(lo[2], above);
  for (let k = lo[2]; k < hi[2]; k++) {
    [below, here, above] = [here, above, below];
    plane(k + 1, above);
    for (let j = lo[1]; j < hi[1]; j++) {
      const row = shape[0] * (j + shape[1] * k);
      for (let i = lo[0], n = (j - lo[1] + 1) * nx + 1; i < hi[0]; i++, n++) {
        const f = here[n];
        const change =
          0.5 *
          (Math.abs(here[n + 1] - here[n - 1]) +
            Math.abs(here[n + nx] - here[n - nx]) +
            Math.abs(above[n] - below[n]));
        const c = f <= -change ? 1 : f >= change ? 0 : 0.5 - f / (change || 1);
        if (c > mask.coverage[row + i]) mask.coverage[row + i] = Math.min(c, 1);
      }
    }
  }
}
