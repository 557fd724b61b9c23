import type { Heap } from './api.js';
import { exp2 } from './powers.js';
import { floats } from './views.js';

const { fround } = Math;

export function biasField(
  heap: Heap,
  values: number,
  rows: number,
  nz: number,
  at: number,
  table: number,
  order: number,
): void {
  const voxels = floats(heap, values, rows * nz);
  const places = floats(heap, at, nz);
  const terms = floats(heap, table, rows * (order + 1));
  for (let row = 0; row < rows; row++) {
    const first = row * (order + 1);
    for (let z = 0; z < nz; z++) {
      let sum = terms[first];
      for (let k = 1; k <= order; k++) sum = fround(fround(sum * places[z]) + terms[first + k]);
      if (sum < -126) sum = -126;
      if (126 < sum) sum = 126;
      voxels[row * nz + z] *= exp2(sum);
    }
  }
}

export function addWave(
  heap: Heap,
  values: number,
  rows: number,
  nz: number,
  row: number,
  line: number,
): void {
  const voxels = floats(heap, values, rows * nz);
  const factors = floats(heap, row, 2 * rows);
  const wave = floats(heap, line, 2 * nz);
  for (let r = 0; r < rows; r++) {
    for (let z = 0; z < nz; z++) {
      const real = fround(factors[2 * r] * wave[z]);
      voxels[r * nz + z] += fround(real - fround(factors[2 * r + 1] * wave[nz + z]));
    }
  }
}
