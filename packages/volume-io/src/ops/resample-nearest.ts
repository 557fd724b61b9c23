import type { NumberArray, ReadonlyVec3 } from '@genesis/core';
import type { NdArray } from 'ndarray';
import type { GridMap } from './grid-map.js';

/** Takes the value of the nearest voxel (halves up, as ITK). `target` is i fastest; `fill` undefined: the nearest edge. */
export function resampleNearest(
  data: NdArray<NumberArray>,
  map: GridMap,
  target: NumberArray,
  size: ReadonlyVec3,
  fill: number | undefined,
): void {
  if (fill !== undefined && fill !== 0) target.fill(fill);
  if (map.aligned) {
    const { axis, step, shift } = map.aligned;
    alongAxes(data.transpose(axis[0], axis[1], axis[2]), step, shift, target, size, fill);
  } else {
    throughMap(data, map.matrix, target, size, fill);
  }
}

/** New axis d runs along old axis d: which voxel is nearest is looked up for each axis by itself. */
function alongAxes(
  data: NdArray<NumberArray>,
  step: ReadonlyVec3,
  shift: ReadonlyVec3,
  target: NumberArray,
  size: ReadonlyVec3,
  fill: number | undefined,
): void {
  const source = data.data;
  const [x, y, z] = ([0, 1, 2] as const).map((d) =>
    Int32Array.from({ length: size[d] }, (_, n) => {
      const at = Math.floor(step[d] * n + shift[d] + 0.5);
      const held = Math.max(0, Math.min(data.shape[d] - 1, at));
      return at === held || fill === undefined ? held * data.stride[d] : OUTSIDE;
    }),
  );
  const inside = x.map((_, n) => n).filter((n) => x[n] !== OUTSIDE);
  // A straight map: the voxels that are inside are one run.
  const from = inside.length > 0 ? inside[0] : 0;
  const columns = x.subarray(from, from + inside.length);
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      if (y[j] === OUTSIDE || z[k] === OUTSIDE) continue;
      const row = data.offset + y[j] + z[k];
      const write = from + size[0] * (j + size[1] * k);
      for (let i = 0; i < columns.length; i++) target[write + i] = source[row + columns[i]];
    }
  }
}

/** No step of a voxel: strides are far smaller in size. */
const OUTSIDE = -(2 ** 31);

function throughMap(
  data: NdArray<NumberArray>,
  m: Float64Array,
  target: NumberArray,
  size: ReadonlyVec3,
  fill: number | undefined,
): void {
  const [nx, ny, nz] = data.shape;
  const [si, sj, sk] = data.stride;
  const source = data.data;
  let write = 0;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const x0 = m[1] * j + m[2] * k + m[3];
      const y0 = m[5] * j + m[6] * k + m[7];
      const z0 = m[9] * j + m[10] * k + m[11];
      for (let i = 0; i < size[0]; i++, write++) {
        let x = Math.floor(x0 + i * m[0] + 0.5);
        let y = Math.floor(y0 + i * m[4] + 0.5);
        let z = Math.floor(z0 + i * m[8] + 0.5);
        if (!(x >= 0 && x < nx && y >= 0 && y < ny && z >= 0 && z < nz)) {
          if (fill !== undefined) continue;
          x = Math.max(0, Math.min(nx - 1, x));
          y = Math.max(0, Math.min(ny - 1, y));
          z = Math.max(0, Math.min(nz - 1, z));
        }
        target[write] = source[data.offset + x * si + y * sj + z * sk];
      }
    }
  }
}
