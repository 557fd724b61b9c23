import type { Layout, TypedArray } from './types.js';

/** One axis of a walk over two arrays. */
interface Axis {
  size: number;
  from: number;
  to: number;
}

/** Side of the tiles of a copy between arrays whose fastest axes differ: 16 × 16 elements stay in the cache. */
const TILE = 16;
/** Shorter rows are copied by a loop, because making two subarrays takes longer. */
const SHORT = 16;

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
  const axes = joinedAxes(shape, from.stride, to.stride);
  if (axes.some(({ size }) => size === 0)) return;
  // Slowest in the target first; its fastest axis is the innermost loop.
  axes.sort((a, b) => Math.abs(b.to) - Math.abs(a.to));
  const inner = axes.pop() ?? { size: 1, from: 1, to: 1 };
  const fastest = axes.reduce(
    (best, axis, n) => (Math.abs(axis.from) < Math.abs(axes[best]?.from ?? inner.from) ? n : best),
    -1,
  );
  const tiled = fastest < 0 ? undefined : axes.splice(fastest, 1)[0];
  walk(axes, from.offset, to.offset, (read, write) => {
    if (tiled) copyTiles(source, read, target, write, inner, tiled);
    else copyRow(source, read, target, write, inner);
  });
}

function walk(
  axes: readonly Axis[],
  read: number,
  write: number,
  visit: (read: number, write: number) => void,
  level = 0,
): void {
  if (level === axes.length) {
    visit(read, write);
    return;
  }
  const { size, from, to } = axes[level];
  for (let n = 0; n < size; n++) walk(axes, read + n * from, write + n * to, visit, level + 1);
}

function copyRow(
  source: TypedArray,
  read: number,
  target: TypedArray,
  write: number,
  { size, from, to }: Axis,
): void {
  if (from === 1 && to === 1 && size > SHORT) {
    (target as Float32Array).set((source as Float32Array).subarray(read, read + size), write);
    return;
  }
  for (let n = 0, i = read, o = write; n < size; n++, i += from, o += to) target[o] = source[i];
}

/** `inner` is the fastest axis of the target, `other` that of the source. */
function copyTiles(
  source: TypedArray,
  read: number,
  target: TypedArray,
  write: number,
  inner: Axis,
  other: Axis,
): void {
  for (let first = 0; first < other.size; first += TILE) {
    const end = Math.min(first + TILE, other.size);
    for (let a = 0; a < inner.size; a++) {
      let i = read + a * inner.from + first * other.from;
      let o = write + a * inner.to + first * other.to;
      for (let b = first; b < end; b++, i += other.from, o += other.to) target[o] = source[i];
    }
  }
}

/** The axes without those of one element; neighbours that both arrays walk as one become one. */
function joinedAxes(
  shape: readonly number[],
  from: readonly number[],
  to: readonly number[],
): Axis[] {
  const axes = shape
    .map((size, n): Axis => ({ size, from: from[n], to: to[n] }))
    .filter(({ size }) => size !== 1)
    .sort((a, b) => Math.abs(b.to) - Math.abs(a.to));
  const joined: Axis[] = [];
  for (const axis of axes) {
    const outer = joined.at(-1);
    if (outer && outer.from === axis.from * axis.size && outer.to === axis.to * axis.size) {
      joined[joined.length - 1] = { ...axis, size: outer.size * axis.size };
    } else joined.push(axis);
  }
  return joined;
}
