import type { NumberArray } from '@genesis/core';
import type { NdArray } from 'ndarray';

/** Of [x, y, z], for each axis how many voxels of each plane across it `counts` holds for; new arrays. */
export function planeCounts(
  { data, shape, stride, offset }: NdArray<NumberArray>,
  counts: (value: number) => boolean,
): Uint32Array[] {
  const [alongX, alongY, alongZ] = shape.map((side) => new Uint32Array(side));
  for (let z = 0; z < shape[2]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      let at = offset + y * stride[1] + z * stride[2];
      for (let x = 0; x < shape[0]; x++, at += stride[0]) {
        if (!counts(data[at])) continue;
        alongX[x]++;
        alongY[y]++;
        alongZ[z]++;
      }
    }
  }
  return [alongX, alongY, alongZ];
}

/** The first plane with the most voxels; the middle where there are none. */
export function fullestPlane(counts: Uint32Array): number {
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  return most === 0 ? counts.length >> 1 : counts.indexOf(most);
}
