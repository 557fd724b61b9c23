import { OptionError } from '../errors.js';
import { distanceTransform } from './distance-transform.js';
import { type MetricInput, pairs } from './pairs.js';

/** Unit and percentile of {@link hausdorff95}. */
export interface HausdorffOpts {
  /** Size of a voxel along each axis, in mm; default [1, 1, 1]. */
  spacing?: readonly [number, number, number];
  /** Percentile of the surface distances, default 95; 100 is the Hausdorff distance itself. */
  percentile?: number;
}

/**
 * 95th percentile Hausdorff distance between the surfaces of two masks [x, y, z], in the unit of
 * `spacing`: the larger of the two directions' percentiles, surface voxels being those with a
 * background neighbour among six (as MONAI). NaN when both masks are empty, Infinity when one is.
 * @throws OptionError when the arrays are not of the same 3-D shape.
 */
export function hausdorff95(
  target: MetricInput,
  prediction: MetricInput,
  opts: HausdorffOpts = {},
): number {
  const { spacing = [1, 1, 1], percentile = 95 } = opts;
  const [t, p] = pairs(target, prediction);
  if (target.shape.length !== 3) {
    throw new OptionError('target', `Hausdorff distance needs 3-D masks, not [${target.shape}].`);
  }
  const shape = target.shape as [number, number, number];
  const box = boundingBox(t, p, shape);
  if (!box) return Number.NaN;
  const a = surface(t, shape, box);
  const b = surface(p, shape, box);
  if (!a.includes(1) || !b.includes(1)) return Number.POSITIVE_INFINITY;
  const size = box.size;
  return Math.max(
    quantile(distancesAt(a, distanceTransform(b, size, spacing)), percentile / 100),
    quantile(distancesAt(b, distanceTransform(a, size, spacing)), percentile / 100),
  );
}

interface Box {
  start: [number, number, number];
  size: [number, number, number];
}

/** The smallest box that holds the foreground of both, or null. */
function boundingBox(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  shape: [number, number, number],
): Box | null {
  const low = [...shape];
  const high = [-1, -1, -1];
  let i = 0;
  for (let x = 0; x < shape[0]; x++) {
    for (let y = 0; y < shape[1]; y++) {
      for (let z = 0; z < shape[2]; z++, i++) {
        if (a[i] <= 0.5 && b[i] <= 0.5) continue;
        const at = [x, y, z];
        for (let axis = 0; axis < 3; axis++) {
          low[axis] = Math.min(low[axis], at[axis]);
          high[axis] = Math.max(high[axis], at[axis]);
        }
      }
    }
  }
  if (high[0] < 0) return null;
  return {
    start: low as Box['start'],
    size: high.map((h, axis) => h - low[axis] + 1) as Box['size'],
  };
}

/** 1 at foreground voxels with a background neighbour among six, outside counting as background. */
function surface(mask: ArrayLike<number>, shape: [number, number, number], box: Box): Uint8Array {
  const [, ny, nz] = shape;
  const inside = (x: number, y: number, z: number): boolean =>
    x >= 0 &&
    y >= 0 &&
    z >= 0 &&
    x < shape[0] &&
    y < ny &&
    z < nz &&
    mask[(x * ny + y) * nz + z] > 0.5;
  const [sx, sy, sz] = box.start;
  const out = new Uint8Array(box.size[0] * box.size[1] * box.size[2]);
  let i = 0;
  for (let x = sx; x < sx + box.size[0]; x++) {
    for (let y = sy; y < sy + box.size[1]; y++) {
      for (let z = sz; z < sz + box.size[2]; z++, i++) {
        if (!inside(x, y, z)) continue;
        const enclosed =
          inside(x - 1, y, z) &&
          inside(x + 1, y, z) &&
          inside(x, y - 1, z) &&
          inside(x, y + 1, z) &&
          inside(x, y, z - 1) &&
          inside(x, y, z + 1);
        if (!enclosed) out[i] = 1;
      }
    }
  }
  return out;
}

function distancesAt(mask: Uint8Array, squared: Float64Array): Float64Array {
  const found: number[] = [];
  for (let i = 0; i < mask.length; i++) if (mask[i]) found.push(Math.sqrt(squared[i]));
  return Float64Array.from(found).sort();
}

/** Quantile q of sorted values with linear interpolation. */
function quantile(sorted: Float64Array, q: number): number {
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}
