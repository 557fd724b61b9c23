import type { WindowGrid } from './api.js';
import type { OutputGrid } from './output-grid.js';

/** From (inclusive) to (exclusive). */
export type Range = readonly [number, number];

/** A column of the result along the first axis that is worked off at once. */
export interface Tile {
  /** The result's voxels along the second and the third axis. */
  readonly y: Range;
  readonly z: Range;
}

/** How much there is at a time. */
export interface TilePlan {
  readonly tiles: readonly Tile[];
  /** Planes of windows' voxels across the first axis that are there at a time, at most. */
  readonly planes: number;
  /** The windows' voxels of the largest tile, in a plane. */
  readonly area: number;
  /** Windows of all tiles together; those that reach into several count in each. */
  readonly windows: number;
}

/**
 * Divides the result into columns such that the sums of each take no more than `maxBytes`. Windows that reach into several
 * columns go through the network once for each, so the division with the fewest is taken; if none is small enough, the
 * finest.
 *
 * @param cellBytes - Bytes for one of the windows' voxels.
 */
export function planTiles(
  grid: WindowGrid,
  output: OutputGrid,
  cellBytes: number,
  maxBytes: number,
): TilePlan {
  const planes = planesAtATime(grid, output);
  const [ys, zs] = ([1, 2] as const).map((axis) => divisions(grid, output, axis));
  let best: { windows: number; bytes: number; y: Division; z: Division } | undefined;
  for (const y of ys) {
    for (const z of zs) {
      const bytes = y.longest * z.longest * planes * cellBytes;
      const windows = y.windows * z.windows;
      const isBetter =
        !best ||
        (bytes <= maxBytes ? best.bytes > maxBytes || windows < best.windows : bytes < best.bytes);
      if (isBetter) best = { windows, bytes, y, z };
    }
  }
  // Every axis has at least one window, so there is a division.
  const { y, z, windows } = best as NonNullable<typeof best>;
  return {
    tiles: y.ranges.flatMap((column) => z.ranges.map((row) => ({ y: column, z: row }))),
    planes,
    area: y.longest * z.longest,
    windows: windows * grid.starts[0].length,
  };
}

/** The starts along an axis of the windows that reach into a range. */
export function startsWithin(grid: WindowGrid, axis: 1 | 2, [from, to]: Range): number[] {
  return grid.starts[axis].filter((start) => start < to && start + grid.window[axis] > from);
}

interface Division {
  readonly ranges: readonly Range[];
  /** Windows of all ranges together. */
  readonly windows: number;
  /** Windows' voxels of the longest range. */
  readonly longest: number;
}

/** Ways to divide an axis: none, and after every 1, 2, 3, … starts of windows, where fewest windows reach over a border. */
function divisions(grid: WindowGrid, output: OutputGrid, axis: 1 | 2): Division[] {
  const starts = grid.starts[axis];
  const length = output.shape[axis];
  const borders = starts.map((start) => firstBehind(output, axis, start));
  return starts.map((_, n) => {
    const every = starts.length - n;
    const edges = [
      0,
      ...borders.filter((at, m) => m > 0 && m % every === 0 && at > 0 && at < length),
      length,
    ];
    const ranges = edges
      .slice(1)
      .map((to, m): Range => [edges[m], to])
      .filter(([from, to]) => to > from);
    const needs = ranges.map(([from, to]) => output.needs(axis, from, to));
    return {
      ranges,
      windows: needs.reduce((sum, range) => sum + startsWithin(grid, axis, range).length, 0),
      longest: Math.max(...needs.map(([from, to]) => to - from)),
    };
  });
}

/** The result's first voxel along an axis that needs nothing before `start`; the length when there is none. */
function firstBehind(output: OutputGrid, axis: 0 | 1 | 2, start: number): number {
  let at = 0;
  while (at < output.shape[axis] && output.needs(axis, at, at + 1)[0] < start) at++;
  return at;
}

/** As the windows go along the first axis, planes are kept from the first that the result still needs to the last reached. */
function planesAtATime(grid: WindowGrid, output: OutputGrid): number {
  let [done, most] = [0, 0];
  for (const start of grid.starts[0]) {
    done = readyBefore(output, done, Math.max(0, start));
    const kept = firstKept(output, done, Math.max(0, start));
    most = Math.max(most, Math.min(grid.shape[0], start + grid.window[0]) - kept);
  }
  return most;
}

/** How many planes of the result can be made from planes below `end`, at least `done`. */
export function readyBefore(output: OutputGrid, done: number, end: number): number {
  let ready = done;
  while (ready < output.shape[0] && output.needs(0, ready, ready + 1)[1] <= end) ready++;
  return ready;
}

/** The first of the windows' planes that is needed after `done` planes of the result, when windows start at `start`. */
export function firstKept(output: OutputGrid, done: number, start: number): number {
  return done < output.shape[0] ? Math.min(start, output.needs(0, done, done + 1)[0]) : start;
}
