import type { Layout, TypedArray } from './types.js';

/** One axis of a walk over two arrays. */
interface Axis {
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

/** Side of the tiles of a copy between arrays whose fastest axes differ: 16 × 16 elements stay in the cache. */
const TILE = 16;
/** Shorter rows are copied by a loop, because making two subarrays takes longer. */
const SHORT = 16;
/** Stands for an axis that is not there. */
const ONCE: Axis = { size: 1, from: 0, to: 0 };

/**
 * Copies an array of `shape` from one layout to another, converting the type as typed arrays do. Axes that both arrays walk as
 * one are joined first, so that equal contiguous layouts are one block; where the fastest axes differ, it goes by tiles that
 * stay in the cache. The arrays must not overlap, and the caller has checked that every element lies inside both.
 *
 * @param source - Only read.
 * @param target - Receives the elements; of numbers if `source` is, else of 64-bit integers.
 */
export function copyStrided(
  source: TypedArray,
  from: Layout,
  target: TypedArray,
  to: Layout,
  shape: readonly number[],
): void {
  if (shape.includes(0)) return;
  const axes = joinedAxes(shape, from.stride, to.stride);
  const inner = axes.pop() ?? ONCE;
  const tiled = takeFaster(axes, inner);
  const outer = axes.pop() ?? ONCE;
  if (tiled) copyTiles(source, from.offset, target, to.offset, inner, tiled, outer, axes);
  else copyRows(source, from.offset, target, to.offset, inner, outer, axes);
}

/** Copies row by row. `rest`: further axes, the fastest last. */
function copyRows(
  source: TypedArray,
  read: number,
  target: TypedArray,
  write: number,
  inner: Axis,
  outer: Axis,
  rest: readonly Axis[],
  level = 0,
): void {
  if (level < rest.length) {
    const { size, from, to } = rest[level];
    for (let n = 0; n < size; n++) {
      copyRows(source, read + n * from, target, write + n * to, inner, outer, rest, level + 1);
    }
    return;
  }
  const { size, from, to } = inner;
  const whole = from === 1 && to === 1 && size > SHORT;
  for (let m = 0; m < outer.size; m++) {
    let i = read + m * outer.from;
    let o = write + m * outer.to;
    if (whole) {
      (target as Float32Array).set((source as Float32Array).subarray(i, i + size), o);
      continue;
    }
    for (let n = 0; n < size; n++, i += from, o += to) target[o] = source[i];
  }
}

/** Copies tile by tile: `inner` is the fastest axis of the target, `other` that of the source. `rest` as above. */
function copyTiles(
  source: TypedArray,
  read: number,
  target: TypedArray,
  write: number,
  inner: Axis,
  other: Axis,
  outer: Axis,
  rest: readonly Axis[],
  level = 0,
): void {
  if (level < rest.length) {
    const { size, from, to } = rest[level];
    for (let n = 0; n < size; n++) {
      const [i, o] = [read + n * from, write + n * to];
      copyTiles(source, i, target, o, inner, other, outer, rest, level + 1);
    }
    return;
  }
  const { size: width, from: fromInner, to: toInner } = inner;
  const { size: height, from: fromOther, to: toOther } = other;
  for (let m = 0; m < outer.size; m++) {
    const readPlane = read + m * outer.from;
    const writePlane = write + m * outer.to;
    for (let first = 0; first < height; first += TILE) {
      const end = Math.min(first + TILE, height);
      for (let a = 0; a < width; a++) {
        let i = readPlane + a * fromInner + first * fromOther;
        let o = writePlane + a * toInner + first * toOther;
        for (let b = first; b < end; b++, i += fromOther, o += toOther) target[o] = source[i];
      }
    }
  }
}

/** Takes out the axis that is the source's fastest, if that is not `inner`. */
function takeFaster(axes: Axis[], inner: Axis): Axis | undefined {
  let found: Axis | undefined;
  for (const axis of axes) {
    if (Math.abs(axis.from) < Math.abs((found ?? inner).from)) found = axis;
  }
  if (found) remove(axes, found);
  return found;
}

function remove(axes: Axis[], axis: Axis): void {
  let kept = 0;
  for (const other of axes) if (other !== axis) axes[kept++] = other;
  axes.length = kept;
}

/** The axes without those of one element, the target's fastest last; neighbours that both arrays walk as one become one. */
function joinedAxes(
  shape: readonly number[],
  from: readonly number[],
  to: readonly number[],
): Axis[] {
  const axes: Axis[] = [];
  for (let n = 0; n < shape.length; n++) {
    if (shape[n] === 1) continue;
    const axis = { size: shape[n], from: from[n], to: to[n] };
    // Few axes: by insertion.
    let at = axes.length;
    for (; at > 0 && Math.abs(axes[at - 1].to) < Math.abs(axis.to); at--) axes[at] = axes[at - 1];
    axes[at] = axis;
  }
  let count = Math.min(axes.length, 1);
  for (let n = 1; n < axes.length; n++) {
    const outer = axes[count - 1];
    const { size, from: read, to: write } = axes[n];
    const asOne = outer.from === read * size && outer.to === write * size;
    if (asOne) axes[count - 1] = { size: outer.size * size, from: read, to: write };
    else axes[count++] = axes[n];
  }
  axes.length = count;
  return axes;
}
