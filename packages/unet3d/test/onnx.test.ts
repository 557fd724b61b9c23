import {
  Conv3d,
  classifier,
  type ExportOnnxOpts,
  exportOnnx,
  getWeights,
  residualUnet3d,
  segmenter,
  selectEngine,
  setWeights,
  type UNet3dOpts,
  unet3d,
} from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import test, { type ExecutionContext } from 'ava';
import { InferenceSession, Tensor } from 'onnxruntime-web';

test.before(() => selectEngine('cpu'));

/** A fixed stream of numbers in −1…1 that needs no generator. */
function pattern(size: number, phase: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => Math.sin(i * 1.7 + phase));
}

/** Gives every weight, running statistics included, a value that shows a wrong order of axes. */
async function scramble(model: tfl.LayersModel): Promise<void> {
  const weights = await getWeights(model);
  let phase = 0;
  for (const [name, tensor] of weights) {
    const values = pattern(tensor.size, phase++);
    const positive = name.endsWith('movingVariance');
    for (let i = 0; i < values.length; i++) {
      tensor.data[tensor.offset + i] = positive ? 1 + values[i] / 2 : values[i] / 4;
    }
  }
  setWeights(model, weights);
}

/** Runs a model here and its export in onnxruntime, and compares them. */
async function agrees(
  t: ExecutionContext,
  model: tfl.LayersModel,
  shape: number[],
  opts: ExportOnnxOpts & { readonly within?: number } = {},
): Promise<void> {
  const { within = 1e-5, ...how } = opts;
  await scramble(model);
  const bytes = await exportOnnx(model, { metadata: { origin: 'test' }, ...how });
  const session = await InferenceSession.create(bytes);
  const [n, x, y, z, c] = shape as [number, number, number, number, number];
  const data = pattern(n * x * y * z * c, 0.3);
  const input = tf.tensor(data, shape);
  const expected = model.predict(input) as tf.Tensor;
  const first = tf.transpose(input, [0, 4, 1, 2, 3]);
  const result = await session.run({
    input: new Tensor('float32', (await first.data()) as Float32Array, first.shape),
  });
  const last = expected.rank === 5 ? tf.transpose(expected, [0, 4, 1, 2, 3]) : tf.clone(expected);
  const output = result.output;
  t.deepEqual([...output.dims], last.shape);
  const ours = await last.data();
  const theirs = output.data as Float32Array;
  let error = 0;
  let norm = 0;
  for (let i = 0; i < ours.length; i++) {
    error += (ours[i] - theirs[i]) ** 2;
    norm += ours[i] ** 2;
  }
  t.true(norm > 0);
  t.true(Math.sqrt(error / norm) < within, `relative error ${Math.sqrt(error / norm)}`);
  tf.dispose([input, expected, first, last]);
  await session.release();
  model.dispose();
}

const small = { inputShape: [8, 8, 8, 2], width: 2, levels: 3 } satisfies UNet3dOpts;

const cases: Record<string, UNet3dOpts> = {
  'the PyTorch network': small,
  'the Keras network': { ...small, variant: 'keras' },
  'instance norm, leaky ReLU': { ...small, norm: 'instance', activation: 'leakyRelu' },
  'group norm, ELU': { ...small, norm: { groups: 2 }, activation: 'elu', alpha: 0.7 },
  'no norm, PReLU': { ...small, norm: 'none', activation: 'prelu' },
  'softmax over three classes': { ...small, outChannels: 3, head: 'softmax' },
};

for (const [name, opts] of Object.entries(cases)) {
  test.serial(`onnxruntime computes what we do: ${name}`, async (t) => {
    await agrees(t, unet3d(opts), [2, 8, 8, 8, 2]);
  });
}

test.serial('onnxruntime computes what we do: any size, padded and cropped', async (t) => {
  const opts: UNet3dOpts = { ...small, inputShape: [null, null, null, 2], fit: 'pad' };
  await agrees(t, unet3d(opts), [1, 5, 9, 6, 2]);
});

test.serial('onnxruntime computes what we do: classifier and segmenter', async (t) => {
  await agrees(t, classifier(unet3d(small), { classes: 3, hidden: 5 }), [2, 8, 8, 8, 2]);
  await agrees(t, segmenter(unet3d(small), { classes: 3 }), [1, 8, 8, 8, 2]);
});

const residual = () =>
  residualUnet3d({
    inputShape: [8, 8, 8, 2],
    features: [4, 8, 8],
    blocks: [1, 2, 1],
    outChannels: 3,
    head: 'softmax',
  });

test.serial("onnxruntime computes what we do: nnU-Net's residual network", async (t) => {
  await agrees(t, residual(), [2, 8, 8, 8, 2]);
});

test.serial('a network of fixed sides is exported with free ones', async (t) => {
  const model = unet3d({ ...small, norm: 'instance' });
  await scramble(model);
  const session = await InferenceSession.create(await exportOnnx(model, { freeSides: true }));
  const free = unet3d({ ...small, inputShape: [null, null, null, 2], norm: 'instance' });
  setWeights(free, await getWeights(model));
  const data = pattern(2 * 12 * 8 * 16, 0.2);
  const input = tf.tensor(data, [1, 12, 8, 16, 2]);
  const first = tf.transpose(input, [0, 4, 1, 2, 3]);
  const result = await session.run({
    input: new Tensor('float32', (await first.data()) as Float32Array, first.shape),
  });
  const expected = await (free.predict(input) as tf.Tensor).data();
  t.deepEqual([...result.output.dims], [1, 1, 12, 8, 16]);
  const theirs = result.output.data as Float32Array;
  t.true(expected.every((value, n) => Math.abs(value - theirs[n]) < 1e-5));
  await session.release();
});

for (const [name, build] of Object.entries({
  'batch statistics': () => unet3d(small),
  'group norm, ELU': () => unet3d({ ...small, norm: { groups: 2 }, activation: 'elu' }),
  'running statistics': () => unet3d({ ...small, variant: 'keras' }),
  'the residual network': residual,
  'a classifier': () => classifier(unet3d(small), { classes: 3, hidden: 5 }),
})) {
  test.serial(`in halves onnxruntime computes nearly what we do: ${name}`, async (t) => {
    await agrees(t, build(), [2, 8, 8, 8, 2], { half: true, within: 3e-3 });
  });
}

test.serial('halves take half the room, and what they cannot hold is refused', async (t) => {
  const model = unet3d({ ...small, width: 8 });
  const [whole, half] = [await exportOnnx(model), await exportOnnx(model, { half: true })];
  t.true(half.length < 0.6 * whole.length);
  const weights = await getWeights(model);
  const kernel = weights.get('head.conv.kernel');
  kernel?.data.fill(70_000);
  setWeights(model, weights);
  const error = await t.throwsAsync(exportOnnx(model, { half: true }), { code: 'not-exportable' });
  t.regex(error.message, /head\.conv\.kernel holds 70000, but the largest half is 65504/);
});

test.serial('further outputs have the names of their layers', async (t) => {
  const input = tfl.input({ shape: [4, 4, 4, 2] });
  const [a, b] = ['one', 'two'].map(
    (name, n) =>
      new Conv3d({ name, filters: 2 + n, kernelSize: 1 }).apply(input) as tfl.SymbolicTensor,
  );
  const bytes = await exportOnnx(tfl.model({ inputs: input, outputs: [a, b] }));
  const session = await InferenceSession.create(bytes);
  t.deepEqual([...session.outputNames], ['output', 'two']);
  await session.release();
});

test.serial('a layer of another kind is refused by name', async (t) => {
  const input = tfl.input({ shape: [4] });
  const output = tfl.layers.dropout({ rate: 0.5, name: 'drop' }).apply(input);
  const model = tfl.model({ inputs: input, outputs: output as tfl.SymbolicTensor });
  const error = await t.throwsAsync(exportOnnx(model), { code: 'not-exportable' });
  t.regex(error.message, /drop is a Dropout/);
});
