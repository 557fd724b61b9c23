import type { Vec3 } from '@genesis/core';
import { boxOf, type PhantomGrid } from './grid.js';
import { extendMask, type Mask } from './mask.js';

export interface TubePoint {
  at: Vec3;
  /** mm */
  radius: number;
}

/** Stretch of the cross-section along x, y, z: [1, 1, 2] is twice as tall as wide. */
const ROUND: Vec3 = [1, 1, 1];

/** Draws a chain of round-ended cones. Also thin ones: a vessel much narrower than a voxel fills a small part of it. */
export function maskTube(
  grid: PhantomGrid,
  mask: Mask,
  points: readonly TubePoint[],
  stretch: Vec3 = ROUND,
): void {
  for (let n = 1; n < points.length; n++) {
    maskCone(grid, mask, points[n - 1], points[n], stretch);
  }
}

/** One cone with round ends; a ball when both ends are the same. */
export function maskCone(
  grid: PhantomGrid,
  mask: Mask,
  a: TubePoint,
  b: TubePoint,
  stretch: Vec3 = ROUND,
): void {
  const { origin, spacing, shape } = grid;
  const reach = Math.max(a.radius, b.radius);
  const lower: Vec3 = [0, 0, 0];
  const upper: Vec3 = [0, 0, 0];
  for (let d = 0; d < 3; d++) {
    lower[d] = Math.min(a.at[d], b.at[d]) - reach * stretch[d];
    upper[d] = Math.max(a.at[d], b.at[d]) + reach * stretch[d];
  }
  const { lo, hi } = boxOf(grid, [lower, upper]);
  if (hi[0] <= lo[0] || hi[1] <= lo[1] || hi[2] <= lo[2]) return;
  extendMask(mask, { lo, hi });
  // All in stretched coordinates, where the cross-section is round.
  const sx = spacing[0] / stretch[0];
  const sy = spacing[1] / stretch[1];
  const sz = spacing[2] / stretch[2];
  const ex = (b.at[0] - a.at[0]) / stretch[0];
  const ey = (b.at[1] - a.at[1]) / stretch[1];
  const ez = (b.at[2] - a.at[2]) / stretch[2];
  const inverse = 1 / (ex * ex + ey * ey + ez * ez || 1);
  for (let k = lo[2]; k < hi[2]; k++) {
    const pz = (origin[2] + k * spacing[2] - a.at[2]) / stretch[2];
    for (let j = lo[1]; j < hi[1]; j++) {
      const py = (origin[1] + j * spacing[1] - a.at[1]) / stretch[1];
      const row = shape[0] * (j + shape[1] * k);
      for (let i = lo[0]; i < hi[0]; i++) {
        const px = (origin[0] + i * spacing[0] - a.at[0]) / stretch[0];
        let t = (px * ex + py * ey + pz * ez) * inverse;
        t = Math.max(0, Math.min(1, t));
        const dx = px - t * ex;
        const dy = py - t * ey;
        const dz = pz - t * ez;
        const distance = Math.sqrt(dx * dx + dy * dy + dz * dz);
        const radius = a.radius + t * (b.radius - a.radius);
        // Width of the voxel as seen along the direction to the axis.
        const width =
          distance > 0
            ? (Math.abs(dx) * sx + Math.abs(dy) * sy + Math.abs(dz) * sz) / distance
            : (sx + sy + sz) / 3;
        const inner = Math.max(distance - 0.5 * width, -radius);
        const outer = Math.min(distance + 0.5 * width, radius);
        if (outer <= inner) continue;
        const across = radius < 0.5 * width ? (2 * radius) / width : 1;
        const c = ((outer - inner) / width) * across;
        if (c > mask.coverage[row + i]) mask.coverage[row + i] = Math.min(c, 1);
      }
    }
  }
}
