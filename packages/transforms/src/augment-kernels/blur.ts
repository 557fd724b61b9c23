import type { Heap } from './api.js';
import { floats, words } from './views.js';

const { fround } = Math;

/** Mirrored at the first and the last voxel, which are not repeated. */
export function fold(i: number, n: number): number {
  if (n === 1) return 0;
  const period = 2 * n - 2;
  const at = ((i % period) + period) % period;
  return at < n ? at : period - at;
}

/** Filters every line along an axis, out of place. */
function along(
  from: Float32Array,
  to: Float32Array,
  shape: readonly number[],
  axis: number,
  taps: Float32Array,
): void {
  const n = shape[axis];
  const step = axis === 0 ? shape[1] * shape[2] : axis === 1 ? shape[2] : 1;
  for (let at = 0; at < n; at++) {
    const below = Array.from(taps, (_, k) => (fold(at - k, n) - at) * step);
    const above = Array.from(taps, (_, k) => (fold(at + k, n) - at) * step);
    for (let start = at * step; start < from.length; start += n * step) {
      for (let i = start; i < start + step; i++) {
        let sum = fround(taps[0] * from[i]);
        for (let k = 1; k < taps.length; k++) {
          sum = fround(sum + fround(taps[k] * fround(from[i + below[k]] + from[i + above[k]])));
        }
        to[i] = sum;
      }
    }
  }
}

export function blur(heap: Heap, values: number, job: number): void {
  const [nx, ny, nz, ...rest] = words(heap, job, 9);
  const shape = [nx, ny, nz];
  const voxels = floats(heap, values, nx * ny * nz);
  const scratch = voxels.slice();
  for (const axis of [2, 1, 0]) {
    if (rest[axis] === 0) continue;
    scratch.set(voxels);
    along(scratch, voxels, shape, axis, floats(heap, rest[3 + axis], rest[axis] + 1));
  }
}

export function sharpen(
  heap: Heap,
  values: number,
  nx: number,
  ny: number,
  nz: number,
  strength: number,
): void {
  const voxels = floats(heap, values, nx * ny * nz);
  const from = voxels.slice();
  const factor = fround(strength);
  for (let x = 0, i = 0; x < nx; x++) {
    for (let y = 0; y < ny; y++) {
      for (let z = 0; z < nz; z++, i++) {
        const v = from[i];
        const alongZ = fround((z > 0 ? from[i - 1] : v) + (z + 1 < nz ? from[i + 1] : v));
        const alongY = fround((y > 0 ? from[i - nz] : v) + (y + 1 < ny ? from[i + nz] : v));
        const size = ny * nz;
        const alongX = fround((x > 0 ? from[i - size] : v) + (x + 1 < nx ? from[i + size] : v));
        const sum = fround(fround(alongZ + alongY) + alongX);
        voxels[i] = v + fround(factor * fround(fround(6 * v) - sum));
      }
    }
  }
}
