/**
 * Weights of the voxels of a window: a Gaussian around its middle, standard deviation an eighth of each side, at most 1
 * and never below 1e-3 of that, so that every voxel counts. Index order: z fastest.
 */
export function gaussianWindow(size: readonly [number, number, number]): Float32Array {
  const axes = size.map((side) => {
    const center = (side - 1) / 2;
    const sigma = side / 8;
    return Float64Array.from({ length: side }, (_, n) =>
      Math.exp(-0.5 * ((n - center) / sigma) ** 2),
    );
  });
  const [x, y, z] = axes;
  const weights = new Float32Array(size[0] * size[1] * size[2]);
  let n = 0;
  for (let i = 0; i < size[0]; i++) {
    for (let j = 0; j < size[1]; j++) {
      for (let k = 0; k < size[2]; k++) weights[n++] = Math.max(1e-3, x[i] * y[j] * z[k]);
    }
  }
  return weights;
}
