import { OptionError } from '@genesis/unet3d';
import { accuracy, auc, dice, hausdorff95, iou, meanIou } from '@genesis/unet3d/metrics';
import test from 'ava';
import ndarray from 'ndarray';
import { readJson } from './support/fixtures.js';

test('metrics equal those of MONAI, scikit-learn and the reference', (t) => {
  interface Fixture {
    masks: {
      shape: number[];
      spacing: [number, number, number];
      target: number[];
      score: number[];
      dice: number;
      iou: number;
      meanIou: number;
      hausdorff95: number;
      hausdorff: number;
    }[];
    auc: { target: number[]; score: number[]; value: number }[];
    accuracy: { target: number[]; score: number[]; value: number };
  }
  const fixture = readJson<Fixture>('metrics.json');
  const close = (actual: number, expected: number, message: string): boolean =>
    t.true(
      Math.abs(actual - expected) < 1e-6 * Math.max(1, expected),
      `${message}: ${actual}, not ${expected}`,
    );
  for (const mask of fixture.masks) {
    const target = ndarray(Uint8Array.from(mask.target), mask.shape);
    const score = ndarray(Float32Array.from(mask.score), mask.shape);
    const { spacing } = mask;
    close(dice(target, score), mask.dice, 'dice');
    close(iou(target, score), mask.iou, 'iou');
    close(meanIou(target, score), mask.meanIou, 'mean iou');
    close(hausdorff95(target, score, { spacing }), mask.hausdorff95, 'hausdorff 95');
    close(hausdorff95(target, score, { spacing, percentile: 100 }), mask.hausdorff, 'hausdorff');
    // The memory layout of an array does not matter.
    const fortran = ndarray(new Uint8Array(target.size), [...mask.shape].reverse()).transpose(
      2,
      1,
      0,
    );
    for (let x = 0; x < mask.shape[0]; x++)
      for (let y = 0; y < mask.shape[1]; y++)
        for (let z = 0; z < mask.shape[2]; z++) fortran.set(x, y, z, target.get(x, y, z));
    close(dice(fortran, score), mask.dice, 'dice of a transposed view');
    close(
      hausdorff95(fortran, score, { spacing }),
      mask.hausdorff95,
      'hausdorff of a transposed view',
    );
  }
  for (const { target, score, value } of fixture.auc) {
    close(auc(ndarray(Uint8Array.from(target)), ndarray(Float64Array.from(score))), value, 'auc');
  }
  const { target, score, value } = fixture.accuracy;
  const rows = (data: number[]) => ndarray(Float64Array.from(data), [40, 3]);
  close(accuracy(rows(target), rows(score)), value, 'accuracy');
});

test('metrics of empty masks and of arrays that do not belong together', (t) => {
  const empty = ndarray(new Uint8Array(27), [3, 3, 3]);
  const full = ndarray(new Uint8Array(27).fill(1), [3, 3, 3]);
  t.is(dice(empty, empty), 1);
  t.is(dice(empty, empty, { empty: 0 }), 0);
  t.is(iou(empty, full), 0);
  t.is(meanIou(empty, empty), 1);
  t.is(meanIou(full, full), 1);
  t.is(hausdorff95(full, full), 0);
  t.is(hausdorff95(empty, full), Number.POSITIVE_INFINITY);
  t.true(Number.isNaN(hausdorff95(empty, empty)));
  t.throws(() => dice(empty, ndarray(new Uint8Array(9), [3, 3])), { instanceOf: OptionError });
  t.throws(
    () => hausdorff95(ndarray(new Uint8Array(9), [3, 3]), ndarray(new Uint8Array(9), [3, 3])),
    {
      instanceOf: OptionError,
    },
  );
  t.throws(() => auc(empty, full), { instanceOf: OptionError });
  t.is(accuracy(ndarray(Uint8Array.of(1, 0)), ndarray(Float32Array.of(0.7, 0.6))), 0.5);
});
