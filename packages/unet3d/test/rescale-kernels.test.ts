import { relativeL2 } from '@genesis/testing';
import {
  getWeights,
  importWeights,
  type Norm,
  namedWeights,
  rescaleKernels,
  residualUnet3d,
  unet3d,
} from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import test from 'ava';
import { readTensors } from './support/fixtures.js';
import { values } from './support/gradient-check.js';
import { nnunetNetwork } from './support/nnunet-network.js';
import { useEngine } from './support/use-engine.js';

test.before(() => useEngine('cpu'));

/** What training does to weights: kernels grow, each layer by another factor, and statistics are what they give. */
function grow(model: LayersModel): void {
  let n = 0;
  for (const [name, weight] of namedWeights(model)) {
    const change = (f: (old: tf.Tensor) => tf.Tensor): void =>
      tf.tidy(() => void weight.write(f(weight.read())));
    const salt = ++n;
    if (/conv\.(kernel|bias)$/.test(name)) change((old) => tf.mul(old, 1.5 + (salt % 5) / 2));
    if (/norm\.gamma$/.test(name))
      change((old) => tf.add(old, tf.mul(values(old.shape, salt), 0.3)));
    if (/norm\.(beta|movingMean)$/.test(name))
      change((old) => tf.mul(values(old.shape, salt), 0.2));
    if (/movingVariance$/.test(name))
      change((old) => tf.square(tf.add(values(old.shape, salt), 1.1)));
  }
}

async function output(model: LayersModel, x: tf.Tensor, training = false): Promise<Float32Array> {
  const y = tf.tidy(() => model.apply(x, { training }) as tf.Tensor);
  const found = (await y.data()) as Float32Array;
  y.dispose();
  return found;
}

async function kernelSizes(model: LayersModel): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const [name, { data, shape }] of await getWeights(model)) {
    if (!/conv\.kernel$/.test(name) || name.startsWith('head.')) continue;
    const squares = [...data].reduce((sum, value) => sum + value * value, 0);
    const fanIn = shape.slice(0, 4).reduce((a, b) => a * b, 1);
    sizes.set(name, Math.sqrt((squares / data.length) * 3 * fanIn));
  }
  return sizes;
}

const norms: readonly [string, Norm, number][] = [
  ['batch', 'batch', 1e-3],
  ['instance', 'instance', 1e-3],
  ['group', { groups: 2 }, 1e-3],
  ['batchRunning', 'batchRunning', 1e-5],
];

for (const [title, norm, tolerance] of norms) {
  test.serial(`${title}: kernels become as large as fresh ones, outputs stay`, async (t) => {
    const model = unet3d({ inputShape: [8, 8, 8, 1], width: 4, levels: 3, norm, seed: 1 });
    grow(model);
    const x = values([2, 8, 8, 8, 1], 7);
    const before = await output(model, x);
    const rescaled = await rescaleKernels(model);
    t.is(rescaled.length, 10);
    for (const { name, factor } of rescaled)
      t.true(factor < 0.8 && factor > 0.2, `${name} ${factor}`);
    t.true(relativeL2(await output(model, x), before) < tolerance);
    for (const [name, size] of await kernelSizes(model)) t.true(Math.abs(size - 1) < 1e-5, name);
    // Once more changes nothing.
    for (const { factor } of await rescaleKernels(model)) t.true(Math.abs(factor - 1) < 1e-5);
    x.dispose();
    model.dispose();
  });
}

test.serial('the residual network, and only what is named', async (t) => {
  const model = residualUnet3d({
    inputShape: [8, 8, 8, 1],
    features: [4, 8],
    blocks: [1, 2],
    seed: 1,
  });
  grow(model);
  const x = values([1, 8, 8, 8, 1], 3);
  const before = await output(model, x);
  const encoder = await rescaleKernels(model, (name) => name.startsWith('encoder.'));
  t.true(encoder.every(({ name }) => name.startsWith('encoder.')));
  t.true(encoder.some(({ name }) => name.includes('.skip.')));
  const rest = await rescaleKernels(model);
  t.true(
    rest
      .filter(({ factor }) => Math.abs(factor - 1) > 1e-5)
      .every(({ name }) => name.startsWith('decoder.')),
  );
  t.true(relativeL2(await output(model, x), before) < 1e-3);
  x.dispose();
  model.dispose();
});

test.serial('statistics that were not taken over stay as they begin', async (t) => {
  const model = unet3d({ inputShape: [8, 8, 8, 1], width: 2, levels: 2, norm: 'batchRunning' });
  await rescaleKernels(model, (name) => !name.includes('moving'));
  for (const [name, { data }] of await getWeights(model)) {
    if (/movingVariance$|gamma$/.test(name))
      t.true(
        data.every((value) => value === 1),
        name,
      );
  }
  model.dispose();
});

const official: readonly [string, () => LayersModel, boolean][] = [
  ['pytorch_relu_step10', () => unet3d({ inputShape: [8, 8, 8, 1], width: 2, levels: 3 }), false],
  [
    'keras_step10',
    () => unet3d({ inputShape: [8, 8, 8, 1], width: 2, levels: 3, variant: 'keras' }),
    true,
  ],
  ['nnunet_weights', () => nnunetNetwork(), false],
];

for (const [file, network, exact] of official) {
  test.serial(`weights of the reference programs, ${file}: outputs stay`, async (t) => {
    const model = network();
    const { matched } = importWeights(model, readTensors(file));
    // As after a long training.
    for (const [name, weight] of namedWeights(model)) {
      if (/conv\.(kernel|bias)$/.test(name) && !name.startsWith('head.')) {
        tf.tidy(() => void weight.write(tf.mul(weight.read(), 3)));
      }
    }
    const x = values([2, ...(model.inputs[0].shape.slice(1) as number[])], 5);
    const before = await output(model, x);
    const taken = new Set(matched);
    const rescaled = await rescaleKernels(model, (name) => taken.has(name));
    t.is(
      rescaled.length,
      matched.filter((name) => /\.conv\.kernel$/.test(name)).length -
        (matched.includes('head.conv.kernel') ? 1 : 0),
    );
    t.true(rescaled.every(({ factor }) => factor < 0.9));
    t.true(relativeL2(await output(model, x), before) < (exact ? 1e-5 : 2e-2));
    x.dispose();
    model.dispose();
  });
}
