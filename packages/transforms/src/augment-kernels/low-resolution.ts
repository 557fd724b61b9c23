import type { Heap } from './api.js';
import { floats, words } from './views.js';

const { fround } = Math;

const between = (a: number, b: number, part: number): number =>
  fround(a + fround(part * fround(b - a)));

export function lowResolution(heap: Heap, values: number, job: number): void {
  const fields = words(heap, job, 18);
  const shape = fields.slice(0, 3);
  const low = fields.slice(3, 6);
  const [nx, ny, nz] = shape;
  const [mx, my, mz] = low;
  const taken = [0, 1, 2].map((axis) => words(heap, fields[6 + axis], low[axis]));
  const from = [0, 1, 2].map((axis) => words(heap, fields[9 + axis], shape[axis]));
  const part = [0, 1, 2].map((axis) => floats(heap, fields[12 + axis], shape[axis]));
  const coarse = floats(heap, fields[15], mx * my * mz);
  const plane = floats(heap, fields[16], my * mz);
  const row = floats(heap, fields[17], mz + 1);
  const voxels = floats(heap, values, nx * ny * nz);
  const next = (i: number, n: number): number => (i + 1 < n ? i + 1 : i);
  let to = 0;
  for (const x of taken[0])
    for (const y of taken[1])
      for (const z of taken[2]) coarse[to++] = voxels[(x * ny + y) * nz + z];
  for (let x = 0; x < nx; x++) {
    const x0 = from[0][x] * my * mz;
    const x1 = next(from[0][x], mx) * my * mz;
    for (let i = 0; i < my * mz; i++)
      plane[i] = between(coarse[x0 + i], coarse[x1 + i], part[0][x]);
    for (let y = 0; y < ny; y++) {
      const y0 = from[1][y] * mz;
      const y1 = next(from[1][y], my) * mz;
      for (let i = 0; i < mz; i++) row[i] = between(plane[y0 + i], plane[y1 + i], part[1][y]);
      row[mz] = row[mz - 1];
      for (let z = 0; z < nz; z++) {
        const i = from[2][z];
        voxels[(x * ny + y) * nz + z] = between(row[i], row[i + 1], part[2][z]);
      }
    }
  }
}
