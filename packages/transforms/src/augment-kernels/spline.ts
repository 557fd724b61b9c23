import type { Heap } from './api.js';
import { floats } from './views.js';

const { fround } = Math;
/** √3 − 2 */
const POLE = fround(-0.26794919);
const END = fround(POLE / fround(fround(POLE * POLE) - 1));
/** POLE^18 is 5e-11. */
const HORIZON = 18;

/** `wide` lines side by side, each of n voxels `stride` apart. */
function coefficients(line: Float32Array, n: number, stride: number, wide: number): void {
  if (n === 1) return;
  for (let k = 0; k < n; k++) for (let l = 0; l < wide; l++) line[k * stride + l] *= 6;
  for (let k = 1, power = POLE; k < n && k < HORIZON; k++, power = fround(power * POLE))
    for (let l = 0; l < wide; l++) line[l] += fround(power * line[k * stride + l]);
  for (let k = 1; k < n; k++)
    for (let l = 0; l < wide; l++)
      line[k * stride + l] += fround(POLE * line[(k - 1) * stride + l]);
  const end = (n - 1) * stride;
  for (let l = end; l < end + wide; l++)
    line[l] = END * fround(line[l] + fround(POLE * line[l - stride]));
  for (let k = n - 2; k >= 0; k--)
    for (let l = k * stride; l < k * stride + wide; l++)
      line[l] = POLE * fround(line[l + stride] - line[l]);
}

export function splineCoefficients(
  heap: Heap,
  values: number,
  nx: number,
  ny: number,
  nz: number,
): void {
  const voxels = floats(heap, values, nx * ny * nz);
  for (let row = 0; row < nx * ny; row++) coefficients(voxels.subarray(row * nz), nz, 1, 1);
  for (let x = 0; x < nx; x++) coefficients(voxels.subarray(x * ny * nz), ny, nz, nz);
  coefficients(voxels, nx, ny * nz, ny * nz);
}
