import { relativeL2 } from '@genesis/testing';
import {
  accumulateGradients,
  adam,
  classifier,
  computeGradients,
  crossEntropy,
  diceLoss,
  discriminativeGroups,
  disposeGradients,
  type EngineName,
  encoderOf,
  freeze,
  getWeights,
  meanSquaredError,
  OptionError,
  residualUnet3d,
  segmenter,
  selectEngine,
  sgd,
  stagesOf,
  unet3d,
  unfreeze,
  unfreezeStages,
} from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';

import { testOn } from './support/engines.js';
import { values } from './support/gradient-check.js';

/** Values in [0, 1). */
const unit = (shape: number[], salt: number): tf.Tensor =>
  tf.tidy(() => tf.add(tf.mul(values(shape, salt), 0.5), 0.5));

/** Smooth volumes as targets, the same with noise as inputs: something that a network can learn. */
function batch(step: number): [tf.Tensor, tf.Tensor] {
  const shape = [1, 8, 8, 4, 1];
  const target = Float32Array.from({ length: 256 }, (_, i) => {
    const [z, y, x] = [i & 3, (i >> 2) & 7, i >> 5] as [number, number, number];
    return 0.5 + 0.4 * Math.sin(x / 2 + step) * Math.cos(y / 3) * Math.sin(z / 2 + 1);
  });
  const y = tf.tensor(target, shape);
  return [tf.tidy(() => tf.add(y, tf.mul(values(shape, step), 0.2))), y];
}

async function curve(steps: number): Promise<number[]> {
  const model = unet3d({ inputShape: [8, 8, 4, 1], width: 2, levels: 2, seed: 0 });
  const optimizer = sgd({ learningRate: 0.05, momentum: 0.9 });
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const [x, y] = batch(step % 8);
    const gradients = computeGradients(model, x, y, meanSquaredError);
    optimizer.step(gradients.grads, model);
    losses.push((await gradients.loss.data())[0]);
    disposeGradients(gradients);
    tf.dispose([x, y]);
  }
  optimizer.dispose();
  model.dispose();
  return losses;
}

/** How far the mean loss of each ten steps may be from the cpu engine's, relative. */
const CURVE_TOLERANCE: Record<EngineName, number> = {
  cpu: 0,
  native: 0.02,
  webgpu: 0.02,
  tensorflow: 0.02,
  'tensorflow-gpu': 0.02,
};
const STEPS = 200;

let cpuCurve: Promise<number[]> | undefined;

for (const engine of ['native', 'webgpu', 'tensorflow', 'tensorflow-gpu'] as const) {
  testOn(
    engine,
    `${STEPS} steps on ${engine} follow the loss curve of the cpu engine`,
    async (t) => {
      const losses = await curve(STEPS);
      await selectEngine('cpu');
      cpuCurve ??= curve(STEPS);
      const expected = await cpuCurve;
      t.true(
        Math.abs(losses[0] / expected[0] - 1) < 1e-5,
        `first loss: ${losses[0]} ${expected[0]}`,
      );
      let worst = 0;
      for (let start = 0; start < STEPS; start += 10) {
        const mean = (all: number[]): number =>
          all.slice(start, start + 10).reduce((a, b) => a + b, 0);
        worst = Math.max(worst, Math.abs(mean(losses) / mean(expected) - 1));
      }
      t.log(`largest relative distance of a ten-step mean: ${worst.toExponential(1)}`);
      t.true(worst <= CURVE_TOLERANCE[engine], `${worst}`);
      const last = expected.slice(-8).reduce((a, b) => a + b, 0);
      t.true(last < 0.3 * expected.slice(0, 8).reduce((a, b) => a + b, 0), 'the network learns');
    },
  );
}

for (const engine of ['cpu', 'native'] as const) {
  testOn(engine, `no tensor leaks over 1,000 steps on ${engine}`, async (t) => {
    const steps = engine === 'native' ? 1000 : 100;
    const before = tf.memory().numTensors;
    const model = unet3d({ inputShape: [4, 4, 4, 1], width: 1, levels: 2, activation: 'prelu' });
    const optimizer = adam();
    const [x, y] = [unit([1, 4, 4, 4, 1], 1), unit([1, 4, 4, 4, 1], 2)];
    let steady = 0;
    for (let step = 0; step < steps; step++) {
      const gradients = computeGradients(model, x, y, meanSquaredError);
      optimizer.step(gradients.grads, model);
      disposeGradients(gradients);
      if (step === 0) steady = tf.memory().numTensors;
      else if (tf.memory().numTensors !== steady) t.fail(`step ${step}: ${tf.memory().numTensors}`);
    }
    t.is(tf.memory().numTensors, steady);
    optimizer.dispose();
    model.dispose();
    tf.dispose([x, y]);
    t.is(tf.memory().numTensors, before);
  });
}

test.serial(
  'a run that is continued from saved weights and state gives the same bits',
  async (t) => {
    await selectEngine('cpu');
    const { setWeights } = await import('@genesis/unet3d');
    const x = unit([1, 4, 4, 4, 1], 1);
    const start = (): ReturnType<typeof unet3d> =>
      unet3d({ inputShape: [4, 4, 4, 1], width: 1, levels: 2, norm: 'batchRunning' });
    const run = (model: ReturnType<typeof start>, optimizer: ReturnType<typeof adam>): void => {
      for (let i = 0; i < 3; i++) {
        const gradients = computeGradients(model, x, x, meanSquaredError);
        optimizer.step(gradients.grads, model);
        disposeGradients(gradients);
      }
    };
    const [a, b] = [start(), start()];
    const [first, second] = [adam({ learningRate: 0.01 }), adam({ learningRate: 0.01 })];
    run(a, first);
    setWeights(b, await getWeights(a));
    second.setState(await first.state());
    run(a, first);
    run(b, second);
    const [end, resumed] = [await getWeights(a), await getWeights(b)];
    for (const [name, { data }] of end) t.deepEqual(resumed.get(name)!.data, data, name);
    first.dispose();
    second.dispose();
    a.dispose();
    b.dispose();
    x.dispose();
  },
);

test.serial('accumulated gradients of two halves are those of the whole', async (t) => {
  await selectEngine('cpu');
  const model = unet3d({ inputShape: [4, 4, 4, 1], width: 1, levels: 2, norm: 'instance' });
  const [x, y] = [unit([2, 4, 4, 4, 1], 1), unit([2, 4, 4, 4, 1], 2)];
  const before = tf.memory().numTensors;
  const whole = computeGradients(model, x, y, meanSquaredError);
  const sum = accumulateGradients();
  for (const i of [0, 1]) {
    const [xi, yi] = [x, y].map((v) => tf.slice(v, [i, 0, 0, 0, 0], [1, -1, -1, -1, -1])) as [
      tf.Tensor,
      tf.Tensor,
    ];
    const part = computeGradients(model, xi, yi, meanSquaredError);
    sum.add(part.grads);
    disposeGradients(part);
    tf.dispose([xi, yi]);
  }
  t.is(sum.count, 2);
  const mean = sum.take();
  t.is(sum.count, 0);
  for (const name of ['head.conv.kernel', 'encoder.0.b.norm.gamma', 'decoder.0.up.kernel']) {
    const error = relativeL2(await mean[name].data(), await whole.grads[name].data());
    t.true(error < 1e-5, `${name}: ${error}`);
  }
  tf.dispose(mean);
  disposeGradients(whole);
  t.is(tf.memory().numTensors, before);
  model.dispose();
  tf.dispose([x, y]);
});

test.serial('heads take over a network, freeze and train it', async (t) => {
  await selectEngine('cpu');
  const before = tf.memory().numTensors;
  const x = unit([2, 8, 8, 8, 1], 1);
  for (const build of [
    () => unet3d({ inputShape: [8, 8, 8, 1], width: 1, levels: 3 }),
    () => residualUnet3d({ inputShape: [8, 8, 8, 1], features: [2, 3, 4], blocks: [1, 1, 1] }),
  ]) {
    const labels = tf.tensor2d([
      [1, 0, 0],
      [0, 0, 1],
    ]);
    const source = build();
    const encoded = encoderOf(source).predict(x) as tf.Tensor;
    t.deepEqual(encoded.shape.slice(0, 4), [2, 2, 2, 2]);
    encoded.dispose();
    const net = classifier(source, { classes: 3, hidden: 5, freezeEncoder: true });
    t.deepEqual(net.outputs[0].shape, [null, 3]);
    const gradients = computeGradients(net, x, labels, crossEntropy);
    t.deepEqual(Object.keys(gradients.grads).sort(), [
      'head.dense.bias',
      'head.dense.kernel',
      'head.out.bias',
      'head.out.kernel',
    ]);
    disposeGradients(gradients);
    unfreeze(net, 'encoder.');
    const all = computeGradients(net, x, labels, crossEntropy);
    t.is(Object.keys(all.grads).length, net.weights.length);
    disposeGradients(all);
    freeze(net);
    t.throws(() => computeGradients(net, x, labels, crossEntropy), { instanceOf: OptionError });
    labels.dispose();
    net.dispose();
    t.is(tf.memory().numTensors, before + 1);

    const other = segmenter(build(), { classes: 3 });
    t.deepEqual(other.outputs[0].shape, [null, 8, 8, 8, 3]);
    const y = other.predict(x) as tf.Tensor;
    const sums = tf.tidy(() => tf.sum(tf.reshape(y, [-1, 3]), 1));
    t.true(
      (await sums.data()).every((v) => Math.abs(v - 1) < 1e-5),
      'softmax',
    );
    const trained = computeGradients(other, x, y, diceLoss());
    t.is(Object.keys(trained.grads).length, other.weights.length);
    disposeGradients(trained);
    tf.dispose([y, sums]);
    other.dispose();
    t.is(tf.memory().numTensors, before + 1);
  }
  x.dispose();
});

test.serial('stages unfreeze from the output on and learn at their own rates', async (t) => {
  await selectEngine('cpu');
  const model = unet3d({ inputShape: [8, 8, 8, 1], width: 1, levels: 3 });
  t.deepEqual(stagesOf(model), [
    'head.',
    'decoder.0.',
    'decoder.1.',
    'encoder.2.',
    'encoder.1.',
    'encoder.0.',
  ]);
  t.deepEqual(unfreezeStages(model, 2), ['head.', 'decoder.0.']);
  const x = unit([1, 8, 8, 8, 1], 1);
  const few = computeGradients(model, x, x, meanSquaredError);
  t.true(Object.keys(few.grads).every((name) => /^(head|decoder\.0)\./.test(name)));
  disposeGradients(few);
  unfreezeStages(model, 6);
  const optimizer = sgd({ learningRate: 1, groups: discriminativeGroups(model, 0.5) });
  const before = await getWeights(model);
  const { loss, grads } = computeGradients(model, x, x, meanSquaredError);
  optimizer.step(grads, model);
  const after = await getWeights(model);
  for (const [name, rate] of [
    ['head.conv.kernel', 1],
    ['decoder.0.b.conv.kernel', 0.5],
    ['encoder.0.b.norm.beta', 1 / 32],
  ] as const) {
    const gradient = await grads[name].data();
    const expected = Float32Array.from(
      before.get(name)!.data as Float32Array,
      (w, i) => w - rate * gradient[i],
    );
    t.true(relativeL2(after.get(name)!.data, expected) < 1e-6, name);
  }
  tf.dispose([loss, grads, x]);
  optimizer.dispose();
  model.dispose();
});
