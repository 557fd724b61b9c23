import { noise, relativeError } from '@genesis/testing';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import fc from 'fast-check';
import { onEveryIsa, sizeOf, valuesOn } from './support.js';

const TOLERANCE = 5e-6;

const shapeAndAxes = fc
  .array(fc.constantFrom(1, 2, 3, 7, 16, 33, 100), { minLength: 1, maxLength: 5 })
  .filter((shape) => sizeOf(shape) < 40000)
  .chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      axes: fc.subarray([...shape.keys()]),
      keepDims: fc.boolean(),
    }),
  );

const reductions = { sum: tf.sum, mean: tf.mean, max: tf.max, min: tf.min };

for (const [name, reduction] of Object.entries(reductions)) {
  test.serial(`${name} over any axes`, async (t) => {
    await fc.assert(
      fc.asyncProperty(shapeAndAxes, async ({ shape, axes, keepDims }) => {
        const f = () => reduction(tf.tensor(noise(sizeOf(shape), 1), shape), axes, keepDims);
        const [native] = await valuesOn('native', f);
        const [stock] = await valuesOn('cpu', f);
        // Sums of both signs cancel: their error is measured against the sum of sizes.
        const [sizes] = await valuesOn('cpu', () =>
          reduction(tf.abs(tf.tensor(noise(sizeOf(shape), 1), shape)), axes, keepDims),
        );
        const error = relativeError(native, stock, sizes);
        t.true(error <= (name === 'sum' || name === 'mean' ? TOLERANCE : 0), `${error}`);
      }),
      { seed: 9, numRuns: 80 },
    );
  });
}

test.serial('long sums keep their digits', async (t) => {
  for (const [rows, columns] of [
    [1, 3_000_000],
    [131072, 31],
    [50000, 64],
    [3, 100003],
  ] as const) {
    const values = noise(rows * columns, 2).map((v) => v + 1);
    const all = new Float64Array(1);
    const byColumn = new Float64Array(columns);
    const byRow = new Float64Array(rows);
    values.forEach((v, i) => {
      all[0] += v;
      byColumn[i % columns] += v;
      byRow[Math.floor(i / columns)] += v;
    });
    await onEveryIsa(async () => {
      const actual = await valuesOn('native', () => {
        const x = tf.tensor(values, [rows, columns]);
        return [tf.sum(x), tf.sum(x, 0), tf.sum(x, 1)];
      });
      [all, byColumn, byRow].forEach((expected, i) => {
        t.true(relativeError(actual[i], expected) < 1e-6, `${rows}×${columns} ${i}`);
      });
    });
  }
});

test.serial('softmax rows sum to one, large logits do not overflow', async (t) => {
  for (const classes of [1, 2, 3, 5, 17, 1000]) {
    const logits = noise(257 * classes, 3).map((v, i) => (i % 11 === 0 ? v * 500 : v * 5));
    const f = () => tf.softmax(tf.tensor(logits, [257, classes]));
    const [stock] = await valuesOn('cpu', f);
    await onEveryIsa(async () => {
      const [native] = await valuesOn('native', f);
      t.true(relativeError(native, stock) < 1e-6);
    });
  }
});

test.serial('the same bits whatever the number of threads', async (t) => {
  const { nativeStatus, setNumThreads } = await import('@genesis/tfjs-backend-native');
  const { threads } = nativeStatus();
  const f = () => {
    const x = tf.tensor(noise(40 * 33 * 31 * 8, 4), [1, 40, 33, 31, 8]) as tf.Tensor5D;
    const filter = tf.tensor(noise(27 * 64, 5), [3, 3, 3, 8, 8]) as tf.Tensor5D;
    const y = tf.conv3d(x, filter, 1, 'same');
    const [dw] = tf.grads((w: tf.Tensor) => tf.square(tf.conv3d(x, w as tf.Tensor5D, 1, 'same')))([
      filter,
    ]);
    return [
      tf.sum(x),
      tf.sum(x, [0, 1, 2, 3]),
      y,
      dw,
      tf.softmax(x),
      tf.maxPool3d(x, 2, 2, 'same'),
    ];
  };
  setNumThreads(1);
  const one = await valuesOn('native', f);
  for (const count of [2, 3, 7]) {
    setNumThreads(count);
    t.deepEqual(await valuesOn('native', f), one, `${count} threads`);
  }
  setNumThreads(threads);
});
