import type { ReadonlyVec3 } from '@genesis/core';
import type { Network } from './network.js';

/**
 * The mean of what a network gives for a crop and for its mirror images along some axes, all combinations, each turned back: test-time
 * augmentation. It takes 2ⁿ times as long for n axes and holds one more output at a time.
 *
 * @param crop - Sides of the network's input, which its output has too.
 * @param axes - Each at most once; none gives the network itself.
 */
export function mirroredNetwork(
  network: Network,
  crop: ReadonlyVec3,
  axes: readonly (0 | 1 | 2)[],
): Network {
  if (axes.length === 0) return network;
  const flips = [[false, false, false]];
  for (const axis of axes) {
    flips.push(...flips.map((flip) => flip.map((is, n) => is || n === axis)));
  }
  return async (crops) => {
    const sums: Float64Array[] = [];
    for (const flip of flips) {
      const outputs = await network(crops.map((one) => mirror(one, crop, flip)));
      for (const [n, output] of outputs.entries()) {
        const back = mirror(output, crop, flip);
        sums[n] ??= new Float64Array(back.length);
        for (let v = 0; v < back.length; v++) sums[n][v] += back[v];
      }
    }
    return sums.map((sum) => Float32Array.from(sum, (value) => value / flips.length));
  };
}

/** The values of voxels in reversed order along some axes; those of one voxel, which come last, stay together. */
function mirror(
  values: Float32Array,
  [nx, ny, nz]: ReadonlyVec3,
  [x, y, z]: readonly boolean[],
): Float32Array {
  if (!x && !y && !z) return values;
  const channels = values.length / (nx * ny * nz);
  const out = new Float32Array(values.length);
  for (let i = 0, to = 0; i < nx; i++) {
    for (let j = 0; j < ny; j++) {
      const row = ((x ? nx - 1 - i : i) * ny + (y ? ny - 1 - j : j)) * nz;
      for (let k = 0; k < nz; k++) {
        const from = (row + (z ? nz - 1 - k : k)) * channels;
        for (let c = 0; c < channels; c++) out[to++] = values[from + c];
      }
    }
  }
  return out;
}
