import type { NumberArray, ReadonlyVec3 } from '@genesis/core';
import { openPlaneKernels } from './kernels/open.js';
import { PlaneSlots } from './plane-slots.js';

/** Where the new voxels along one axis lie between old ones. */
export interface AxisSteps {
  /** The old voxel before each new one. */
  first: Int32Array;
  /** Weight of the old voxel behind it; 0 at the last one. */
  part: Float64Array;
}

/** New voxel n at old coordinate step·n + shift, held within the axis. */
export function axisSteps(count: number, length: number, step: number, shift: number): AxisSteps {
  const first = new Int32Array(count);
  const part = new Float64Array(count);
  for (let n = 0; n < count; n++) {
    const c = Math.max(0, Math.min(length - 1, step * n + shift));
    first[n] = Math.floor(c);
    part[n] = c - first[n];
  }
  return { first, part };
}

/**
 * Trilinear interpolation where the axes are parallel. Old planes are stretched along i once each and kept while new
 * planes lie beside them; two of them are mixed to the plane between, and a new row is then a mixture of two of its rows.
 * Voxels of weight 0 are not touched, so that they cannot spread NaN. `voxels` and `target` (whose planes are
 * size[0] × size[1]) are i fastest; only new voxels from `from` (inclusive) to `to` (exclusive) are written.
 */
export function interpolatePlanes(
  voxels: NumberArray,
  shape: ReadonlyVec3,
  [x, y, z]: readonly [AxisSteps, AxisSteps, AxisSteps],
  target: NumberArray,
  size: ReadonlyVec3,
  from: ReadonlyVec3,
  to: ReadonlyVec3,
): void {
  const [wide, high] = shape;
  const count = to[0] - from[0];
  if (count <= 0 || to[1] <= from[1]) return;
  const firsts = x.first.subarray(from[0], to[0]);
  const parts = x.part.subarray(from[0], to[0]);
  // Often only the distance of slices changes.
  const unchanged = count === wide && firsts.every((at, i) => at === i && parts[i] === 0);
  const raw = unchanged ? 0 : wide * high;
  const kernels = openPlaneKernels({ plane: count * high, row: count, raw });
  kernels.firsts.set(firsts);
  kernels.parts.set(parts);
  const slots = new PlaneSlots();
  const stretch = (k: number, into: 0 | 1): void => {
    const plane = voxels.subarray(k * wide * high, (k + 1) * wide * high);
    if (unchanged) {
      kernels.planes[into].set(plane);
    } else {
      kernels.raw.set(plane);
      for (let r = 0; r < high; r++) kernels.stretch(r * wide, into, r * count);
    }
  };
  /** The number of the kernels' plane that holds the old plane k, stretched. */
  const stretched = (k: number, other: number): number =>
    slots.find(`${k}`, `${other}`, (into) => stretch(k, into));
  for (let k = from[2]; k < to[2]; k++) {
    const w = z.part[k];
    const near = z.first[k];
    const far = w > 0 ? near + 1 : near;
    kernels.mix(stretched(near, far), stretched(far, near), w, 0, count * high);
    for (let j = from[1]; j < to[1]; j++) {
      const v = y.part[j];
      const upper = y.first[j] * count;
      kernels.mixRows(upper, v > 0 ? upper + count : upper, v);
      kernels.store(target, from[0] + size[0] * (j + size[1] * k));
    }
  }
}
