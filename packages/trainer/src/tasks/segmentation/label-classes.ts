import type { Volume } from '@genesis/volume-io';
import ndarray, { type NdArray } from 'ndarray';
import { TrainerError } from '../../errors.js';

/** More values than this are no label map: an image was given by mistake. */
const MOST_CLASSES = 255;

/** The values in a label volume, ascending. Throws TrainerError 'bad-data' when they are no labels. */
export function labelValues(volume: Volume, file: string): number[] {
  const values = new Set<number>();
  const { data } = volume.data;
  let last = Number.NaN;
  for (let n = 0; n < data.length; n++) {
    const value = data[n];
    if (value === last) continue;
    last = value;
    values.add(value);
    if (!Number.isInteger(value) || values.size > MOST_CLASSES) {
      throw new TrainerError(
        'bad-data',
        `${file} is no label map: it holds ${Number.isInteger(value) ? `more than ${MOST_CLASSES} different values` : `the value ${value}, which is no whole number`}`,
        { file },
      );
    }
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
