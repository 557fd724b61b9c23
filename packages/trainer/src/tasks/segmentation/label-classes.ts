import { toCOrder } from '@genesis/core';
import type { Volume } from '@genesis/volume-io';
import ndarray, { type NdArray } from 'ndarray';
import { TrainerError } from '../../errors.js';

/** Classes of a network, the background among them: their positions are kept in 8 bits. */
export const MOST_CLASSES = 256;

/** From so many values on, a label map must look like one: neighbors mostly have the same label. */
const MANY_VALUES = 32;
/** Share of neighbors along the first axis, both not 0, that are equal in a label map at least. Images have a tenth of it. */
const LEAST_EQUAL = 0.4;

/** The values in a label volume, ascending. Throws TrainerError 'bad-data' when they are no labels. */
export function labelValues(volume: Volume, file: string): number[] {
  const refuse = (what: string): TrainerError =>
    new TrainerError('bad-data', `${file} is no label map: it holds ${what}`, { file });
  const values = new Set<number>();
  const data = toCOrder(volume.data);
  let [last, equal, pairs] = [0, 0, 0];
  for (let n = 0; n < data.length; n++) {
    const value = data[n];
    if (value !== 0 && last !== 0) {
      pairs++;
      if (value === last) equal++;
    }
    if (value !== last || n === 0) {
      if (!Number.isInteger(value)) throw refuse(`the value ${value}, which is no whole number`);
      values.add(value);
      if (values.size > MOST_CLASSES) throw refuse(`more than ${MOST_CLASSES} different values`);
    }
    last = value;
  }
  if (values.size > MANY_VALUES && equal < LEAST_EQUAL * pairs) {
    throw refuse(
      `${values.size} different values that change from voxel to voxel, as those of an image do`,
    );
  }
  return [...values].sort((a, b) => a - b);
}

/**
 * Label values → positions in `values`, C order.
 *
 * @throws TrainerError 'bad-data' for a value that is not among them.
 */
export function toClasses(
  volume: Volume,
  values: readonly number[],
  file: string,
): NdArray<Uint8Array> {
  const position = new Map(values.map((value, index) => [value, index]));
  const [nx, ny, nz] = volume.data.shape;
  const out = new Uint8Array(nx * ny * nz);
  const { data, stride, offset } = volume.data;
  let n = 0;
  for (let i = 0; i < nx; i++) {
    for (let j = 0; j < ny; j++) {
      let source = offset + i * stride[0] + j * stride[1];
      for (let k = 0; k < nz; k++, source += stride[2]) {
        const value = data[source];
        const index = position.get(value);
        if (index === undefined) {
          throw new TrainerError(
            'bad-data',
            `${file} holds the label ${value}, but the model knows only ${values.join(', ')}`,
            { file },
          );
        }
        out[n++] = index;
      }
    }
  }
  return ndarray(out, [nx, ny, nz]);
}
