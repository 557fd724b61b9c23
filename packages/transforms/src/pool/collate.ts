import ndarray, { type NdArray } from 'ndarray';
import type { Labels } from '../api.js';

/** Stacks the labels of the samples of a batch. */
export function collate(samples: readonly Labels[]): Record<string, NdArray<Int32Array>> {
  const stacked: Record<string, NdArray<Int32Array>> = {};
  for (const [name, first] of Object.entries(samples[0])) {
    const length = typeof first === 'number' ? 1 : first.length;
    const data = new Int32Array(samples.length * length);
    for (const [i, labels] of samples.entries()) {
      const value = labels[name];
      data.set(typeof value === 'number' ? [value] : value, i * length);
    }
    const shape = typeof first === 'number' ? [samples.length] : [samples.length, length];
    stacked[name] = ndarray(data, shape);
  }
  return stacked;
}
