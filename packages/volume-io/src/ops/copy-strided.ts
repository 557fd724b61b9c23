import type { TypedArray, Vec3 } from '@genesis/core';

/** Where the voxels of a box lie in an array. */
export interface Layout {
  offset: number;
  stride: Vec3;
}

const TILE = 16;

/**
 * Copies a box of `shape` voxels from one layout to another, converting the type as typed arrays do.
 * Where source and target run along different axes, it goes by tiles that stay in the cache.
 */
export function copyStrided<T extends TypedArray>(
  source: T,
  from: Layout,
  target: T,
  to: Layout,
  shape: Vec3,
): void {
  const inner = fastestAxis(to.stride, shape);
  const other = fastestAxis(from.stride, shape);
  if (inner !== other) {
    copyTiles(source, from, target, to, shape, inner, other);
    return;
  }
  const [slow, middle] = axesBySize(to.stride, inner);
  const n = shape[inner];
  const fromStep = from.stride[inner];
  const toStep = to.stride[inner];
  const whole = fromStep === 1 && toStep === 1 && n > 16;
  for (let c = 0; c < shape[slow]; c++) {
    for (let b = 0; b < shape[middle]; b++) {
      let read = from.offset + c * from.stride[slow] + b * from.stride[middle];
      let write = to.offset + c * to.stride[slow] + b * to.stride[middle];
      if (whole) {
        (target as Float32Array).set((source as Float32Array).subarray(read, read + n), write);
        continue;
      }
      for (let a = 0; a < n; a++, read += fromStep, write += toStep) {
        target[write] = source[read];
      }
    }
  }
}

function copyTiles(
  source: TypedArray,
  from: Layout,
  target: TypedArray,
  to: Layout,
  shape: Vec3,
  inner: number,
  other: number,
): void {
  const outer = 3 - inner - other;
  const fromInner = from.stride[inner];
  const toInner = to.stride[inner];
  const fromOther = from.stride[other];
  const toOther = to.stride[other];
  for (let c = 0; c < shape[outer]; c++) {
    const readPlane = from.offset + c * from.stride[outer];
    const writePlane = to.offset + c * to.stride[outer];
    for (let b0 = 0; b0 < shape[other]; b0 += TILE) {
      const b1 = Math.min(b0 + TILE, shape[other]);
      for (let a = 0; a < shape[inner]; a++) {
        let read = readPlane + a * fromInner + b0 * fromOther;
        let write = writePlane + a * toInner + b0 * toOther;
        for (let b = b0; b < b1; b++, read += fromOther, write += toOther) {
          target[write] = source[read];
        }
      }
    }
  }
}

/** The axis with the shortest step; axes of one voxel do not count. */
function fastestAxis(stride: Vec3, shape: Vec3): number {
  let best = -1;
  for (let d = 0; d < 3; d++) {
    if (shape[d] < 2) continue;
    if (best < 0 || Math.abs(stride[d]) < Math.abs(stride[best])) best = d;
  }
  return Math.max(best, 0);
}

/** The two other axes, longest step first. */
function axesBySize(stride: Vec3, inner: number): [number, number] {
  const [a, b] = [0, 1, 2].filter((d) => d !== inner);
  return Math.abs(stride[a]) >= Math.abs(stride[b]) ? [a, b] : [b, a];
}
