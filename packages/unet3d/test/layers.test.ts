import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { relativeL2, tempFolder } from '@genesis/testing';
import {
  type Activation,
  ConvNormAct,
  classifier,
  computeGradients,
  disposeGradients,
  GlobalAveragePool3d,
  getWeights,
  loadLayersModel,
  meanSquaredError,
  type Norm,
  NormAct,
  residualUnet3d,
  saveModel,
  selectEngine,
  toTensor,
  UNet3dError,
  UpSample3d,
  unet3d,
} from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import test from 'ava';
import fc from 'fast-check';
import ndarray from 'ndarray';

import { testOn, useEngine } from './support/engines.js';
import { values } from './support/gradient-check.js';

test.before(async () => {
  await selectEngine('cpu');
});

const OPTIONS: Record<string, { norm?: Norm; activation?: Activation }> = {
  default: {},
  running: { norm: 'batchRunning' },
  instance: { norm: 'instance', activation: 'leakyRelu' },
  group: { norm: { groups: 2 }, activation: 'elu' },
  none: { norm: 'none', activation: 'prelu' },
};

test.serial('models are saved in TensorFlow.js format and load the same', async (t) => {
  const folder = await tempFolder(t);
  const x = values([1, 10, 8, 8, 2]);
  const models = {
    ...Object.fromEntries(
      Object.entries(OPTIONS).map(([name, opts]) => [
        name,
        unet3d({ inputShape: [null, 8, 8, 2], width: 2, levels: 3, fit: 'pad', ...opts }),
      ]),
    ),
    keras: unet3d({ inputShape: [null, 8, 8, 2], width: 2, levels: 2, variant: 'keras' }),
    residual: residualUnet3d({ inputShape: [10, 8, 8, 2], features: [2, 4], blocks: [1, 1] }),
    classifier: classifier(unet3d({ inputShape: [10, 8, 8, 2], width: 1, levels: 2 }), {
      classes: 2,
      hidden: 3,
    }),
  };
  for (const [name, model] of Object.entries(models)) {
    await saveModel(model, join(folder, name));
    const loaded = await loadLayersModel(join(folder, name));
    t.deepEqual([...(await getWeights(loaded))], [...(await getWeights(model))], name);
    const [a, b] = [model.predict(x) as tf.Tensor, loaded.predict(x) as tf.Tensor];
    t.deepEqual(await b.data(), await a.data(), name);
    // What was loaded trains.
    const y = tf.zerosLike(b);
    const gradients = computeGradients(loaded, x, y, meanSquaredError);
    t.is(Object.keys(gradients.grads).length, loaded.trainableWeights.length, name);
    disposeGradients(gradients);
    tf.dispose([a, b, y]);
    model.dispose();
    loaded.dispose();
  }
  const json = JSON.parse(await readFile(join(folder, 'default', 'model.json'), 'utf8'));
  t.is(json.format, 'layers-model');
  t.deepEqual(json.weightsManifest[0].paths, ['weights.bin']);
  await writeFile(join(folder, 'default', 'model.json'), '{ broken');
  const broken = await t.throwsAsync(loadLayersModel(join(folder, 'default')), {
    instanceOf: UNet3dError,
    code: 'bad-model',
  });
  t.is(broken.file, join(folder, 'default', 'model.json'));
  const gone = await t.throwsAsync(loadLayersModel(join(folder, 'nowhere')), {
    instanceOf: UNet3dError,
    code: 'read-failed',
  });
  t.regex(gone.message, /nowhere.model\.json: no such file/);
  x.dispose();
});

test.serial('layers work alone in any model, and say their output shape truly', async (t) => {
  const before = tf.memory().numTensors;
  const input = tfl.input({ shape: [4, 6, 2, 3] });
  const layers = [
    new NormAct({ norm: 'instance', activation: 'elu' }),
    new ConvNormAct({ filters: 4, strides: [2, 1, 1], kernelSize: [3, 1, 2], padding: 'same' }),
    new UpSample3d({ size: [1, 2, 3] }),
    new GlobalAveragePool3d(),
  ];
  let x = input;
  for (const layer of layers) x = layer.apply(x) as tfl.SymbolicTensor;
  const model = tfl.model({ inputs: input, outputs: x });
  t.deepEqual(model.outputs[0].shape, [null, 4]);
  const [v, shapes] = [values([2, 4, 6, 2, 3]), [] as number[][]];
  for (const layer of model.layers.slice(1)) {
    const part = tfl.model({ inputs: input, outputs: layer.output });
    const y = part.predict(v) as tf.Tensor;
    shapes.push(y.shape);
    t.deepEqual(y.shape.slice(1), (layer.outputShape as number[]).slice(1));
    y.dispose();
  }
  t.deepEqual(shapes, [
    [2, 4, 6, 2, 3],
    [2, 2, 6, 2, 4],
    [2, 2, 12, 6, 4],
    [2, 4],
  ]);
  v.dispose();
  model.dispose();
  t.is(tf.memory().numTensors, before);
});

test.serial('running statistics are learnt in training and used at inference', async (t) => {
  const input = tfl.input({ shape: [2, 3, 4, 2] });
  const layer = new NormAct({ norm: 'batchRunning', activation: 'linear', momentum: 0.5 });
  const model = tfl.model({ inputs: input, outputs: layer.apply(input) as tfl.SymbolicTensor });
  const x = tf.tidy(() => tf.add(tf.mul(values([3, 2, 3, 4, 2]), 3), 5));
  const data = await x.data();
  const channel = Array.from(data).filter((_, i) => i % 2 === 0);
  const mean = channel.reduce((a, b) => a + b) / channel.length;
  const variance = channel.reduce((a, b) => a + (b - mean) ** 2, 0) / (channel.length - 1);
  tf.tidy(() => model.apply(x, { training: true }) as tf.Tensor);
  const weights = await getWeights(model);
  const value = (name: string): number => weights.get(`${layer.name}.${name}`)!.get(0);
  t.true(Math.abs(value('movingMean') - 0.5 * mean) < 1e-5);
  t.true(Math.abs(value('movingVariance') - (0.5 + 0.5 * variance)) < 1e-4);
  const y = model.predict(x) as tf.Tensor;
  const expected = (data[0] - 0.5 * mean) / Math.sqrt(0.5 + 0.5 * variance + 1e-5);
  t.true(Math.abs((await y.data())[0] - expected) < 1e-4);
  layer.trainable = false;
  tf.tidy(() => model.apply(x, { training: true }) as tf.Tensor);
  t.is((await getWeights(model)).get(`${layer.name}.movingMean`)!.get(0), value('movingMean'));
  tf.dispose([x, y]);
  model.dispose();
});

/** Output and a gradient of every kind of network on the engine in use. */
async function networkResults(): Promise<Map<string, { y: Float32Array; dw: Float32Array }>> {
  const shape = [2, 8, 4, 8, 2];
  const found = new Map<string, { y: Float32Array; dw: Float32Array }>();
  for (const [name, opts] of Object.entries(OPTIONS)) {
    for (const upsampling of ['transposed', 'repeat'] as const) {
      const model = unet3d({
        inputShape: [8, 4, 8, 2],
        width: 2,
        levels: 2,
        outChannels: 3,
        head: 'softmax',
        upsampling,
        ...opts,
      });
      const input = values(shape);
      const y = tf.tidy(() => model.apply(input, { training: true }) as tf.Tensor);
      const { loss, grads } = computeGradients(model, input, y, (_, p) =>
        tf.tidy(() => tf.mean(tf.square(tf.reshape(p, [-1]))) as tf.Scalar),
      );
      found.set(`${name} ${upsampling}`, {
        y: Float32Array.from(await y.data()),
        dw: Float32Array.from(await grads['encoder.0.a.conv.kernel'].data()),
      });
      tf.dispose([input, y, loss, grads]);
      model.dispose();
    }
  }
  return found;
}

for (const engine of ['native', 'webgpu', 'tensorflow'] as const) {
  testOn(engine, `${engine} computes every kind of network as cpu does`, async (t) => {
    await selectEngine('cpu');
    const expected = await networkResults();
    await useEngine(engine);
    for (const [name, { y, dw }] of await networkResults()) {
      const forward = relativeL2(y, expected.get(name)!.y);
      const backward = relativeL2(dw, expected.get(name)!.dw);
      t.true(forward < 1e-5, `${name}: output differs by ${forward}`);
      t.true(backward < 1e-3, `${name}: gradient differs by ${backward}`);
    }
    await selectEngine('cpu');
  });
}

test.serial('arrays of any type and layout become tensors', async (t) => {
  await selectEngine('cpu');
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
      fc.constantFrom(Float32Array, Float64Array, Int16Array, Uint8Array),
      fc.infiniteStream(fc.boolean()),
      (shape, Type, bits) => {
        const size = shape.reduce((a, b) => a * b, 1);
        let array = ndarray(
          Type.from(Array.from({ length: size }, (_, i) => i)) as Float32Array,
          shape,
        );
        array = array.transpose(...shape.map((_, i) => shape.length - 1 - i));
        array = array.step(...array.shape.map(() => (bits.next().value ? -1 : 1)));
        const tensor = toTensor(array);
        const flat = tensor.dataSync();
        const same = Array.from(flat).every((v, i) => {
          let rest = i;
          const index = array.shape.map((_, axis) => {
            const below = array.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
            const at = Math.floor(rest / below);
            rest %= below;
            return at;
          });
          return v === array.get(...index);
        });
        const dtype = Type === Float32Array || Type === Float64Array ? 'float32' : 'int32';
        const right = same && tensor.dtype === dtype && tensor.shape.join() === array.shape.join();
        tensor.dispose();
        return right;
      },
    ),
    { seed: 7, numRuns: 60 },
  );
  t.pass();
});
