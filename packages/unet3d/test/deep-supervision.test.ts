import {
  adam,
  ceDice,
  computeGradients,
  crossEntropy,
  deeplySupervised,
  deepSupervision,
  disposeGradients,
  getWeights,
  residualUnet3d,
  stagesOf,
  UNet3dError,
  unet3d,
} from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import test from 'ava';
import { values } from './support/gradient-check.js';
import { useEngine } from './support/use-engine.js';

test.before(() => useEngine('cpu'));

/** Classes of the voxels by which third of the values they are in, one-hot. */
function oneHot(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const classes = tf.add(
      tf.cast(tf.greater(x, -0.3), 'int32'),
      tf.cast(tf.greater(x, 0.3), 'int32'),
    );
    return tf.cast(tf.oneHot(tf.reshape(classes, x.shape.slice(0, 4)), 3), 'float32');
  });
}

test.serial(
  'outputs at each resolution but the coarsest, which share the layers of the network',
  async (t) => {
    const softmax = { outChannels: 3, head: 'softmax' } as const;
    const plain = unet3d({ inputShape: [16, 16, 16, 1], width: 2, levels: 5, ...softmax });
    const model = deeplySupervised(plain, softmax);
    t.deepEqual(
      model.outputs.map(({ shape }) => shape.slice(1)),
      [
        [16, 16, 16, 3],
        [8, 8, 8, 3],
        [4, 4, 4, 3],
      ],
    );
    t.is(stagesOf(model)[0], 'head.');
    const before = new Map(await getWeights(model));
    const optimizer = adam({ learningRate: 1e-2 });
    const x = values([1, 16, 16, 16, 1], 1);
    const y = oneHot(x);
    const losses: number[] = [];
    for (let step = 0; step < 8; step++) {
      const found = computeGradients(model, x, [y], deepSupervision(ceDice()));
      losses.push((await found.loss.data())[0]);
      optimizer.step(found.grads, model);
      disposeGradients(found);
    }
    t.true(losses[7] < losses[0], losses.join(' '));
    const after = await getWeights(model);
    for (const name of ['head.level1.kernel', 'head.level2.kernel', 'encoder.3.b.conv.kernel']) {
      t.notDeepEqual(after.get(name)?.data, before.get(name)?.data, name);
    }
    // The network itself has learnt, and gives what the first output gives.
    const [a, b] = tf.tidy(() => [
      plain.predictOnBatch(x) as tf.Tensor,
      (model.predictOnBatch(x) as tf.Tensor[])[0],
    ]);
    t.deepEqual(await a.data(), await b.data());
    tf.dispose([a, b, x, y]);
    optimizer.dispose();
    model.dispose();
  },
);

test.serial(
  'the loss is the sum over the resolutions, each half as heavy as the one before',
  async (t) => {
    const y = oneHot(values([2, 4, 4, 4, 1], 3));
    const p = tf.tidy(() => tf.softmax(values([2, 4, 4, 4, 3], 4)));
    const half = tf.tidy(() => tf.softmax(values([2, 2, 2, 2, 3], 5)));
    const total = deepSupervision(crossEntropy)([y], [p, half]);
    // The mean of the target over 2×2×2 voxels, by hand.
    const data = await y.data();
    const mean = new Float32Array(2 * 8 * 3);
    for (let n = 0; n < 2; n++)
      for (let i = 0; i < 4; i++)
        for (let j = 0; j < 4; j++)
          for (let k = 0; k < 4; k++)
            for (let c = 0; c < 3; c++)
              mean[(((n * 2 + (i >> 1)) * 2 + (j >> 1)) * 2 + (k >> 1)) * 3 + c] +=
                data[(((n * 4 + i) * 4 + j) * 4 + k) * 3 + c] / 8;
    const target = tf.tensor(mean, [2, 2, 2, 2, 3]);
    const [fine, second] = [crossEntropy(y, p), crossEntropy(target, half)];
    const expected = ((await fine.data())[0] * 2) / 3 + (await second.data())[0] / 3;
    t.true(Math.abs((await total.data())[0] - expected) < 1e-6);
    const one = deepSupervision(crossEntropy)([y], [p]);
    t.is((await one.data())[0], (await fine.data())[0]);
    tf.dispose([y, p, half, total, target, fine, second, one]);
  },
);

test.serial('the residual network has them too; what has no decoder is refused', (t) => {
  const plain = residualUnet3d({
    inputShape: [16, 16, 16, 1],
    features: [2, 4, 4, 4],
    blocks: [1, 1, 1, 1],
  });
  const model = deeplySupervised(plain, { outChannels: 1, head: 'sigmoid' });
  t.deepEqual(
    model.outputs.map(({ shape }) => shape[1]),
    [16, 8],
  );
  model.dispose();
  const input = tfl.input({ shape: [2] });
  const dense = tfl.model({
    inputs: input,
    outputs: tfl.layers.dense({ units: 1 }).apply(input) as tfl.SymbolicTensor,
  });
  t.is(
    t.throws(() => deeplySupervised(dense, { outChannels: 1, head: 'sigmoid' }), {
      instanceOf: UNet3dError,
    })?.code,
    'no-decoder',
  );
  dense.dispose();
});

test.serial('without skip connections all goes through the deepest level', async (t) => {
  for (const model of [
    unet3d({ inputShape: [8, 8, 8, 1], width: 2, levels: 3, skips: false }),
    residualUnet3d({
      inputShape: [8, 8, 8, 1],
      features: [2, 4, 4],
      blocks: [1, 1, 1],
      skips: false,
    }),
  ]) {
    t.false(model.layers.some(({ name }) => name.endsWith('.concat')));
    t.deepEqual(model.outputs[0].shape, [null, 8, 8, 8, 1]);
    const x = values([1, 8, 8, 8, 1], 2);
    const y = tf.zerosLike(x);
    const found = computeGradients(
      model,
      x,
      y,
      (a, b) => tf.mean(tf.square(tf.sub(a, b))) as tf.Scalar,
    );
    const gradient =
      await found.grads[
        model.name === 'unet3d' ? 'encoder.2.b.conv.kernel' : 'encoder.2.0.a.conv.kernel'
      ].data();
    t.true(gradient.some((value) => value !== 0));
    disposeGradients(found);
    tf.dispose([x, y]);
    model.dispose();
  }
});
