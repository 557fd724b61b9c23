import type { NdArray } from 'ndarray';
import type { Vec3, VoxelArray } from '../api.js';
import type { GridMap } from './gridMap.js';

/** Takes the value of the nearest voxel (halves up, as ITK). `target` is i fastest; `fill` undefined: the nearest edge. */
export function resampleNearest(
  data: NdArray<VoxelArray>,
  map: GridMap,
  target: VoxelArray,
  size: Vec3,
  fill: number | undefined,
): void {
  const [nx, ny, nz] = data.shape as Vec3;
  const [si, sj, sk] = data.stride as Vec3;
  const source = data.data;
  const m = map.matrix;
  if (fill !== undefined && fill !== 0) target.fill(fill);
  let write = 0;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const x0 = m[1]! * j + m[2]! * k + m[3]!;
      const y0 = m[5]! * j + m[6]! * k + m[7]!;
      const z0 = m[9]! * j + m[10]! * k + m[11]!;
      for (let i = 0; i < size[0]; i++, write++) {
        let x = Math.floor(x0 + i * m[0]! + 0.5);
        let y = Math.floor(y0 + i * m[4]! + 0.5);
        let z = Math.floor(z0 + i * m[8]! + 0.5);
        if (!(x >= 0 && x < nx && y >= 0 && y < ny && z >= 0 && z < nz)) {
          if (fill !== undefined) continue;
          x = Math.max(0, Math.min(nx - 1, x));
          y = Math.max(0, Math.min(ny - 1, y));
          z = Math.max(0, Math.min(nz - 1, z));
        }
        target[write] = source[data.offset + x * si + y * sj + z * sk]!;
      }
    }
  }
}
