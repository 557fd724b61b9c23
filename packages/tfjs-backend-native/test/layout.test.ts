import { GenesisUpsample3d, GenesisUpsample3dGrad } from '@genesis/core/kernels';
import { noise, relativeError } from '@genesis/testing';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import fc from 'fast-check';
import { onEveryIsa, runNative, sizeOf, valuesOn } from './support.js';

const shapes = fc
  .array(fc.constantFrom(1, 2, 3, 5, 17, 33), { minLength: 1, maxLength: 5 })
  .filter((shape) => sizeOf(shape) < 20000);

async function same(t: import('ava').ExecutionContext, f: () => tf.Tensor | tf.Tensor[]) {
  t.deepEqual(await valuesOn('native', f), await valuesOn('cpu', f));
}

const dtypes = fc.constantFrom<'float32' | 'int32' | 'bool'>('float32', 'int32', 'bool');

function numbered(shape: number[], dtype: 'float32' | 'int32' | 'bool'): tf.Tensor {
  const values = Int32Array.from({ length: sizeOf(shape) }, (_, i) =>
    dtype === 'bool' ? i % 2 : i,
  );
  return tf.tensor(values, shape, dtype);
}

test.serial(
  'slice, split, pad, tile, transpose and concat move every element as stock does',
  async (t) => {
    const cases = shapes.chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        dtype: dtypes,
        axis: fc.nat(shape.length - 1),
        begin: fc.tuple(...shape.map((n) => fc.nat(n - 1))),
        before: fc.tuple(...shape.map(() => fc.nat(2))),
        after: fc.tuple(...shape.map(() => fc.nat(2))),
        reps: fc.tuple(...shape.map(() => fc.integer({ min: 1, max: 2 }))),
        perm: fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ shape, dtype, axis, begin, before, after, reps, perm }) => {
        await same(t, () => {
          const x = numbered(shape, dtype);
          const paddings = shape.map((_, i) => [before[i], after[i]] as [number, number]);
          const half = Math.floor(shape[axis] / 2);
          return [
            tf.slice(x, begin),
            ...tf.split(x, half > 0 ? [half, shape[axis] - half] : 1, axis),
            tf.pad(x, paddings, 1),
            tf.tile(x, reps),
            tf.transpose(x, perm),
            tf.concat(
              [
                x,
                x,
                tf.slice(
                  x,
                  begin.map((at, i) => (i === axis ? at : 0)),
                ),
              ],
              axis,
            ),
          ];
        });
      }),
      { seed: 13, numRuns: 120 },
    );
  },
);

test.serial('max pooling and its gradient, ties and padding included', async (t) => {
  const cases = fc.record({
    shape: fc.tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom(1, 2, 3, 4, 7),
      fc.constantFrom(1, 2, 3, 4, 7),
      fc.constantFrom(1, 2, 3, 4, 7),
      fc.constantFrom(1, 3, 16, 33),
    ),
    // One size for the three axes: the stock gradient mixes up the axes of other windows.
    filter: fc.integer({ min: 1, max: 3 }),
    strides: fc.integer({ min: 1, max: 3 }),
    pad: fc.constantFrom<'same' | 'valid'>('same', 'valid'),
    negative: fc.boolean(),
  });
  const valid = cases.filter(
    ({ shape, filter, pad }) => pad === 'same' || shape.slice(1, 4).every((n) => n >= filter),
  );
  await fc.assert(
    fc.asyncProperty(valid, async ({ shape, filter, strides, pad, negative }) => {
      const values = noise(sizeOf(shape), 3).map((v) => Math.round(v * 3) - (negative ? 9 : 0));
      const f = () => {
        const x = tf.tensor(values, shape) as tf.Tensor5D;
        const y = tf.maxPool3d(x, filter, strides, pad);
        const dy = tf.tensor(noise(y.size, 4), y.shape) as tf.Tensor5D;
        const dx = tf.grad((x) => tf.maxPool3d(x as tf.Tensor5D, filter, strides, pad))(x, dy);
        return [y, dx];
      };
      const native = await valuesOn('native', f);
      const stock = await valuesOn('cpu', f);
      t.deepEqual(native[0], stock[0]);
      t.true(relativeError(native[1], stock[1]) < 1e-6);
    }),
    { seed: 17, numRuns: 80 },
  );
});

test.serial('repetition along the axes and its gradient', async (t) => {
  await onEveryIsa(async () => {
    for (const [shape, size] of [
      [
        [2, 3, 4, 5, 7],
        [2, 2, 2],
      ],
      [
        [1, 2, 2, 2, 33],
        [1, 3, 2],
      ],
    ] as [number[], [number, number, number]][]) {
      const [, d, h, w, c] = shape as [number, number, number, number, number];
      const [up, down] = await valuesOn('native', () => {
        const x = tf.tensor(noise(sizeOf(shape), 1), shape);
        const [y] = runNative(GenesisUpsample3d, { x }, { size });
        return [y, ...runNative(GenesisUpsample3dGrad, { dy: y }, { size })];
      });
      const x = noise(sizeOf(shape), 1);
      const count = size[0] * size[1] * size[2];
      t.true(
        relativeError(
          down,
          x.map((v) => v * count),
        ) < 1e-6,
      );
      t.is(up.length, x.length * count);
      for (let i = 0; i < up.length; i += 13) {
        const at = [c, w * size[2], h * size[1], d * size[0]].reduce<[number, number[]]>(
          ([rest, index], n) => [Math.floor(rest / n), [...index, rest % n]],
          [i, []],
        );
        const [n, [ci, wi, hi, di]] = at as [number, [number, number, number, number]];
        const from =
          (((n * d + Math.floor(di / size[0])) * h + Math.floor(hi / size[1])) * w +
            Math.floor(wi / size[2])) *
            c +
          ci;
        t.is(up[i], x[from]);
      }
    }
  });
});

test.serial('matrix products: transposed, batched, fused', async (t) => {
  const cases = fc.record({
    m: fc.constantFrom(1, 2, 7, 33, 65),
    n: fc.constantFrom(1, 3, 31, 64, 70),
    k: fc.constantFrom(1, 5, 16, 129),
    batchA: fc.constantFrom(1, 3),
    batchB: fc.constantFrom(1, 3),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    activation: fc.constantFrom<'linear' | 'relu' | 'elu' | 'sigmoid'>(
      'linear',
      'relu',
      'elu',
      'sigmoid',
    ),
  });
  await fc.assert(
    fc.asyncProperty(cases, async (c) => {
      const f = () => {
        const a = tf.tensor(
          noise(c.batchA * c.m * c.k, 1),
          c.transposeA ? [c.batchA, c.k, c.m] : [c.batchA, c.m, c.k],
        ) as tf.Tensor3D;
        const b = tf.tensor(
          noise(c.batchB * c.n * c.k, 2),
          c.transposeB ? [c.batchB, c.n, c.k] : [c.batchB, c.k, c.n],
        ) as tf.Tensor3D;
        const bias = tf.tensor1d(noise(c.n, 3));
        const { transposeA, transposeB, activation } = c;
        return [
          tf.matMul(a, b, transposeA, transposeB),
          tf.fused.matMul({ a, b, transposeA, transposeB, bias, activation }),
        ];
      };
      const native = await valuesOn('native', f);
      const stock = await valuesOn('cpu', f);
      native.forEach((values, i) => {
        t.true(relativeError(values, stock[i]) < 5e-6, JSON.stringify(c));
      });
    }),
    { seed: 19, numRuns: 80 },
  );
});
