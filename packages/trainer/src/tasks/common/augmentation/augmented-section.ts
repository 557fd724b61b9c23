import type { NdArray } from 'ndarray';
import type { ReportData, SampleFigure } from '../../../report/api.js';
import { fullestSlice, graySlice, outlinedSlice } from '../../../report/slices.js';

/** A training sample of the first epoch as it is and as it was varied, all [x, y, z]. */
export interface ShownExample {
  /** Of its volume. */
  readonly name: string;
  readonly source: NdArray<Float32Array>;
  readonly image: NdArray<Float32Array>;
  /** Of the varied sample. */
  readonly classes?: NdArray<Uint8Array>;
}

/** A section of a report with varied training samples; none when there are none. */
export function augmentedSection(examples: readonly ShownExample[]): ReportData['sections'] {
  if (examples.length === 0) return [];
  const samples = examples.map(figure);
  return [{ title: 'Augmented training samples', blocks: [{ kind: 'samples', samples }] }];
}

function figure({ name, source, image, classes }: ShownExample, n: number): SampleFigure {
  const index = classes ? fullestSlice(classes, 2) : image.shape[2] >> 1;
  const slices = [graySlice(source, 2, index), graySlice(image, 2, index)];
  const columns = ['as it is', 'augmented'];
  if (classes) {
    slices.push(outlinedSlice(image, classes, 2, index));
    columns.push('with its classes');
  }
  return {
    title: name,
    note: `sample ${n + 1} of the first epoch`,
    columns,
    rows: [{ name: 'axial', slices }],
  };
}
