import type { Vec3, VoxelArray } from '../api.js';

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
    part[n] = c - first[n]!;
  }
  return { first, part };
}

/**
 * Trilinear interpolation where the axes are parallel. Old planes are stretched along i once each and kept while new
 * planes lie beside them; a new row is then a mixture of four of their rows. Voxels of weight 0 are not touched, so
 * that they cannot spread NaN. `voxels` and `target` (whose planes are size[0] × size[1]) are i fastest; only new voxels
 * from `from` (inclusive) to `to` (exclusive) are written.
 */
export function interpolatePlanes(
  voxels: VoxelArray,
  shape: Vec3,
  [x, y, z]: readonly [AxisSteps, AxisSteps, AxisSteps],
  target: VoxelArray,
  size: Vec3,
  from: Vec3,
  to: Vec3,
): void {
  const [wide, high] = shape;
  const count = to[0] - from[0];
  if (count <= 0 || to[1] <= from[1]) return;
  const firsts = x.first.subarray(from[0], to[0]);
  const parts = x.part.subarray(from[0], to[0]);
  // Often only the distance of slices changes.
  const unchanged = count === wide && firsts.every((at, i) => at === i && parts[i] === 0);
  const scratch = new Float64Array(unchanged ? 0 : wide * high);
  const slots = [0, 1].map(() => ({ k: -1, rows: new Float64Array(count * high) }));
  const stretched = (k: number, other: number): Float64Array => {
    const found = slots.find((s) => s.k === k);
    if (found) return found.rows;
    const slot = slots[0]!.k === other ? slots[1]! : slots[0]!;
    slot.k = k;
    const plane = voxels.subarray(k * wide * high, (k + 1) * wide * high);
    if (unchanged) {
      slot.rows.set(plane);
    } else {
      scratch.set(plane);
      stretchRows(scratch, wide, high, firsts, parts, slot.rows);
    }
    return slot.rows;
  };
  const row = new Float64Array(count);
  for (let k = from[2]; k < to[2]; k++) {
    const w = z.part[k]!;
    const near = z.first[k]!;
    const far = w > 0 ? near + 1 : near;
    const front = stretched(near, far);
    const back = stretched(far, near);
    for (let j = from[1]; j < to[1]; j++) {
      const v = y.part[j]!;
      const upper = y.first[j]! * count;
      const lower = v > 0 ? upper + count : upper;
      const at = from[0] + size[0] * (j + size[1] * k);
      if (target instanceof Float32Array || target instanceof Float64Array) {
        mixRows(front, back, upper, lower, v, w, target, at, count);
      } else {
        mixRows(front, back, upper, lower, v, w, row, 0, count);
        for (let i = 0; i < count; i++) target[at + i] = Math.floor(row[i]! + 0.5);
      }
    }
  }
}

/** Interpolates each row at the same places; four rows at a time share what is looked up. */
function stretchRows(
  source: Float64Array,
  wide: number,
  rows: number,
  firsts: Int32Array,
  parts: Float64Array,
  target: Float64Array,
): void {
  const count = firsts.length;
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    const [r0, r1, r2, r3] = [r * wide, (r + 1) * wide, (r + 2) * wide, (r + 3) * wide];
    const [w0, w1, w2, w3] = [r * count, (r + 1) * count, (r + 2) * count, (r + 3) * count];
    for (let i = 0; i < count; i++) {
      const at = firsts[i]!;
      const part = parts[i]!;
      const a = source[r0 + at]!;
      const b = source[r1 + at]!;
      const c = source[r2 + at]!;
      const d = source[r3 + at]!;
      if (part === 0) {
        target[w0 + i] = a;
        target[w1 + i] = b;
        target[w2 + i] = c;
        target[w3 + i] = d;
      } else {
        target[w0 + i] = a + part * (source[r0 + at + 1]! - a);
        target[w1 + i] = b + part * (source[r1 + at + 1]! - b);
        target[w2 + i] = c + part * (source[r2 + at + 1]! - c);
        target[w3 + i] = d + part * (source[r3 + at + 1]! - d);
      }
    }
  }
  for (; r < rows; r++) {
    for (let i = 0; i < count; i++) {
      const at = r * wide + firsts[i]!;
      const part = parts[i]!;
      const a = source[at]!;
      target[r * count + i] = part === 0 ? a : a + part * (source[at + 1]! - a);
    }
  }
}

function mixRows(
  front: Float64Array,
  back: Float64Array,
  upper: number,
  lower: number,
  v: number,
  w: number,
  out: Float32Array | Float64Array,
  to: number,
  n: number,
): void {
  if (v === 0 && w === 0) {
    for (let i = 0; i < n; i++) out[to + i] = front[upper + i]!;
  } else if (v === 0 || w === 0) {
    const [other, at] = v === 0 ? [back, upper] : [front, lower];
    const part = v + w;
    for (let i = 0; i < n; i++) {
      const a = front[upper + i]!;
      out[to + i] = a + part * (other[at + i]! - a);
    }
  } else {
    for (let i = 0; i < n; i++) {
      const a = front[upper + i]!;
      const b = back[upper + i]!;
      const near = a + v * (front[lower + i]! - a);
      out[to + i] = near + w * (b + v * (back[lower + i]! - b) - near);
    }
  }
}
