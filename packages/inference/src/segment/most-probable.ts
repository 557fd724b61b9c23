import { cStrides, type ReadonlyVec3, sizeOf } from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';
import { InferenceError } from '../errors.js';
import type { OutputBlock } from '../window/api.js';

/** Positions in a list of classes. */
export type ClassArray = Uint8Array | Uint16Array;

/** Zeros of the smallest type that numbers `count` classes, at most 65536. */
export function classArray(length: number, count: number): ClassArray {
  return count <= 256 ? new Uint8Array(length) : new Uint16Array(length);
}

/** The most probable class of each voxel, kept up as the probabilities come in blocks. Of equal ones, the first. */
export class MostProbable {
  /** [x, y, z], C order. */
  readonly classes: NdArray<ClassArray>;
  private best = new Float32Array();

  constructor(shape: ReadonlyVec3, count: number) {
    this.classes = ndarray(classArray(sizeOf(shape), count), [...shape]) as NdArray<ClassArray>;
  }

  /** @throws InferenceError 'non-finite' where the first class of a block, or a better one, is NaN. */
  add({ start, channel, values }: OutputBlock): void {
    const [nx, ny, nz, channels] = values.shape;
    const { data, offset } = values;
    const { classes, stride } = {
      classes: this.classes.data,
      stride: cStrides(this.classes.shape),
    };
    const isFirst = channel === 0;
    if (this.best.length < nx * ny * nz) this.best = new Float32Array(nx * ny * nz);
    const { best } = this;
    for (let i = 0, n = 0; i < nx; i++) {
      for (let j = 0; j < ny; j++) {
        let target = (start[0] + i) * stride[0] + (start[1] + j) * stride[1] + start[2];
        for (let k = 0; k < nz; k++, n++, target++) {
          const at = offset + n * channels;
          let most = isFirst ? data[at] : best[n];
          let found = isFirst ? 0 : classes[target];
          for (let c = isFirst ? 1 : 0; c < channels; c++) {
            const value = data[at + c];
            if (value > most) {
              most = value;
              found = channel + c;
            }
          }
          if (Number.isNaN(most)) throw notFinite();
          best[n] = most;
          classes[target] = found;
        }
      }
    }
  }
}

function notFinite(): InferenceError {
  return new InferenceError(
    'non-finite',
    'the network gives NaN, so it cannot be used: its training has diverged, or the volume holds values that it cannot cope with',
  );
}
