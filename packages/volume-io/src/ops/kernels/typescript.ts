import type { Vec3 } from '@genesis/core';
import type { FloatVoxels } from '../float-voxels.js';
import type { PlaneKernels, PlaneSizes, RowKernels, VolumeKernels } from './api.js';

/** The inner loops of planes in TypeScript. */
export function typescriptPlanes({ plane, row: count, raw = 0 }: PlaneSizes): PlaneKernels {
  const rows = rowKernels(count);
  const { row } = rows;
  const old = new Float64Array(raw);
  const firsts = new Int32Array(count);
  const parts = new Float64Array(count);
  const planes = [new Float64Array(plane), new Float64Array(plane)] as const;
  const sheet = new Float64Array(plane);
  return {
    ...rows,
    raw: old,
    firsts,
    parts,
    planes,
    sheet,
    stretch(from, into, at) {
      const out = planes[into];
      for (let n = 0; n < count; n++) {
        const first = from + firsts[n];
        out[at + n] = between(old[first], old[first + 1], parts[n]);
      }
    },
    mix(near, far, part, at, length) {
      const a = planes[near];
      const b = planes[far];
      for (let n = at; n < at + length; n++) sheet[n] = between(a[n], b[n], part);
    },
    mixRows(near, far, part) {
      for (let n = 0; n < count; n++) row[n] = between(sheet[near + n], sheet[far + n], part);
    },
    bilinear(nx, lo, hi, x0, y0, dx, dy) {
      for (let i = lo; i <= hi; i++) row[i] = bilinear(sheet, nx, x0 + i * dx, y0 + i * dy);
    },
  };
}

/** The inner loop of volumes in TypeScript. Works on `voxels` themselves, and does not change them. */
export function typescriptVolume(
  voxels: FloatVoxels,
  [nx, ny]: Vec3,
  count: number,
): VolumeKernels {
  const rows = rowKernels(count);
  const { row } = rows;
  const plane = nx * ny;
  return {
    ...rows,
    voxels,
    first: 0,
    need: () => {},
    trilinear(lo, hi, x0, y0, z0, dx, dy, dz) {
      for (let i = lo; i <= hi; i++) {
        row[i] = trilinear(voxels, nx, plane, x0 + i * dx, y0 + i * dy, z0 + i * dz);
      }
    },
  };
}

function rowKernels(count: number): RowKernels {
  const row = new Float64Array(count);
  return {
    row,
    store(target, at) {
      if (target instanceof Float32Array || target instanceof Float64Array) target.set(row, at);
      else for (let i = 0; i < count; i++) target[at + i] = Math.floor(row[i] + 0.5);
    },
  };
}

/** A sheet's value at coordinates within it. A neighbour of no weight may be outside. */
export function bilinear(sheet: Float64Array, nx: number, x: number, y: number): number {
  const xi = Math.floor(x);
  const yi = Math.floor(y);
  const v = y - yi;
  const at = xi + yi * nx;
  const left = between(sheet[at], sheet[at + nx], v);
  const right = between(sheet[at + 1], sheet[at + nx + 1], v);
  return between(left, right, x - xi);
}

/** A volume's value at coordinates within it. A neighbour of no weight may be outside. */
export function trilinear(
  voxels: FloatVoxels,
  nx: number,
  plane: number,
  x: number,
  y: number,
  z: number,
): number {
  const xi = Math.floor(x);
  const yi = Math.floor(y);
  const zi = Math.floor(z);
  const v = y - yi;
  const w = z - zi;
  const at = xi + yi * nx + zi * plane;
  const left = besides(voxels, at, nx, plane, v, w);
  const right = besides(voxels, at + 1, nx, plane, v, w);
  return between(left, right, x - xi);
}

/** The voxel `at` with its neighbours along j and k. */
function besides(
  voxels: FloatVoxels,
  at: number,
  nx: number,
  plane: number,
  v: number,
  w: number,
): number {
  const far = at + plane;
  const upper = between(voxels[at], voxels[at + nx], v);
  const lower = between(voxels[far], voxels[far + nx], v);
  return between(upper, lower, w);
}

/** As in resample.c, to the sign of a zero. */
function between(a: number, b: number, part: number): number {
  return a + part * (part === 0 ? 0 : b - a);
}
