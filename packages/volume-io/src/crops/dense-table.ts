import type { NumberArray, Vec3 } from '@genesis/core';
import type { NdArray } from 'ndarray';
import type { CropRange } from './api.js';

/** Sums of voxel weights over boxes, each from eight numbers. */
export interface DenseTable {
  /** Sum of weights over the box of the table's size at a start position within the range. */
  sum(i: number, j: number, k: number): number;
}

/**
 * Weighs each voxel by how soon a voxel ≥ threshold follows along k: lookAhead − 1 when it is one itself, one less for
 * each slice further, 0 when none is among `lookAhead` slices; and keeps the weights' sums over all boxes that start
 * at the table's first corner (a summed-area table, Crow 1984), so that every crop costs the same few operations.
 * Covers only what crops of the range can reach. Sums are kept modulo 2^32; differences of them are exact as long as
 * one crop's sum is below that.
 */
export function denseTable(
  data: NdArray<NumberArray>,
  range: CropRange,
  size: Vec3,
  threshold: number,
  lookAhead: number,
): DenseTable {
  const { lo } = range;
  const [nx, ny, nz] = [0, 1, 2].map((d) => range.hi[d] - lo[d] + size[d]);
  const [si, sj, sk] = data.stride;
  const voxels = data.data;
  // The comparison has to be the one between stored values, so that a voxel exactly at the threshold counts.
  const limit = voxels instanceof Float32Array ? Math.fround(threshold) : threshold;
  const wide = nx + 1;
  const plane = wide * (ny + 1);
  // Plane k holds the sums over slices k and above: the look-ahead runs the same way.
  const sums = new Uint32Array(plane * (nz + 1));
  const ahead = new Uint8Array(nx * ny).fill(lookAhead);
  const last = Math.min(data.shape[2] - 1, lo[2] + nz - 1 + lookAhead - 1);
  for (let k = last - lo[2]; k >= 0; k--) {
    const inTable = k < nz;
    for (let j = 0; j < ny; j++) {
      let read = data.offset + lo[0] * si + (lo[1] + j) * sj + (lo[2] + k) * sk;
      let row = 0;
      let at = k * plane + (j + 1) * wide + 1;
      for (let i = 0, n = j * nx; i < nx; i++, n++, read += si, at++) {
        const next = voxels[read] >= limit ? 0 : ahead[n] + 1;
        ahead[n] = next < lookAhead ? next : lookAhead;
        if (!inTable) continue;
        if (next < lookAhead - 1) row += lookAhead - 1 - next;
        // Above in this plane + the plane behind, less what both hold.
        sums[at] = row + sums[at - wide] + sums[at + plane] - sums[at + plane - wide];
      }
    }
  }
  const [cx, cy, cz] = size;
  const corner = (at: number): number =>
    sums[at] + sums[at + cy * wide + cx] - sums[at + cx] - sums[at + cy * wide];
  return {
    sum(i, j, k) {
      const at = (k - lo[2]) * plane + (j - lo[1]) * wide + (i - lo[0]);
      return (corner(at) - corner(at + cz * plane)) >>> 0;
    },
  };
}
