import { copyStrided, cStrides } from '@genesis/core';
import type { Shape3 } from '../../api.js';
import type { Heap } from '../../augment-kernels/api.js';
import { elementsAt, type Plane } from '../layout.js';
import { apply, type Geometry } from './geometry.js';

/** What lies beyond the source. */
export type Border = 'constant' | 'nearest' | 'reflect';

/** First and end along y, first and end along z. */
type Reach = readonly [number, number, number, number];

/** The part of the source that a crop reaches. */
export interface Window {
  /** First voxel in the source; of a padded window it may lie outside. */
  readonly start: Shape3;
  readonly shape: Shape3;
  /** For each plane of the window along x what is reached of it. None: all of all. */
  readonly reached: readonly Reach[];
}

/** How far the elastic displacement can move a place of the source, along each axis. */
export function elasticReach({ matrix, elastic }: Geometry): { least: Shape3; most: Shape3 } {
  const least: [number, number, number] = [0, 0, 0];
  const most: [number, number, number] = [0, 0, 0];
  if (elastic === null) return { least, most };
  const { displacements } = elastic;
  for (let i = 0; i < displacements.length; i += 3) {
    const moved = apply(matrix, displacements.slice(i, i + 3));
    for (let a = 0; a < 3; a++) {
      least[a] = Math.min(least[a], moved[a]);
      most[a] = Math.max(most[a], moved[a]);
    }
  }
  return { least, most };
}

/** Where the eight corners of the crop lie in the source, without elastic displacement. */
function cornersOf({ shape, matrix, middle }: Geometry): Shape3[] {
  return [0, 1, 2, 3, 4, 5, 6, 7].map((corner) => {
    const half = shape.map((n, axis) => (((corner >> axis) & 1) - 0.5) * (n - 1));
    const at = apply(matrix, half);
    return [at[0] + middle[0], at[1] + middle[1], at[2] + middle[2]];
  });
}

/** Pairs of corners that an edge of the crop joins. */
const EDGES = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((corner) =>
  [1, 2, 4].filter((bit) => (corner & bit) === 0).map((bit) => [corner, corner | bit]),
);

/** Room for rounding, and for the voxel after each place. */
const MARGIN = 1.01;

/** The edges of the crop as they lie in x and another axis of the source: these two of the lower end in x, then of the other. */
const edgesOf = (corners: readonly Shape3[], axis: 1 | 2): Float64Array =>
  Float64Array.from(
    EDGES.flatMap(([p, q]) => {
      const [a, b] = corners[p][0] <= corners[q][0] ? [p, q] : [q, p];
      return [corners[a][0], corners[a][axis], corners[b][0], corners[b][axis]];
    }),
  );

/** Along the other axis, what of a slab of the source (low … high along x) a crop reaches; first above last when it misses the slab. */
function reachInSlab(edges: Float64Array, low: number, high: number, reach: Float64Array): void {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < edges.length; i += 4) {
    const ax = edges[i];
    const ay = edges[i + 1];
    const bx = edges[i + 2];
    const by = edges[i + 3];
    if (bx < low || ax > high) continue;
    const slope = bx > ax ? (by - ay) / (bx - ax) : 0;
    const from = ax < low ? ay + slope * (low - ax) : ay;
    const to = bx > high ? ay + slope * (high - ax) : by;
    if (from < first) first = from;
    if (to < first) first = to;
    if (from > last) last = from;
    if (to > last) last = to;
  }
  reach[0] = first;
  reach[1] = last;
}

/** The voxels of the source that a crop reaches when nothing outside is to be made up. */
export function windowOf(geometry: Geometry, source: Shape3, border: Border): Window {
  const corners = cornersOf(geometry);
  const { least, most } = elasticReach(geometry);
  const ends = [0, 1, 2].map((axis) => {
    const along = corners.map((corner) => corner[axis]);
    const low = Math.min(...along) + least[axis];
    const high = Math.max(...along) + most[axis];
    const last = source[axis] - 1;
    // What is reflected can come from anywhere.
    if (border === 'reflect' && (low < 0 || high > last)) return [0, last];
    const first = Math.min(Math.max(Math.floor(low - 0.01), 0), last);
    return [first, Math.max(first, Math.min(Math.floor(high + MARGIN), last))];
  });
  const start: Shape3 = [ends[0][0], ends[1][0], ends[2][0]];
  const side = (axis: number): number => ends[axis][1] - ends[axis][0] + 1;
  const shape: Shape3 = [side(0), side(1), side(2)];
  const edges = [edgesOf(corners, 1), edgesOf(corners, 2)];
  const reach = new Float64Array(2);
  /** First and end of what plane `at` of the source is reached along an axis. */
  const along = (at: number, axis: 1 | 2): readonly [number, number] => {
    reachInSlab(edges[axis - 1], at - MARGIN - most[0], at + MARGIN - least[0], reach);
    if (reach[0] > reach[1]) return [0, 0];
    const first = Math.floor(reach[0] + least[axis] - MARGIN) - start[axis];
    const end = Math.ceil(reach[1] + most[axis] + MARGIN) + 1 - start[axis];
    // What is clamped lies at the border.
    return [Math.min(Math.max(first, 0), shape[axis] - 1), Math.max(Math.min(end, shape[axis]), 1)];
  };
  const reached = Array.from({ length: shape[0] }, (_, x): Reach => {
    const at = start[0] + x;
    // To the border, places are clamped that come from beyond the slab.
    if (at === 0 || at === source[0] - 1 || border === 'reflect') return [0, shape[1], 0, shape[2]];
    return [...along(at, 1), ...along(at, 2)];
  });
  return { start, shape, reached };
}

/** Rows that are longer by so many voxels are worth a copy each. */
const LONG = 256;

/** Copies what a window needs of a plane to the heap. */
export function copyWindow(
  heap: Heap,
  plane: Plane,
  source: Shape3,
  window: Window,
  at: number,
): void {
  const { start, shape, reached } = window;
  const { data, stride, offset } = plane;
  const [, ny, nz] = shape;
  const size = data.BYTES_PER_ELEMENT as 1 | 2 | 4;
  const target = elementsAt(heap, at, size, shape[0] * ny * nz);
  const isWhole = nz === source[2] && stride[2] === 1 && stride[1] === nz;
  const first = offset + start[0] * stride[0] + start[1] * stride[1] + start[2] * stride[2];
  for (let x = 0; x < shape[0]; x++) {
    const [from, end] = reached[x];
    if (end <= from) continue;
    const read = first + x * stride[0] + from * stride[1];
    const write = (x * ny + from) * nz;
    if (isWhole) target.set(data.subarray(read, read + (end - from) * nz), write);
    else {
      const to = { offset: write, stride: [nz, 1] };
      copyStrided(data, { offset: read, stride: stride.slice(1) }, target, to, [end - from, nz]);
    }
  }
}

/** A window with whole rows along z, when that costs little and makes one block of each plane. */
export function widen(window: Window, plane: Plane, source: Shape3): Window {
  const { start, shape, reached } = window;
  const isBlock = plane.stride[2] === 1 && plane.stride[1] === source[2];
  if (!isBlock || source[2] - shape[2] > LONG) return window;
  const z = start[2];
  return {
    start: [start[0], start[1], 0],
    shape: [shape[0], shape[1], source[2]],
    reached: reached.map(([y0, y1, z0, z1]) => [y0, y1, z0 + z, z1 + z]),
  };
}

/** A window of which every voxel is wanted. */
export const fullWindow = (start: Shape3, shape: Shape3): Window => ({
  start,
  shape,
  reached: Array.from({ length: shape[0] }, () => [0, shape[1], 0, shape[2]] as const),
});

/** The voxel of the source that stands for one at place i, or −1 for one that is filled. */
function standIn(i: number, n: number, border: Border): number {
  if (i >= 0 && i < n) return i;
  if (border === 'constant') return -1;
  if (border === 'nearest') return i < 0 ? 0 : n - 1;
  const at = ((i % (2 * n)) + 2 * n) % (2 * n);
  return Math.min(at, 2 * n - 1 - at);
}

/** The window of a cubic spline: what the crop reaches and `pad` voxels more on every side, made up where there is no source. */
export function paddedWindowOf(
  geometry: Geometry,
  source: Shape3,
  border: Border,
  pad: number,
): Window {
  const corners = cornersOf(geometry);
  const { least, most } = elasticReach(geometry);
  const ends = [0, 1, 2].map((axis) => {
    const along = corners.map((corner) => corner[axis]);
    let low = Math.floor(Math.min(...along) + least[axis]);
    let high = Math.floor(Math.max(...along) + most[axis]) + 1;
    // Beyond this all is the same.
    if (border !== 'reflect') {
      low = Math.min(Math.max(low, -1), source[axis]);
      high = Math.max(Math.min(high, source[axis]), low + 1);
    }
    return [low - pad, high + pad];
  });
  const side = (axis: number): number => ends[axis][1] - ends[axis][0] + 1;
  return fullWindow([ends[0][0], ends[1][0], ends[2][0]], [side(0), side(1), side(2)]);
}

/** Copies a padded window to the heap and makes up what is outside of the source. */
export function fillWindow(
  heap: Heap,
  plane: Plane,
  source: Shape3,
  window: Window,
  at: number,
  border: Border,
  fill: number,
): void {
  const { start, shape } = window;
  const [, ny, nz] = shape;
  const { data, offset, stride } = plane;
  const target = elementsAt(heap, at, data.BYTES_PER_ELEMENT as 1 | 2 | 4, shape[0] * ny * nz);
  const inside = [0, 1, 2].map((axis) => [
    Math.min(Math.max(-start[axis], 0), shape[axis]),
    Math.min(Math.max(source[axis] - start[axis], 0), shape[axis]),
  ]);
  const block = inside.map(([first, end]) => Math.max(0, end - first));
  const own = inside.map(([first]) => first);
  const steps = cStrides(shape);
  copyStrided(
    data,
    {
      offset: own.reduce((sum, i, axis) => sum + (i + start[axis]) * stride[axis], offset),
      stride,
    },
    target,
    { offset: own.reduce((sum, i, axis) => sum + i * steps[axis], 0), stride: steps },
    block,
  );
  const from = [0, 1, 2].map((axis) =>
    Array.from({ length: shape[axis] }, (_, i) => standIn(i + start[axis], source[axis], border)),
  );
  for (let x = 0, i = 0; x < shape[0]; x++) {
    const isInX = x >= inside[0][0] && x < inside[0][1];
    for (let y = 0; y < ny; y++) {
      const isIn = isInX && y >= inside[1][0] && y < inside[1][1];
      for (let z = 0; z < nz; z++, i++) {
        if (isIn && z === inside[2][0]) {
          z += block[2];
          i += block[2];
          if (z >= nz) break;
        }
        const [a, b, c] = [from[0][x], from[1][y], from[2][z]];
        target[i] =
          a < 0 || b < 0 || c < 0
            ? fill
            : data[offset + a * stride[0] + b * stride[1] + c * stride[2]];
      }
    }
  }
}
