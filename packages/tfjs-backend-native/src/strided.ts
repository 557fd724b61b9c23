import type { Addon, Elements } from './addon.js';

/** One dimension of a walk over two arrays: its size and the step in each. */
export interface Dimension {
  size: number;
  first: number;
  second: number;
}

/** Most dimensions that the addon walks. */
export const MAX_RANK = 8;

/** Joins neighbouring dimensions that both arrays walk as one, and drops those of size 1. */
export function joinDimensions(dimensions: Dimension[]): Dimension[] {
  const joined: Dimension[] = [];
  for (const dimension of dimensions) {
    if (dimension.size === 1) continue;
    const outer = joined.at(-1);
    if (
      outer &&
      outer.first === dimension.first * dimension.size &&
      outer.second === dimension.second * dimension.size
    ) {
      joined[joined.length - 1] = { ...dimension, size: outer.size * dimension.size };
    } else joined.push(dimension);
  }
  return joined.length > 0 ? joined : [{ size: 1, first: 1, second: 1 }];
}

/** The addon's list: all sizes, then the steps of each array. */
export function walkList(dimensions: Dimension[]): Int32Array {
  return Int32Array.from([
    ...dimensions.map((dimension) => dimension.size),
    ...dimensions.map((dimension) => dimension.first),
    ...dimensions.map((dimension) => dimension.second),
  ]);
}

/** Row-major steps. */
export function stepsOf(shape: number[]): number[] {
  const steps = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    steps[i] = step;
    step *= shape[i];
  }
  return steps;
}

/** Copies elements; steps must not be negative. Returns false when the rank is too high. */
export function copyStrided(
  addon: Addon,
  dimensions: Dimension[],
  from: Elements,
  firstIn: number,
  to: Elements,
  firstOut: number,
): boolean {
  const joined = joinDimensions(dimensions);
  if (joined.length > MAX_RANK) return false;
  addon.copy(walkList(joined), from, firstIn, to, firstOut);
  return true;
}
