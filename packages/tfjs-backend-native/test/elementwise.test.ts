import { noise, relativeError } from '@genesis/testing';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import fc from 'fast-check';
import { onEveryIsa, sizeOf, valuesOn } from './support.js';

const TOLERANCE = 5e-7;

const special = [0, -0, 1, -1, 0.5, -0.5, 1e-30, -1e-30, 1e-6, 20, -20, 88, -88, 89, -104];
const notFinite = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

const unary: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  abs: tf.abs,
  neg: tf.neg,
  exp: tf.exp,
  expm1: tf.expm1,
  log: tf.log,
  sqrt: tf.sqrt,
  rsqrt: tf.rsqrt,
  square: tf.square,
  reciprocal: tf.reciprocal,
  sigmoid: tf.sigmoid,
  tanh: tf.tanh,
  relu: tf.relu,
  relu6: tf.relu6,
  leakyRelu: (x) => tf.leakyRelu(x, 0.3),
  elu: tf.elu,
  selu: tf.selu,
  softplus: tf.softplus,
  step: (x) => tf.step(x, 0.25),
  sign: tf.sign,
  clip: (x) => tf.clipByValue(x, -0.25, 0.75),
};

/** Where the stock back end loses digits (eˣ − 1 near 0), the definition in float64 is the measure. */
const exact: Record<string, (x: number) => number> = {
  elu: (x) => (x < 0 ? Math.expm1(x) : x),
  selu: (x) => (x < 0 ? 1.7580993408473766 * Math.expm1(x) : 1.0507009873554805 * x),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
};

/** Largest relative error of single values, in units of what float32 can say. */
function worst(actual: Float32Array, expected: Float32Array): number {
  let error = 0;
  for (let i = 0; i < actual.length; i++) {
    const [a, e] = [actual[i], expected[i]];
    if (a === e || (Number.isNaN(a) && Number.isNaN(e))) continue;
    error = Math.max(error, Math.abs(a - e) / Math.max(Math.abs(e), 1e-37));
  }
  return error;
}

for (const [name, op] of Object.entries(unary)) {
  test.serial(`${name}: like the stock back end, special values too`, async (t) => {
    const scaled = noise(4099, 1).map((v, i) => v * 10 ** (i % 5) * 0.01);
    const values = Float32Array.from([...special, ...notFinite, ...scaled]);
    const f = () => op(tf.tensor1d(values));
    const definition = exact[name];
    const expected = definition ? values.map(definition) : (await valuesOn('cpu', f))[0];
    await onEveryIsa(async (isa) => {
      const [actual] = await valuesOn('native', f);
      const error = worst(actual, expected);
      t.true(error < 2e-6, `${isa}: ${error}`);
      t.true(relativeError(actual.subarray(18), expected.subarray(18)) <= TOLERANCE);
    });
  });
}

const binary: Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
  squaredDifference: tf.squaredDifference,
  prelu: tf.prelu,
  equal: tf.equal,
  notEqual: tf.notEqual,
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
};

/** Two shapes that broadcast, their values from few numbers so that equal ones occur. */
const shapePair = fc
  .tuple(
    fc.array(fc.constantFrom(1, 2, 3, 5, 17, 33), { minLength: 0, maxLength: 5 }),
    fc.array(fc.constantFrom('both', 'a', 'b'), { minLength: 5, maxLength: 5 }),
    fc.nat(2),
  )
  .filter(([shape]) => sizeOf(shape) < 20000)
  .map(([shape, kinds, drop]) => {
    const a = shape.map((n, i) => (kinds[i] === 'b' ? 1 : n));
    const b = shape.map((n, i) => (kinds[i] === 'a' ? 1 : n));
    // A shorter operand broadcasts over the leading axes.
    return { a, b: b.slice(Math.min(drop, b.length)) };
  });

for (const [name, op] of Object.entries(binary)) {
  test.serial(`${name}: any broadcast, like the stock back end`, async (t) => {
    await fc.assert(
      fc.asyncProperty(shapePair, async ({ a, b }) => {
        const values = (shape: number[], seed: number): Float32Array =>
          noise(sizeOf(shape), seed).map((v, i) => (i % 3 === 0 ? Math.round(v * 2) : v));
        const f = () => op(tf.tensor(values(a, 1), a), tf.tensor(values(b, 2), b));
        const [native] = await valuesOn('native', f);
        const [stock] = await valuesOn('cpu', f);
        t.true(worst(native, stock) < 4e-7, JSON.stringify({ a, b }));
      }),
      { seed: 5, numRuns: 60 },
    );
  });
}

test.serial('per-channel operands of every channel count, on every instruction set', async (t) => {
  for (const channels of [1, 2, 3, 7, 16, 31, 33, 64, 513]) {
    const f = () => {
      const x = tf.tensor(noise(37 * channels, 1), [37, channels]);
      const row = tf.tensor1d(noise(channels, 2));
      return [tf.add(x, row), tf.sub(row, x), tf.mul(x, 3), tf.div(tf.scalar(2), x)];
    };
    const stock = await valuesOn('cpu', f);
    await onEveryIsa(async () => {
      const native = await valuesOn('native', f);
      native.forEach((values, i) => {
        t.true(worst(values, stock[i]) < 2e-7);
      });
    });
  }
});

test.serial('not-a-number spreads as in the stock back end', async (t) => {
  const f = () => {
    const a = tf.tensor1d([Number.NaN, 1, Number.NaN, 2]);
    const b = tf.tensor1d([1, Number.NaN, Number.NaN, 3]);
    return [tf.maximum(a, b), tf.minimum(a, b), tf.max(a), tf.min(b), tf.relu(a), tf.sum(a)];
  };
  const stock = await valuesOn('cpu', f);
  (await valuesOn('native', f)).forEach((values, i) => {
    t.deepEqual([...values], [...stock[i]]);
  });
});

test.serial('where, casts, fills and sums of many', async (t) => {
  const size = 33 * 1031;
  const f = () => {
    const a = tf.tensor(noise(size, 1), [33, 1031]);
    const b = tf.tensor(noise(size, 2), [33, 1031]);
    const condition = tf.greater(a, b);
    return [
      tf.where(condition, a, b),
      tf.cast(condition, 'float32'),
      tf.cast(tf.cast(tf.mul(a, 10), 'int32'), 'float32'),
      tf.cast(tf.cast(tf.relu(a), 'bool'), 'int32'),
      tf.addN([a, b, a]),
      tf.fill([5, 7], 2.5),
      tf.zerosLike(a),
      tf.onesLike(a),
      tf.add(tf.cast(a, 'int32'), tf.cast(b, 'int32')),
    ];
  };
  const native = await valuesOn('native', f);
  const stock = await valuesOn('cpu', f);
  native.forEach((values, i) => {
    t.true(worst(values, stock[i]) < 2e-7, `${i}`);
  });
});

test.serial('gradients of activations go through native kernels', async (t) => {
  for (const op of [tf.relu, tf.elu, tf.selu, tf.sigmoid, tf.tanh, tf.softplus, tf.relu6, tf.abs]) {
    const f = () =>
      tf.grad((x) => op(x) as tf.Tensor)(tf.tensor1d(noise(100, 3).map((v) => v * 8)));
    const [native] = await valuesOn('native', f);
    const [stock] = await valuesOn('cpu', f);
    t.true(relativeError(native, stock) < 1e-6);
  }
});
