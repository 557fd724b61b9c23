import type { Heap } from './api.js';
import { bytes, halves, words } from './views.js';

/** Elements of 1, 2 or 4 bytes as integers. */
function elements(heap: Heap, at: number, n: number, size: number) {
  return size === 4 ? words(heap, at, n) : size === 2 ? halves(heap, at, n) : bytes(heap, at, n);
}

export function mirror(
  heap: Heap,
  values: number,
  nx: number,
  ny: number,
  nz: number,
  axes: number,
  size: number,
): void {
  const voxels = elements(heap, values, nx * ny * nz, size);
  const from = voxels.slice();
  for (let x = 0, i = 0; x < nx; x++) {
    const fromX = axes & 1 ? nx - 1 - x : x;
    for (let y = 0; y < ny; y++) {
      const row = (fromX * ny + (axes & 2 ? ny - 1 - y : y)) * nz;
      for (let z = 0; z < nz; z++) voxels[i++] = from[row + (axes & 4 ? nz - 1 - z : z)];
    }
  }
}

export function gatherVolume(
  heap: Heap,
  from: number,
  to: number,
  shape: number,
  step: number,
  size: number,
): void {
  const [nx, ny, nz] = words(heap, shape, 3);
  const [sx, sy, sz] = words(heap, step, 3);
  const ends = [(nx - 1) * sx, (ny - 1) * sy, (nz - 1) * sz];
  const first = ends.reduce((sum, end) => sum + Math.min(end, 0), 0);
  const last = ends.reduce((sum, end) => sum + Math.max(end, 0), 0);
  const source = elements(heap, from + size * first, last - first + 1, size);
  const target = elements(heap, to, nx * ny * nz, size);
  for (let x = 0, i = 0; x < nx; x++)
    for (let y = 0; y < ny; y++)
      for (let z = 0; z < nz; z++) target[i++] = source[x * sx + y * sy + z * sz - first];
}
