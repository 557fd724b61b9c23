import type { Volume } from '@genesis/volume-io';
import ndarray, { type NdArray } from 'ndarray';
import { TrainerError } from '../../errors.js';

/** Position of voxels that no class is asked of. */
export const IGNORED = 255;

/** The classes that label values mean: the background first, then the others, ascending. */
export interface LabelMeaning {
  readonly values: readonly number[];
  /** What is to be known about the choice. */
  readonly warning?: string;
}

/**
 * Decides which value is the background: 0 where it occurs, else the lowest.
 *
 * @param found - The values that occur, ascending.
 * @param ignore - The value of voxels that do not count.
 */
export function chooseClasses(found: readonly number[], ignore: number | undefined): LabelMeaning {
  const values = found.filter((value) => value !== ignore);
  const background = values.includes(0) ? 0 : values[0];
  const negative = values.filter((value) => value < 0);
  const warning =
    values.length > 0 && background !== 0
      ? `no label is 0: the lowest, ${background}, is taken for the background`
      : negative.length > 0
        ? `the labels ${negative.join(', ')} are classes of their own beside the background 0; --ignore-label leaves one out`
        : undefined;
  return { values: [background, ...values.filter((value) => value !== background)], warning };
}

/**
 * Label values → positions in `values`, C order; `ignore` → IGNORED.
 *
 * @throws TrainerError 'bad-data' for a value that is not among them, or more of them than 8 bits number beside IGNORED.
 */
export function toClasses(
  volume: Volume,
  values: readonly number[],
  file: string,
  ignore?: number,
): NdArray<Uint8Array> {
  if (values.length > IGNORED) {
    throw new TrainerError(
      'bad-data',
      `${file} cannot be compared with a model of ${values.length} classes: ${IGNORED} are the most`,
      { file },
    );
  }
  const position = new Map(values.map((value, index) => [value, index]));
  if (ignore !== undefined) position.set(ignore, IGNORED);
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
