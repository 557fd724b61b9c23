import { cStrides, type ReadonlyVec3, sizeOf } from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';
import type { OutputBlock } from '../window/api.js';

/**
 * How unsure a network is about each voxel: the entropy of its probabilities as a share of the highest that there is, 0 where one
 * class is certain, 1 where all are equally probable. Kept up as the probabilities come in blocks.
 */
export class EntropyMap {
  /** [x, y, z], C order. */
  readonly values: NdArray<Float32Array>;
  private readonly highest: number;

  /** @param classes - How many there are, at least two. */
  constructor(shape: ReadonlyVec3, classes: number) {
    this.values = ndarray(new Float32Array(sizeOf(shape)), [...shape]);
    this.highest = Math.log(classes);
  }

  add({ start, values }: OutputBlock): void {
    const [nx, ny, nz, channels] = values.shape;
    const { data, offset } = values;
    const stride = cStrides(this.values.shape);
    const sums = this.values.data;
    for (let row = 0, at = offset; row < nx * ny; row++) {
      const [i, j] = [Math.floor(row / ny), row % ny];
      let target = (start[0] + i) * stride[0] + (start[1] + j) * stride[1] + start[2];
      for (let k = 0; k < nz; k++, target++) {
        for (let c = 0; c < channels; c++) {
          const p = data[at++];
          if (p > 0) sums[target] -= (p * Math.log(p)) / this.highest;
        }
      }
    }
  }
}
