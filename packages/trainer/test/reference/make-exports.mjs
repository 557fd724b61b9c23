// Makes models with random weights, volumes, what `predict` makes of them, and exports, for check_exports.py.
//
//     node packages/trainer/test/reference/make-exports.mjs FOLDER
//
// Seeded; needs the built packages.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildModel, encodeModelFile, networkOf, segmentVolume } from '@genesis/inference';
import { convert, exportModel, phantom, predict } from '@genesis/trainer';
import { getWeights, selectEngine, setWeights } from '@genesis/unet3d';
import { readVolume } from '@genesis/volume-io';

const base = {
  version: 1,
  kind: 'segmentation',
  network: {
    width: 4,
    levels: 3,
    activation: 'relu',
    norm: 'batch',
    upsampling: 'transposed',
    variant: 'pytorch',
  },
  crop: [32, 24, 24],
  preparation: { orientation: 'RAS', spacing: [9, 5, 6], normalization: 'ct', nonFinite: 'error' },
  classes: [
    { value: 0, name: 'background' },
    { value: 3, name: 'lung' },
    { value: 7, name: 'heart' },
  ],
};

/** Models by name; each differs from the others in what may go wrong. */
const cards = {
  reference: base,
  keras: {
    ...base,
    network: { ...base.network, norm: 'batchRunning', upsampling: 'repeat', variant: 'keras' },
    preparation: { ...base.preparation, normalization: 'zscore', spacing: undefined },
  },
  channels: {
    ...base,
    network: { ...base.network, norm: 'instance', activation: 'leakyRelu', skips: false },
    preparation: {
      ...base.preparation,
      orientation: 'native',
      spacing: [7, 8, 9],
      channels: [
        { name: 'CT', normalization: 'auto' },
        { name: 'again', normalization: 'percentile' },
      ],
    },
    training: { least: [7, 8, 8], median: [7, 8, 8], most: [7, 8, 8], modalities: ['CT'] },
    classes: base.classes.map((one, n) => ({ ...one, value: n })),
  },
  residual: {
    ...base,
    network: {
      ...base.network,
      norm: 'instance',
      activation: 'leakyRelu',
      architecture: 'residual',
    },
    crop: [16, 16, 40], // longer than the volume
    preparation: {
      ...base.preparation,
      orientation: 'LPS',
      spacing: [10, 11, 12],
      normalization: 'percentile',
    },
  },
};

/** Sharpens the last layer and shifts its bias so that all classes come about equally often. */
async function balance(model, card, image) {
  const weights = await getWeights(model);
  for (const name of ['head.conv.kernel', 'head.conv.bias']) {
    const { data } = weights.get(name);
    for (let n = 0; n < data.length; n++) data[n] *= name.endsWith('kernel') ? 20 : 0;
  }
  setWeights(model, weights);
  const sums = card.classes.map(() => 0);
  const add = ({ values, channel }) => {
    const count = values.shape[3];
    for (let n = 0; n < values.size; n++) {
      sums[channel + (n % count)] += Math.log(Math.max(1e-6, values.data[values.offset + n]));
    }
  };
  const network = networkOf(model, card.crop);
  await segmentVolume(image, network, card, { onProbabilities: add });
  const bias = weights.get('head.conv.bias').data;
  const voxels = image[0].data.size;
  for (let n = 0; n < bias.length; n++) bias[n] -= sums[n] / voxels;
  setWeights(model, weights);
}

const [folder] = process.argv.slice(2);
const at = (...parts) => join(folder, ...parts);
await selectEngine('native');
await phantom({ out: at('phantoms'), count: 1, seed: 3, shape: [48, 40, 32] });
await convert({ images: at('phantoms'), out: at('scan.nii.gz'), orientation: 'PSL' });
for (const [name, card] of Object.entries(cards)) {
  await mkdir(at(name), { recursive: true });
  const model = buildModel(card, 11);
  const channels = card.preparation.channels?.length ?? 1;
  const scan = await readVolume(at('scan.nii.gz'));
  await balance(model, card, Array(channels).fill(scan));
  const bytes = encodeModelFile({ card, weights: await getWeights(model) });
  await writeFile(at(name, `${name}.safetensors`), bytes);
  const images = at(name, 'images');
  await mkdir(images, { recursive: true });
  for (let n = 0; n < channels; n++) {
    const suffix = channels > 1 ? `_000${n}` : '';
    await convert({ images: at('scan.nii.gz'), out: join(images, `scan${suffix}.nii.gz`) });
  }
  if (channels > 1) {
    await writeFile(
      join(folder, name, 'table.csv'),
      `name,${card.preparation.channels.map((one) => one.name).join()}\nscan,images/scan_0000.nii.gz,images/scan_0001.nii.gz\n`,
    );
  }
  const weights = at(name, `${name}.safetensors`);
  await predict({
    model: weights,
    images: channels > 1 ? at(name, 'table.csv') : images,
    out: at(name, 'labels'),
    layout: channels > 1 ? 'csv' : 'auto',
    engine: 'native',
  });
  for (const format of ['onnx', 'pytorch', 'safetensors', 'bundle', 'tfjs']) {
    await exportModel({ model: weights, format, out: at(name, format) });
  }
  await exportModel({ model: weights, format: 'onnx', half: true, out: at(name, 'half') });
  model.dispose();
}
