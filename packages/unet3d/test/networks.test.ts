import { relativeL2 } from '@genesis/testing';
import {
  computeGradients,
  disposeGradients,
  fromTensor,
  getWeights,
  importWeights,
  LoadWeightsError,
  mapKerasWeights,
  mapPytorchWeights,
  meanSquaredError,
  OptionError,
  residualUnet3d,
  selectEngine,
  setWeights,
  sgd,
  toTensor,
  type UNet3dOpts,
  unet3d,
} from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import test from 'ava';
import ndarray from 'ndarray';

import { ENGINES } from './conformance/engines.js';
import { OUTPUT_TOLERANCE, testOn } from './support/engines.js';
import { readTensors } from './support/fixtures.js';
import { nnunetNetwork } from './support/nnunet-network.js';

const WEIGHT_TOLERANCE = 1e-4;

async function outputOf(
  model: LayersModel,
  x: tf.Tensor,
  training: boolean,
): Promise<Float32Array> {
  const y = tf.tidy(() => model.apply(x, { training }) as tf.Tensor);
  const array = await fromTensor(y);
  y.dispose();
  return array.data as Float32Array;
}

test.serial('the default networks have the parameters of the reference', async (t) => {
  await selectEngine('cpu');
  const pytorch = unet3d({ inputShape: [64, 64, 32, 1] });
  t.is(pytorch.countParams(), 19_073_665);
  t.deepEqual(pytorch.outputs[0].shape, [null, 64, 64, 32, 1]);
  pytorch.dispose();
  const keras = unet3d({ inputShape: [64, 64, 32, 1], variant: 'keras' });
  const trainable = keras.trainableWeights.reduce(
    (n, w) => n + w.shape.reduce((a, b) => a! * b!, 1)!,
    0,
  );
  t.is(trainable, 16_320_257);
  // Keras counts running means and variances too: two for each of the 2,336 normalised channels.
  t.is(keras.countParams(), 16_320_257 + 2 * 2_336);
  keras.dispose();
  t.is(tf.memory().numTensors, 0);
});

const REFERENCES: {
  name: string;
  dialect: string;
  model: UNet3dOpts;
  sizes: number;
  modes: string[];
}[] = [
  {
    name: 'pytorch_relu',
    dialect: 'pytorch',
    model: { inputShape: [null, null, null, 1], width: 2, levels: 3, seed: 9 },
    sizes: 2,
    modes: ['train', 'eval'],
  },
  {
    name: 'pytorch_prelu',
    dialect: 'pytorch',
    model: {
      inputShape: [null, null, null, 2],
      width: 2,
      levels: 2,
      activation: 'prelu',
      outChannels: 3,
    },
    sizes: 1,
    modes: ['train', 'eval'],
  },
  {
    name: 'pytorch_elu',
    dialect: 'pytorch',
    model: { inputShape: [null, null, null, 1], width: 2, levels: 2, activation: 'elu' },
    sizes: 1,
    modes: ['train', 'eval'],
  },
  {
    name: 'keras',
    dialect: 'keras',
    model: { inputShape: [null, null, null, 1], width: 2, levels: 3, variant: 'keras' },
    sizes: 2,
    modes: ['eval'],
  },
];

for (const engine of ENGINES) {
  for (const { name, dialect, model: opts, sizes, modes } of REFERENCES) {
    testOn(
      engine,
      `${name} on ${engine}: outputs and ten SGD steps equal the reference's`,
      async (t) => {
        const tensorsBefore = tf.memory().numTensors;
        const data = readTensors(`${name}_data`);
        const model = unet3d(opts);
        const report = importWeights(model, readTensors(`${name}_step0`));
        t.is(report.dialect, dialect as typeof report.dialect);
        t.is(report.matched.length, model.weights.length);
        t.deepEqual([report.missing, report.mismatched, report.unexpected], [[], [], []]);

        for (let i = 0; i < sizes; i++) {
          const x = toTensor(data.get(`x${i}`)!);
          for (const mode of modes) {
            const y = await outputOf(model, x, mode === 'train');
            const error = relativeL2(y, data.get(`${mode}${i}`)!.data);
            t.true(error <= OUTPUT_TOLERANCE[engine], `${mode} output ${i} differs by ${error}`);
          }
          x.dispose();
        }

        const x = toTensor(data.get('x')!);
        const y = toTensor(data.get('y')!);
        const optimizer = sgd({ learningRate: 0.02, momentum: 0.9 });
        const losses = data.get('losses')!.data;
        for (let step = 1; step <= 10; step++) {
          const gradients = computeGradients(model, x, y, meanSquaredError);
          optimizer.step(gradients.grads, model);
          const loss = (await gradients.loss.data())[0];
          t.true(Math.abs(loss / losses[step - 1] - 1) < 1e-4, `loss at step ${step}`);
          disposeGradients(gradients);
          if (step !== 1 && step !== 10) continue;
          const map = dialect === 'keras' ? mapKerasWeights : mapPytorchWeights;
          const expected = map(readTensors(`${name}_step${step}`)).tensors;
          const actual = await getWeights(model);
          for (const [weight, { data }] of actual) {
            // A bias before a normalisation has no true gradient: both move it by rounding noise.
            const reference = expected.get(weight)!.data;
            const error = relativeL2(data, reference);
            t.true(error <= WEIGHT_TOLERANCE, `${weight} differs by ${error} after step ${step}`);
          }
        }
        if (name === 'keras') {
          const x0 = toTensor(data.get('x0')!);
          const after = await outputOf(model, x0, false);
          t.true(relativeL2(after, data.get('eval_after')!.data) <= 1e-4);
          x0.dispose();
        }
        optimizer.dispose();
        model.dispose();
        tf.dispose([x, y]);
        t.is(tf.memory().numTensors, tensorsBefore);
      },
    );
  }
}

for (const engine of ENGINES) {
  testOn(engine, `the residual network on ${engine} equals nnU-Net's, gradients too`, async (t) => {
    const model = nnunetNetwork({ head: 'linear' });
    const report = importWeights(model, readTensors('nnunet_weights'));
    t.is(report.dialect, 'nnunet');
    t.is(report.matched.length, model.weights.length);
    t.deepEqual(report.unexpected, []);
    t.true(report.ignored.every(({ reason }) => /second name|deep supervision/.test(reason)));

    const data = readTensors('nnunet_data');
    const x = toTensor(data.get('x')!);
    const expected = data.get('y')!.data;
    t.true(relativeL2(await outputOf(model, x, true), expected) <= OUTPUT_TOLERANCE[engine]);
    // The fixture's loss: mean of y times a ramp in the order [n, c, d, h, w].
    const ramp = tf.tidy(() =>
      tf.transpose(
        tf.reshape(tf.linspace(-1, 1, expected.length), [2, 2, 4, 8, 12]),
        [0, 2, 3, 4, 1],
      ),
    );
    const { loss, grads } = computeGradients(
      model,
      x,
      ramp,
      (target, y) => tf.mean(tf.mul(tf.reshape(y, [-1]), tf.reshape(target, [-1]))) as tf.Scalar,
    );
    const named = new Map(
      [...data].filter(([name]) => name.startsWith('grad.')).map(([name, v]) => [name.slice(5), v]),
    );
    importWeights(model, named, { partial: true });
    const reference = await getWeights(model);
    for (const [name, grad] of Object.entries(grads)) {
      if (/\.conv\.bias$/.test(name) && name !== 'head.conv.bias') continue; // zero but for rounding
      const error = relativeL2(await grad.data(), reference.get(name)!.data);
      t.true(error < 2e-4, `${name}: ${error}`);
    }
    tf.dispose([loss, grads, x, ramp]);
    model.dispose();
  });
}

test.serial('the default residual network is the one of nnU-Net ResEnc M', async (t) => {
  await selectEngine('cpu');
  const model = residualUnet3d({ inputShape: [null, null, null, 1] });
  t.is(model.layers.filter((layer) => /\.add$/.test(layer.name)).length, 26);
  // dynamic_network_architectures 0.4.4 has 102,348,965, of which 772 are for deep supervision.
  t.is(model.countParams(), 102_348_193);
  model.dispose();
});

test.serial('options that cannot be are refused, fit: pad accepts any size', async (t) => {
  await selectEngine('cpu');
  const odd = {
    inputShape: [10, 7, 9, 1] as [number, number, number, number],
    width: 2,
    levels: 3,
  };
  const error = t.throws(() => unet3d(odd), { instanceOf: OptionError });
  t.regex(error.message, /10×7×9 is not divisible by 4×4×4/);
  t.throws(() => unet3d({ ...odd, width: 0 }), { instanceOf: OptionError });
  t.throws(() => unet3d({ ...odd, levels: 1.5 }), { instanceOf: OptionError });
  t.throws(() => unet3d({ inputShape: [8, 8, 8] as never }), { instanceOf: OptionError });
  t.throws(() => unet3d({ inputShape: [8, 8, 8, 1], width: 3, norm: { groups: 2 } }), {
    instanceOf: OptionError,
  });
  const padded = unet3d({ ...odd, fit: 'pad' });
  const x = tf.ones([1, 10, 7, 9, 1]);
  const y = padded.predict(x) as tf.Tensor;
  t.deepEqual(y.shape, [1, 10, 7, 9, 1]);
  tf.dispose([x, y]);
  padded.dispose();
});

test.serial(
  'the same seed gives the same weights, seed 0 is a seed, layers do not share numbers',
  async (t) => {
    await selectEngine('cpu');
    const weightsOf = async (seed: number, upsampling: 'transposed' | 'repeat' = 'transposed') => {
      const model = unet3d({ inputShape: [8, 8, 8, 1], width: 2, levels: 2, seed, upsampling });
      const weights = await getWeights(model);
      model.dispose();
      return weights;
    };
    const [a, b, c, d] = [
      await weightsOf(0),
      await weightsOf(0),
      await weightsOf(1),
      await weightsOf(0, 'repeat'),
    ];
    const kernel = (w: typeof a, name = 'encoder.0.b.conv.kernel') => w.get(name)!.data;
    t.deepEqual(kernel(a), kernel(b));
    t.notDeepEqual(kernel(a), kernel(c));
    t.notDeepEqual(kernel(a), kernel(a, 'decoder.0.b.conv.kernel').slice(0, kernel(a).length));
    // Another decoder before it in the list does not change a layer's start.
    t.deepEqual(kernel(a, 'encoder.1.b.conv.kernel'), kernel(d, 'encoder.1.b.conv.kernel'));
    const bound = 1 / Math.sqrt(2 * 27);
    const all = Array.from(kernel(a, 'encoder.0.b.conv.kernel') as Float32Array);
    t.true(all.every((v) => Math.abs(v) <= bound) && Math.max(...all) > 0.9 * bound);
  },
);

test.serial('weights load completely or not at all, and the report says why', async (t) => {
  await selectEngine('cpu');
  const model = unet3d({ inputShape: [8, 8, 8, 1], width: 2, levels: 2 });
  const before = await getWeights(model);
  const wrong = new Map(before);
  wrong.set('head.conv.kernel', ndarray(new Float32Array(8), [1, 1, 1, 4, 2]));
  wrong.set('encoder.0.a.conv.bias', ndarray(new Float32Array([Number.NaN, 0]), [2]));
  wrong.delete('head.conv.bias');
  wrong.set('alien', ndarray(new Float32Array(1), [1]));
  wrong.set('encoder.0.a.norm.gamma', ndarray(new Float32Array([7, 7]), [2]));
  const error = t.throws(() => setWeights(model, wrong), { instanceOf: LoadWeightsError });
  t.is(error.code, 'weights-do-not-match');
  t.deepEqual(error.report.missing, ['head.conv.bias']);
  t.deepEqual(error.report.unexpected, ['alien']);
  t.deepEqual(error.report.mismatched.map(({ name, reason }) => `${name} ${reason}`).sort(), [
    'encoder.0.a.conv.bias holds NaN or infinite values',
    'head.conv.kernel has another shape',
  ]);
  t.deepEqual(
    (await getWeights(model)).get('encoder.0.a.norm.gamma')!.data,
    new Float32Array([1, 1]),
  );
  const report = setWeights(model, wrong, { partial: true });
  t.is(report.matched.length, model.weights.length - 3);
  t.deepEqual(
    (await getWeights(model)).get('encoder.0.a.norm.gamma')!.data,
    new Float32Array([7, 7]),
  );
  t.throws(() => setWeights(model, new Map(), { partial: true }), { instanceOf: LoadWeightsError });
  model.dispose();
});
