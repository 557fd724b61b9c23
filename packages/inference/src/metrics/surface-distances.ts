import { type ReadonlyVec3, sizeOf, toCOrder, type Vec3 } from '@genesis/core';
import type { NdArray } from 'ndarray';
import { squaredDistances } from '../masks/distance-transform.js';
import { surfaceAreas } from './surface-areas.js';

/**
 * What the surface of a mask is made of. 'elements': pieces of a mesh between the centers of voxels, which weigh as much as they are
 * large, so that the figures do not depend on how the surface lies in the grid (DeepMind's surface-distance, MONAI's surface Dice with
 * `use_subvoxels`). 'voxels': the voxels with a face to the outside, each counted once (MONAI otherwise).
 */
export type SurfaceKind = 'elements' | 'voxels';

export interface SurfaceOpts {
  /** Sides of a voxel in mm. */
  readonly spacing: ReadonlyVec3;
  /** Default 'elements'. */
  readonly surface?: SurfaceKind;
}

/** The pieces of one surface, and how far each is from another surface. */
export interface SurfacePoints {
  /** In mm; infinite where the other surface has no pieces. */
  readonly distances: Float64Array;
  /** In mm²; left out where each counts as 1. */
  readonly areas?: Float64Array;
}

/** Distances between the surfaces of two masks, both ways. */
export interface SurfaceDistances {
  /** From the first to the second. */
  readonly first: SurfacePoints;
  /** From the second to the first. */
  readonly second: SurfacePoints;
}

/**
 * Distances between the surfaces of two masks. What lies outside the arrays is outside the masks. Time and memory grow with the
 * arrays, so cut them to the masks first; `scoreRegions` does.
 *
 * @param first - Not 0 inside; [x, y, z], any strides; only read.
 * @param second - Of the same shape.
 */
export function surfaceDistances(
  first: NdArray<Uint8Array>,
  second: NdArray<Uint8Array>,
  opts: SurfaceOpts,
): SurfaceDistances {
  const [nx, ny, nz] = first.shape;
  const padded: Vec3 = [nx + 2, ny + 2, nz + 2];
  const masks = [first, second].map((mask) => withMargin(toCOrder(mask), [nx, ny, nz])) as [
    Uint8Array,
    Uint8Array,
  ];
  return distancesBetween(masks, padded, opts);
}

/** The same of two masks in C order whose outermost voxels are all 0. */
export function distancesBetween(
  [first, second]: readonly [Uint8Array, Uint8Array],
  shape: ReadonlyVec3,
  { spacing, surface = 'elements' }: SurfaceOpts,
): SurfaceDistances {
  const pieces = surface === 'elements' ? elementsOf : borderVoxels;
  const [a, b] = [pieces(first, shape), pieces(second, shape)];
  const areas = surface === 'elements' ? surfaceAreas(spacing) : undefined;
  return {
    first: pointsOf(a, b, spacing, areas),
    second: pointsOf(b, a, spacing, areas),
  };
}

/** Where the pieces of a surface lie: not 0 there; with 'elements', which of the 256 it is. */
interface Pieces {
  readonly codes: Uint8Array;
  readonly shape: Vec3;
}

function pointsOf(
  { codes, shape }: Pieces,
  other: Pieces,
  spacing: ReadonlyVec3,
  areaOf: Float64Array | undefined,
): SurfacePoints {
  const columns = shape[1] * shape[2];
  const asked = new Uint8Array(columns);
  let count = 0;
  for (let n = 0, column = 0; n < codes.length; n++) {
    if (codes[n] !== 0) {
      asked[column] = 1;
      count++;
    }
    if (++column === columns) column = 0;
  }
  const squares = squaredDistances(other.codes, shape, spacing, asked);
  const distances = new Float64Array(count);
  const areas = areaOf && new Float64Array(count);
  for (let n = 0, at = 0; n < codes.length; n++) {
    if (codes[n] === 0) continue;
    distances[at] = Math.sqrt(squares[n]);
    if (areas) areas[at] = areaOf[codes[n]];
    at++;
  }
  return { distances, areas };
}

/** Cubes of eight voxels through which the surface goes, on the grid between the voxels. */
function elementsOf(mask: Uint8Array, [nx, ny, nz]: ReadonlyVec3): Pieces {
  const shape: Vec3 = [nx - 1, ny - 1, nz - 1];
  const codes = new Uint8Array(sizeOf(shape));
  let at = 0;
  for (let x = 0; x < nx - 1; x++) {
    for (let y = 0; y < ny - 1; y++) {
      const row = (x * ny + y) * nz;
      let low = 0;
      for (let z = 0; z < nz; z++) {
        const n = row + z;
        const high =
          ((mask[n] !== 0 ? 1 : 0) |
            (mask[n + nz] !== 0 ? 4 : 0) |
            (mask[n + ny * nz] !== 0 ? 16 : 0) |
            (mask[n + (ny + 1) * nz] !== 0 ? 64 : 0)) <<
          1;
        const code = low | high;
        if (z > 0) codes[at++] = code === 255 ? 0 : code;
        low = high >> 1;
      }
    }
  }
  return { codes, shape };
}

/** Voxels inside that have a face to the outside. */
function borderVoxels(mask: Uint8Array, [nx, ny, nz]: ReadonlyVec3): Pieces {
  const codes = new Uint8Array(mask.length);
  for (let x = 1; x < nx - 1; x++) {
    for (let y = 1; y < ny - 1; y++) {
      const row = (x * ny + y) * nz;
      for (let n = row + 1; n < row + nz - 1; n++) {
        if (mask[n] === 0) continue;
        const isInner =
          mask[n - 1] !== 0 &&
          mask[n + 1] !== 0 &&
          mask[n - nz] !== 0 &&
          mask[n + nz] !== 0 &&
          mask[n - ny * nz] !== 0 &&
          mask[n + ny * nz] !== 0;
        if (!isInner) codes[n] = 1;
      }
    }
  }
  return { codes, shape: [nx, ny, nz] };
}

function withMargin(mask: Uint8Array, [nx, ny, nz]: ReadonlyVec3): Uint8Array {
  const out = new Uint8Array((nx + 2) * (ny + 2) * (nz + 2));
  for (let x = 0; x < nx; x++) {
    for (let y = 0; y < ny; y++) {
      const from = (x * ny + y) * nz;
      out.set(mask.subarray(from, from + nz), ((x + 1) * (ny + 2) + y + 1) * (nz + 2) + 1);
    }
  }
  return out;
}
