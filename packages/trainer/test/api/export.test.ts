import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildModel,
  encodeModelFile,
  type ModelCard,
  networkOf,
  type SegmentationCard,
} from '@genesis/inference';
import { tempFolder } from '@genesis/testing';
import { type ExportDescription, type ExportFormat, exportModel } from '@genesis/trainer';
import { getWeights, importWeights, loadLayersModel, selectEngine } from '@genesis/unet3d';
import { readWeights } from '@genesis/zoo';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import test, { type ExecutionContext } from 'ava';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { runCli } from '../helpers/run-cli.js';

test.before(() => selectEngine('cpu'));

const card: SegmentationCard = {
  version: 1,
  kind: 'segmentation',
  network: {
    width: 2,
    levels: 3,
    activation: 'relu',
    norm: 'batch',
    upsampling: 'transposed',
    variant: 'pytorch',
  },
  crop: [16, 8, 8],
  preparation: {
    orientation: 'RAS',
    spacing: [1, 1, 2],
    normalization: 'auto',
    nonFinite: 'error',
    channels: [
      { name: 'CT', normalization: 'auto' },
      { name: 'PET', normalization: 'zscore' },
    ],
  },
  training: { least: [1, 1, 1], median: [1, 1, 2], most: [2, 2, 3], modalities: ['CT'] },
  classes: [
    { value: 0, name: 'background' },
    { value: 4, name: 'liver' },
    { value: 300, name: 'spleen' },
  ],
};

const residual: SegmentationCard = {
  ...card,
  network: { ...card.network, architecture: 'residual', norm: 'instance', activation: 'leakyRelu' },
};

/** A weight file as a run has it, and its network. */
async function modelFile(
  t: ExecutionContext,
  of: ModelCard,
): Promise<{ readonly file: string; readonly folder: string; readonly model: LayersModel }> {
  const folder = await tempFolder(t);
  const model = buildModel(of, 5);
  t.teardown(() => model.dispose());
  await mkdir(join(folder, 'organs', 'checkpoints'), { recursive: true });
  const file = join(folder, 'organs', 'checkpoints', 'best.safetensors');
  await writeFile(file, encodeModelFile({ card: of, weights: await getWeights(model) }));
  return { file, folder, model };
}

const json = async <T>(...path: string[]): Promise<T> =>
  JSON.parse(await readFile(join(...path), 'utf8')) as T;

for (const [name, of] of Object.entries({ 'the reference network': card, residual })) {
  test.serial(
    `onnxruntime computes from an export what our engine computes: ${name}`,
    async (t) => {
      const { file, folder, model } = await modelFile(t, of);
      const out = join(folder, 'onnx');
      await exportModel({ model: file, format: 'onnx', out });
      await selectEngine('cpu');
      const session = await InferenceSession.create(await readFile(join(out, 'model.onnx')));
      const [x, y, z] = of.crop;
      const input = Float32Array.from({ length: x * y * z * 2 }, (_, n) => Math.sin(n * 1.3));
      const first = tf.tidy(() => tf.transpose(tf.tensor(input, [1, x, y, z, 2]), [0, 4, 1, 2, 3]));
      const result = await session.run({
        input: new Tensor('float32', (await first.data()) as Float32Array, first.shape),
      });
      const [ours] = await networkOf(model, of.crop)([input]);
      const theirs = result.output.data as Float32Array;
      let most = 0;
      for (let n = 0; n < ours.length; n++) {
        const [voxel, channel] = [Math.floor(n / 3), n % 3];
        most = Math.max(most, Math.abs(ours[n] - theirs[channel * x * y * z + voxel]));
      }
      t.true(most < 1e-4, `differs by ${most}`);
      first.dispose();
      await session.release();
    },
  );
}

test.serial(
  'what is to be known of a model stands beside its weights and in the ONNX file',
  async (t) => {
    const { folder } = await modelFile(t, card);
    const out = join(folder, 'onnx');
    const paths = await exportModel({ model: join(folder, 'organs'), format: 'onnx', out });
    t.deepEqual(
      paths,
      ['model.onnx', 'genesis.json', 'predict.py'].map((name) => join(out, name)),
    );
    const described = await json<ExportDescription>(out, 'genesis.json');
    t.deepEqual(described.card, card);
    t.like(described, {
      inputs: [{ name: 'input', shape: ['batch', 2, 'x', 'y', 'z'] }],
      outputs: [{ name: 'output', shape: ['batch', 3, 'x', 'y', 'z'] }],
      multiple: 4,
      preprocessing: { orientation: 'RAS', spacing: [1, 1, 2] },
      inference: { window: [16, 8, 8], overlap: 0.5, stride: [8, 4, 4], sigma: [2, 1, 1] },
      postprocessing: { labels: [...card.classes], dtype: 'int16' },
    });
    t.deepEqual(described.preprocessing.intensities[1], { channel: 'PET', kind: 'zscore' });
    t.deepEqual(described.preprocessing.intensities[0], {
      channel: 'CT',
      kind: 'auto',
      hounsfield: { kind: 'window', min: -1000, max: 1000 },
      other: { kind: 'percentile', low: 0.5, high: 99.5 },
    });
    const bytes = await readFile(join(out, 'model.onnx'));
    t.true(bytes.includes(JSON.stringify(described)));
    t.true((await readFile(join(out, 'predict.py'), 'utf8')).trim().split('\n').length <= 40);
  },
);

test.serial('a state dict is read back, in both forms', async (t) => {
  for (const of of [card, residual]) {
    const { file, folder, model } = await modelFile(t, of);
    for (const format of ['pytorch', 'safetensors'] as const) {
      const out = join(folder, format);
      const [weights] = await exportModel({ model: file, format, out });
      const { tensors } = await readWeights(await readFile(weights));
      await selectEngine('cpu');
      const again = buildModel(of, 6);
      const { matched, missing, dialect } = importWeights(again, tensors);
      t.is(dialect, of === card ? 'pytorch' : 'nnunet');
      t.is(matched.length, model.weights.length);
      t.deepEqual(missing, []);
      const found = await getWeights(again);
      for (const [name, tensor] of await getWeights(model)) {
        t.deepEqual(found.get(name)?.data, tensor.data, name);
      }
      again.dispose();
      t.is((await readdir(out)).includes('network.py'), of === card);
    }
  }
});

test.serial('a model of TensorFlow.js is loaded again', async (t) => {
  const { file, folder, model } = await modelFile(t, card);
  const out = join(folder, 'tfjs');
  await exportModel({ model: file, format: 'tfjs', out });
  await selectEngine('cpu');
  const again = await loadLayersModel(out);
  const input = tf.randomUniform([1, ...card.crop, 2], 0, 1, 'float32', 3);
  const [ours, theirs] = [model, again].map((one) => one.predict(input) as tf.Tensor);
  t.deepEqual(await theirs.data(), await ours.data());
  tf.dispose([input, ours, theirs]);
  again.dispose();
  t.deepEqual((await json<ExportDescription>(out, 'genesis.json')).weights, 'model.json');
});

test.serial('a bundle says how MONAI does what we do', async (t) => {
  const { folder } = await modelFile(t, card);
  const out = join(folder, 'bundle');
  await exportModel({ model: join(folder, 'organs'), format: 'bundle', out });
  type Step = { readonly _target_: string } & Readonly<Record<string, unknown>>;
  const config = await json<{
    readonly cases: string;
    readonly network_def: Step;
    readonly preprocessing: { readonly transforms: readonly Step[] };
    readonly postprocessing: { readonly transforms: readonly Step[] };
  }>(out, 'configs', 'inference.json');
  t.like(config.network_def, {
    _target_: 'scripts.network.UNet3d',
    inputs: 2,
    outputs: 3,
    width: 2,
  });
  t.regex(await readFile(join(out, 'docs', 'README.md'), 'utf8'), /takes all as CT/);
  t.regex(config.cases, /"PET": one\.replace\("_0000\.", "_0001\."\)/);
  t.deepEqual(
    config.preprocessing.transforms.map((one) => one._target_),
    [
      'LoadImaged',
      'Orientationd',
      'Spacingd',
      'ScaleIntensityRanged',
      'NormalizeIntensityd',
      'ConcatItemsd',
    ],
  );
  t.deepEqual(
    config.postprocessing.transforms.map((one) => one._target_),
    ['Invertd', 'AsDiscreted', 'MapLabelValued', 'SaveImaged'],
  );
  t.like(await json(out, 'configs', 'metadata.json'), {
    name: 'organs',
    description: 'Segments liver, spleen.',
    network_data_format: { outputs: { pred: { num_channels: 3, channel_def: { 2: 'spleen' } } } },
  });
  const own = await modelFile(t, residual);
  await exportModel({ model: own.file, format: 'bundle', out: join(own.folder, 'bundle') });
  t.like(await json(own.folder, 'bundle', 'configs', 'inference.json'), {
    network_def: {
      _target_: 'dynamic_network_architectures.architectures.unet.ResidualEncoderUNet',
      n_stages: 3,
      features_per_stage: [2, 4, 8],
      n_blocks_per_stage: [1, 3, 4],
      n_conv_per_stage_decoder: [1, 1],
      norm_op: '$torch.nn.InstanceNorm3d',
      nonlin_kwargs: { negative_slope: 0.01 },
    },
  });
});

test.serial('what a format cannot hold is refused, and so is what is there already', async (t) => {
  const { file, folder } = await modelFile(t, card);
  const refused = (of: string, format: ExportFormat, message: RegExp, half = false) =>
    t.throwsAsync(exportModel({ model: of, format, half, out: join(folder, 'no') }), {
      code: 'bad-argument',
      message,
    });
  await refused(file, 'tfjs', /has no halves/, true);
  const { network, crop, preparation } = card;
  const classes = ['a', 'b'].map((name) => ({ name, value: name }));
  const classifier = await modelFile(t, {
    version: 1,
    kind: 'classification',
    fit: 'center',
    classes,
    network,
    crop,
    preparation,
  });
  await refused(classifier.file, 'bundle', /is one of classification/);
  const strange = await modelFile(t, {
    ...residual,
    network: { ...residual.network, norm: 'batch' },
  });
  await refused(strange.file, 'bundle', /nnU-Net's class builds/);
  await t.throwsAsync(readdir(join(folder, 'no')));

  const out = join(folder, 'once');
  await exportModel({ model: classifier.file, format: 'pytorch', out });
  t.deepEqual((await readdir(out)).sort(), ['genesis.json', 'model.pt']);
  const again = { model: classifier.file, format: 'pytorch', out } as const;
  await t.throwsAsync(exportModel(again), { message: /is there already.*--overwrite/ });
  const before = await readFile(join(out, 'model.pt'));
  await exportModel({ ...again, overwrite: true });
  t.deepEqual(await readFile(join(out, 'model.pt')), before);
  await exportModel({ ...again, overwrite: true, half: true });
  t.true((await readFile(join(out, 'model.pt'))).length < before.length);
});

test.serial('genesis export writes and says what', async (t) => {
  const { folder } = await modelFile(t, card);
  const args = ['export', join(folder, 'organs'), '--out', join(folder, 'out')];
  const { code, stdout, stderr } = await runCli(args);
  t.is(code, 0, stderr);
  t.regex(stdout, /^3 files written: .*model\.onnx/);
});
