// Makes models with random weights, volumes, what `predict` makes of them, and exports, for check_exports.py.
//
//     node packages/trainer/test/reference/make-exports.mjs FOLDER
//
// Seeded; needs the built packages.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildModel, encodeModelFile } from '@genesis/inference';
import { convert, exportModel, phantom, predict } from '@genesis/trainer';
import { getWeights, selectEngine } from '@genesis/unet3d';

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
  crop: [24, 16, 16],
  preparation: { orientation: 'RAS', spacing: [4, 3, 2], normalization: 'ct', nonFinite: 'error' },
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
      channels: [
        { name: 'CT', normalization: 'auto' },
        { name: 'again', normalization: 'percentile' },
      ],
    },
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
    crop: [16, 16, 40],
    preparation: { ...base.preparation, orientation: 'LPS', normalization: 'percentile' },
  },
};

const [folder] = process.argv.slice(2);
const at = (...parts) => join(folder, ...parts);
await selectEngine('native');
await phantom({ out: at('phantoms'), count: 1, seed: 3, shape: [56, 48, 36] });
await convert({ images: at('phantoms'), out: at('scan.nii.gz'), orientation: 'PSL' });
for (const [name, card] of Object.entries(cards)) {
  await mkdir(at(name), { recursive: true });
  const model = buildModel(card, 11);
  const bytes = encodeModelFile({ card, weights: await getWeights(model) });
  await writeFile(at(name, `${name}.safetensors`), bytes);
  const images = at(name, 'images');
  await mkdir(images, { recursive: true });
  const channels = card.preparation.channels?.length ?? 1;
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
