import { GenesisAdam, GenesisSgd } from '@genesis/core/kernels';
import { noise, relativeError } from '@genesis/testing';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import { onEveryIsa, runNative, valuesOn } from './support.js';

const SIZE = 40_003;

function inputs(): Record<string, tf.Tensor> {
  return {
    param: tf.tensor1d(noise(SIZE, 1)),
    grad: tf.tensor1d(noise(SIZE, 2)),
    velocity: tf.tensor1d(noise(SIZE, 3)),
    m: tf.tensor1d(noise(SIZE, 4)),
    v: tf.tensor1d(noise(SIZE, 5).map(Math.abs)),
  };
}

test.serial('SGD follows PyTorch: v = m·v + g + λ·p, p −= rate·v', async (t) => {
  const [p, g, v] = [noise(SIZE, 1), noise(SIZE, 2), noise(SIZE, 3)];
  for (const nesterov of [false, true]) {
    const attrs = { learningRate: 0.1, momentum: 0.9, nesterov, weightDecay: 0.01 };
    const velocity = Float64Array.from(p, (x, i) => 0.9 * v[i] + g[i] + 0.01 * x);
    const param = Float64Array.from(
      p,
      (x, i) => x - 0.1 * (nesterov ? g[i] + 0.01 * x + 0.9 * velocity[i] : velocity[i]),
    );
    await onEveryIsa(async () => {
      const actual = await valuesOn('native', () => runNative(GenesisSgd, inputs(), attrs));
      t.true(relativeError(actual[0], param) < 1e-6);
      t.true(relativeError(actual[1], velocity) < 1e-6);
    });
  }
});

test.serial('Adam and AdamW follow PyTorch', async (t) => {
  const [p, g, m0] = [noise(SIZE, 1), noise(SIZE, 2), noise(SIZE, 4)];
  const v0 = noise(SIZE, 5).map(Math.abs);
  for (const decoupled of [false, true]) {
    const step = 3;
    const attrs = {
      ...{ learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      ...{ weightDecay: 0.1, decoupled, step },
    };
    const grad = Float64Array.from(g, (x, i) => x + (decoupled ? 0 : 0.1 * p[i]));
    const m = Float64Array.from(grad, (x, i) => 0.9 * m0[i] + 0.1 * x);
    const v = Float64Array.from(grad, (x, i) => 0.999 * v0[i] + 0.001 * x * x);
    const param = Float64Array.from(p, (x, i) => {
      const root = Math.sqrt(v[i]) / Math.sqrt(1 - 0.999 ** step) + 1e-8;
      const kept = decoupled ? x * (1 - 0.01 * 0.1) : x;
      return kept - ((0.01 / (1 - 0.9 ** step)) * m[i]) / root;
    });
    await onEveryIsa(async () => {
      const actual = await valuesOn('native', () => runNative(GenesisAdam, inputs(), attrs));
      t.true(relativeError(actual[0], param) < 1e-6);
      t.true(relativeError(actual[1], m) < 1e-6);
      t.true(relativeError(actual[2], v) < 1e-6);
    });
  }
});

test.serial('the inputs of an update stay as they were', async (t) => {
  await tf.setBackend('native');
  tf.tidy(() => {
    const given = inputs();
    runNative(GenesisSgd, given, {
      learningRate: 1,
      momentum: 0.5,
      nesterov: false,
      weightDecay: 0,
    });
    t.deepEqual(given.param.dataSync(), noise(SIZE, 1));
    t.deepEqual(given.velocity.dataSync(), noise(SIZE, 3));
  });
});
