import { createRng, type VolumeArray } from '@genesis/transforms';
import ndarray from 'ndarray';

/** A volume of uniform random values. */
export function randomVolume(shape: readonly number[], seed = 0): VolumeArray {
  const data = new Float32Array(shape.reduce((product, n) => product * n, 1));
  createRng(seed, 77).fillUniform(data);
  return ndarray(data, [...shape]);
}

/** All values in C order. */
export function values(volume: VolumeArray): Float32Array {
  const out: number[] = [];
  const visit = (index: number[]): void => {
    if (index.length === volume.shape.length) {
      out.push(volume.get(...index));
      return;
    }
    for (let i = 0; i < volume.shape[index.length]; i++) visit([...index, i]);
  };
  visit([]);
  return Float32Array.from(out);
}

/** The bits of the values, so that −0 and NaN count. */
export const bits = (data: Float32Array): Int32Array =>
  new Int32Array(data.buffer, data.byteOffset, data.length);

/** The same voxels with strides that are not those of C order, with gaps between voxels. */
export function strided(volume: VolumeArray): VolumeArray {
  const rank = volume.dimension;
  const stride: number[] = [];
  let step = 2;
  for (let axis = 0; axis < rank; axis++) {
    stride.push(step);
    step *= volume.shape[axis] + 1;
  }
  // The first axis runs backwards.
  const offset = 1 + (volume.shape[0] - 1) * stride[0];
  stride[0] = -stride[0];
  const data = new Float32Array(step + 2).fill(-7);
  const copy = ndarray(data, [...volume.shape], stride, offset);
  const visit = (index: number[]): void => {
    if (index.length === rank) {
      copy.set(...index, volume.get(...index));
      return;
    }
    for (let i = 0; i < volume.shape[index.length]; i++) visit([...index, i]);
  };
  visit([]);
  return copy;
}

/** Largest absolute difference. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i] - b[i]);
    // NaN must not pass for equal.
    if (!(d <= largest)) largest = d;
  }
  return largest;
}
