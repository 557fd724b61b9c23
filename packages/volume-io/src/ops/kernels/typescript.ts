import type { Vec3 } from '../../api.js';
import type { FloatVoxels } from '../floatVoxels.js';
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
      const out = planes[into]!;
      for (let n = 0; n < count; n++) {
        const first = from + firsts[n]!;
        out[at + n] = between(old[first]!, old[first + 1]!, parts[n]!);
      }
    },
    mix(near, far, part, at, length) {
      const a = planes[near]!;
      const b = planes[far]!;
      for (let n = at; n < at + length; n++) sheet[n] = between(a[n]!, b[n]!, part);
    },
    mixRows(near, far, part) {
      for (let n = 0; n < count; n++) row[n] = between(sheet[near + n]!, sheet[far + n]!, part);
    },
    bilinear(nx, lo, hi, x0, y0, dx, dy) {
      for (let i = lo; i <= hi; i++) {
        const x = x0 + i * dx;
        const y = y0 + i * dy;
        const xi = Math.floor(x);
        const yi = Math.floor(y);
        const at = xi + yi * nx;
        const left = between(sheet[at]!, sheet[at + nx]!, y - yi);
        const right = between(sheet[at + 1]!, sheet[at + nx + 1]!, y - yi);
        row[i] = between(left, right, x - xi);
      }
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
        const x = x0 + i * dx;
        const y = y0 + i * dy;
        const z = z0 + i * dz;
        const xi = Math.floor(x);
        const yi = Math.floor(y);
        const zi = Math.floor(z);
        const v = y - yi;
        const w = z - zi;
        const at = xi + yi * nx + zi * plane;
        const far = at + plane;
        const left = between(
          between(voxels[at]!, voxels[at + nx]!, v),
          between(voxels[far]!, voxels[far + nx]!, v),
          w,
        );
        const right = between(
          between(voxels[at + 1]!, voxels[at + nx + 1]!, v),
          between(voxels[far + 1]!, voxels[far + nx + 1]!, v),
          w,
        );
        row[i] = between(left, right, x - xi);
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
      else for (let i = 0; i < count; i++) target[at + i] = Math.floor(row[i]! + 0.5);
    },
  };
}

/** As in resample.c, to the sign of a zero. */
function between(a: number, b: number, part: number): number {
  return a + part * (part === 0 ? 0 : b - a);
}
