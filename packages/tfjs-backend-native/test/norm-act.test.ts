import { DEFAULT_ALPHA, GenesisNormAct, GenesisNormActGrad } from '@genesis/core/kernels';
import { noise, relativeError } from '@genesis/testing';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import fc from 'fast-check';
import { onEveryIsa, runNative, sizeOf, valuesOn } from './support.js';

const TOLERANCE = 5e-6;

interface Case {
  batch: number;
  voxels: number;
  channels: number;
  groups: 'batch' | 'instance' | number;
  activation: 'linear' | 'relu' | 'leakyRelu' | 'elu';
}

const ALPHA = 0.3;
const EPSILON = 1e-5;

/** Everything the two kernels return, in float64: y, mean, invStd, dx, dgamma, dbeta. */
function reference(
  { batch, voxels, channels, groups, activation }: Case,
  x: Float32Array,
  gamma: Float32Array,
  beta: Float32Array,
  dy: Float32Array,
): { values: number[]; scale: number[] }[] {
  const perChannel = groups === 'batch' ? channels : groups === 'instance' ? channels : groups;
  const outer = groups === 'batch' ? 1 : batch;
  const stat = (n: number, c: number): number =>
    (groups === 'batch' ? 0 : n) * perChannel + Math.floor(c / (channels / perChannel));
  const each = (f: (i: number, s: number, c: number) => void): void => {
    for (let n = 0; n < batch; n++) {
      for (let v = 0; v < voxels; v++) {
        for (let c = 0; c < channels; c++) f((n * voxels + v) * channels + c, stat(n, c), c);
      }
    }
  };
  const zeros = (length: number): number[] => new Array<number>(length).fill(0);
  const count = x.length / (outer * perChannel);
  const mean = zeros(outer * perChannel);
  const variance = zeros(mean.length);
  each((i, s) => {
    mean[s] += x[i] / count;
  });
  each((i, s) => {
    variance[s] += (x[i] - mean[s]) ** 2 / count;
  });
  const invStd = variance.map((v) => 1 / Math.sqrt(v + EPSILON));
  const y = zeros(x.length);
  const dz = zeros(x.length);
  const hat = zeros(x.length);
  const [dgamma, dbeta] = [zeros(channels), zeros(channels)];
  const [gammaTerms, betaTerms] = [zeros(channels), zeros(channels)];
  const [a, b] = [zeros(mean.length), zeros(mean.length)];
  each((i, s, c) => {
    hat[i] = (x[i] - mean[s]) * invStd[s];
    const z = gamma[c] * hat[i] + beta[c];
    const slope = {
      linear: 1,
      relu: z > 0 ? 1 : 0,
      leakyRelu: z > 0 ? 1 : ALPHA,
      elu: z > 0 ? 1 : ALPHA * Math.exp(z),
    }[activation];
    y[i] =
      z > 0 || activation === 'linear'
        ? z
        : activation === 'elu'
          ? ALPHA * Math.expm1(z)
          : slope * z;
    dz[i] = dy[i] * slope;
    dbeta[c] += dz[i];
    dgamma[c] += dz[i] * hat[i];
    betaTerms[c] += Math.abs(dz[i]);
    gammaTerms[c] += Math.abs(dz[i] * hat[i]);
    a[s] += (gamma[c] * dz[i]) / count;
    b[s] += (gamma[c] * dz[i] * hat[i]) / count;
  });
  const dx = zeros(x.length);
  each((i, s, c) => {
    dx[i] = invStd[s] * (gamma[c] * dz[i] - a[s] - hat[i] * b[s]);
  });
  return [y, mean, invStd, dx, dgamma, dbeta].map((values, i) => ({
    values,
    // Sums of both signs are measured against the sum of their terms' sizes.
    scale: [y, mean, invStd, dx, gammaTerms, betaTerms][i],
  }));
}

const anyCase: fc.Arbitrary<Case> = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    voxels: fc.constantFrom(2, 3, 17, 100, 1331),
    channels: fc.constantFrom(1, 3, 8, 31, 33, 64, 96),
    kind: fc.constantFrom('batch', 'instance', 'group'),
    activation: fc.constantFrom('linear', 'relu', 'leakyRelu', 'elu'),
  })
  .map(({ kind, ...rest }) => ({
    ...rest,
    activation: rest.activation,
    groups: kind === 'group' ? ([8, 3, 1].find((g) => rest.channels % g === 0) as number) : kind,
  }))
  .filter((c) => c.voxels * (c.groups === 'batch' ? c.batch : 1) > 4);

test.serial('forward and backward match float64', async (t) => {
  await onEveryIsa(async (isa) => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (c) => {
        const shape = [c.batch, c.voxels, 1, 1, c.channels];
        // A mean of 5 standard deviations: sums of squares would lose digits that the pieces keep.
        const x = noise(sizeOf(shape), 1).map((v) => v + 3);
        const gamma = noise(c.channels, 2).map((v) => v + 1.5);
        const beta = noise(c.channels, 3);
        const dy = noise(x.length, 4);
        const expected = reference(c, x, gamma, beta, dy);
        const attrs = {
          groups: c.groups,
          epsilon: EPSILON,
          activation: c.activation,
          alpha: ALPHA,
        };
        const actual = await valuesOn('native', () => {
          const inputs = {
            x: tf.tensor(x, shape),
            gamma: tf.tensor1d(gamma),
            beta: tf.tensor1d(beta),
          };
          const [y, mean, invStd] = runNative(GenesisNormAct, inputs, attrs);
          const grads = runNative(
            GenesisNormActGrad,
            { ...inputs, dy: tf.tensor(dy, shape), mean: mean, invStd: invStd },
            attrs,
          );
          return [y, mean, invStd, ...grads];
        });
        actual.forEach((values, i) => {
          const error = relativeError(values, expected[i].values, expected[i].scale);
          t.true(error <= TOLERANCE, `${isa} output ${i}: ${error} ${JSON.stringify(c)}`);
        });
      }),
      { seed: 3, numRuns: 80 },
    );
  });
});

test.serial('one value per channel: mean is the value, nothing is divided by zero', async (t) => {
  const [y, mean] = await valuesOn('native', () =>
    runNative(
      GenesisNormAct,
      {
        x: tf.tensor([1, 2, 3], [1, 1, 1, 1, 3]),
        gamma: tf.ones([3]),
        beta: tf.tensor1d([0, -1, 1]),
      },
      { groups: 'batch', epsilon: 1e-5, activation: 'relu' },
    ),
  );
  t.deepEqual([...mean], [1, 2, 3]);
  t.deepEqual([...y], [0, 0, 1]);
});

test.serial('an alpha that is not given is the one of the contract', async (t) => {
  const shape = [1, 5, 1, 1, 3];
  const inputs = () => ({
    x: tf.tensor(noise(15, 5), shape),
    gamma: tf.ones([3]),
    beta: tf.zeros([3]),
  });
  for (const [activation, alpha] of [
    ['leakyRelu', 0.01],
    ['elu', 1],
  ] as const) {
    const attrs = { groups: 'batch', epsilon: EPSILON, activation };
    const both = await valuesOn('native', () => [
      runNative(GenesisNormAct, inputs(), attrs)[0],
      runNative(GenesisNormAct, inputs(), { ...attrs, alpha })[0],
    ]);
    t.deepEqual(both[0], both[1], activation);
    t.is(DEFAULT_ALPHA[activation], alpha);
  }
});

test.serial('groups that do not divide the channels are refused', async (t) => {
  await tf.setBackend('native');
  tf.tidy(() => {
    const inputs = { x: tf.ones([1, 2, 2, 2, 6]), gamma: tf.ones([6]), beta: tf.zeros([6]) };
    t.throws(
      () => runNative(GenesisNormAct, inputs, { groups: 4, epsilon: 1e-5, activation: 'linear' }),
      { message: /6 channels into 4/ },
    );
  });
});
