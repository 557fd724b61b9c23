import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildModel,
  type ClassificationCard,
  createPredictor,
  encodeModelFile,
  InferenceError,
  loadPredictor,
  type ModelCard,
  modelWithWeights,
  Predictor,
  type PretrainCard,
  referenceNetwork,
  type SegmentationCard,
} from '@genesis/inference';
import { loadPredictor as loadFromDisk, readModelFile } from '@genesis/inference/node';
import { tempFolder, webServer } from '@genesis/testing';
import { getWeights, selectEngine } from '@genesis/unet3d';
import { createVolume, reorient } from '@genesis/volume-io';
import { writeModelPackage } from '@genesis/zoo/node';
import test from 'ava';
import ndarray from 'ndarray';
import { publishedCard } from './support/published-card.js';
import { brightnessCard, hillyVolume, trainedModelFile } from './support/trained-model.js';

const base = {
  version: 1,
  network: { ...referenceNetwork, width: 2, levels: 2, norm: 'batchRunning' },
  crop: [8, 8, 8],
  preparation: { orientation: 'RAS', normalization: 'percentile', nonFinite: 'error' },
} as const;

const segmentation: SegmentationCard = {
  ...base,
  kind: 'segmentation',
  classes: [
    { value: 0, name: 'background' },
    { value: 7, name: 'organ' },
  ],
};
const classification: ClassificationCard = {
  ...base,
  kind: 'classification',
  classes: [
    { value: 'a', name: 'a' },
    { value: 'b', name: 'b' },
  ],
  fit: 'center',
};
const pretraining: PretrainCard = { ...base, kind: 'pretrain' };

test.before(() => selectEngine('cpu'));

async function fileOf(card: ModelCard, seed: number): Promise<Uint8Array<ArrayBuffer>> {
  const model = buildModel(card, seed);
  const bytes = encodeModelFile({ card, weights: await getWeights(model) });
  model.dispose();
  return Uint8Array.from(bytes);
}

function volumeOf(seed: number) {
  const voxels = Float32Array.from({ length: 1430 }, (_, n) => (n * 7919 + seed) % 1000);
  return createVolume(voxels, { shape: [10, 13, 11], spacing: [1, 1, 2] });
}

test('a predictor is the same from bytes, a Blob, an address, a file and the folder of a run', async (t) => {
  const bytes = await trainedModelFile(brightnessCard());
  const folder = await tempFolder(t);
  await mkdir(join(folder, 'checkpoints'));
  const file = join(folder, 'checkpoints', 'best.safetensors');
  await writeFile(file, bytes);
  const address = `data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`;
  const sources = [bytes, bytes.buffer, new Blob([bytes]), address, new URL(address)];
  const predictors = [
    ...(await Promise.all(sources.map((source) => loadPredictor(source)))),
    await loadFromDisk(file, { engine: 'cpu' }),
    await loadFromDisk(folder),
  ];
  const volume = hillyVolume();
  const expected = await predictors[0].segment(volume);
  t.deepEqual([...new Set(expected.data.data)].sort(), [0, 7]);
  t.deepEqual(expected.affine, volume.affine);
  for (const predictor of predictors) {
    t.deepEqual((await predictor.segment(volume)).data, expected.data);
    predictor.dispose();
  }
  t.is((await readModelFile(folder)).file, file);
});

test('a published model is loaded by its address and from its folder, when its bytes are those of its card', async (t) => {
  const bytes = await trainedModelFile(brightnessCard());
  const folder = await tempFolder(t);
  const contents = new Map([['weights.safetensors', bytes]]);
  await writeModelPackage(folder, publishedCard(brightnessCard()), contents);
  const server = await webServer(t);
  const [card, weights] = [`${server.url}/model.json`, `${server.url}/weights.safetensors`];
  server.at('/model.json', await readFile(join(folder, 'model.json')));
  server.at('/weights.safetensors', bytes);
  const expected = await (await loadPredictor(bytes)).segment(hillyVolume());
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const predictors = [
    await loadPredictor(card),
    await loadPredictor(weights, { sha256: sha256.toUpperCase() }),
    await loadFromDisk(folder),
  ];
  for (const predictor of predictors) {
    t.deepEqual((await predictor.segment(hillyVolume())).data, expected.data);
    predictor.dispose();
  }
  const other = '0'.repeat(64);
  const error = await t.throwsAsync(loadPredictor(weights, { sha256: other }), { code: 'hash' });
  t.true(error.message.includes(weights) && error.message.includes(sha256));
  server.at('/weights.safetensors', bytes.subarray(1));
  await t.throwsAsync(loadPredictor(card), { code: 'hash' });
  await t.throwsAsync(loadPredictor(await readFile(join(folder, 'model.json'))), {
    code: 'not-a-model',
  });
  await writeFile(join(folder, 'weights.safetensors'), bytes.subarray(1));
  await t.throwsAsync(loadFromDisk(folder), { code: 'length' });
});

test('a label map lies as its image does, whichever way that is turned', async (t) => {
  const predictor = await loadPredictor(await trainedModelFile(brightnessCard()));
  const volume = reorient(hillyVolume(), 'RAS');
  const expected = await predictor.segment(volume);
  const turned = await predictor.segment(reorient(volume, 'SPL'));
  t.is(turned.orientation, 'SPL');
  const back = reorient(turned, 'RAS').data;
  for (let i = 0; i < 13; i++) {
    for (let j = 0; j < 10; j++) {
      for (let k = 0; k < 11; k++) t.is(back.get(i, j, k), expected.data.get(i, j, k));
    }
  }
  predictor.dispose();
});

test('classes come with their names, probabilities add up to one', async (t) => {
  const predictor = await loadPredictor(await fileOf(classification, 1));
  const found = await predictor.classify(volumeOf(0));
  t.deepEqual(
    found.map(({ name }) => name),
    ['a', 'b'],
  );
  t.true(Math.abs(found[0].probability + found[1].probability - 1) < 1e-6);
  predictor.dispose();
});

test('crops are restored as one batch, in any memory order', async (t) => {
  const predictor = await loadPredictor(await fileOf(pretraining, 1));
  const values = Float32Array.from({ length: 512 }, (_, n) => (n % 97) / 97);
  const crop = ndarray(values, [8, 8, 8]);
  const turned = ndarray(new Float32Array(512), [8, 8, 8], [1, 8, 64]);
  for (let n = 0; n < 512; n++) turned.set(n >> 6, (n >> 3) % 8, n % 8, values[n]);
  const [a, b] = await predictor.restore([crop, turned]);
  t.deepEqual(a.shape, [8, 8, 8]);
  t.deepEqual(a.data, b.data);
  t.true(a.data.every((value) => value > 0 && value < 1));
  await t.throwsAsync(predictor.restore([ndarray(new Float32Array(64), [4, 4, 4])]), {
    code: 'bad-argument',
    message: /a crop has 4×4×4 voxels, but the network takes 8×8×8/,
  });
  predictor.dispose();
});

test('several models are averaged; one alone is applied as it is', async (t) => {
  const files = await Promise.all([1, 2].map((seed) => fileOf(classification, seed)));
  const alone = await Promise.all(files.map((file) => loadPredictor(file)));
  const [first, second] = await Promise.all(alone.map((one) => one.classify(volumeOf(0))));
  const folder = await tempFolder(t);
  const models = [];
  for (const [n, file] of files.entries()) {
    await writeFile(join(folder, `${n}.safetensors`), file);
    models.push(modelWithWeights(await readModelFile(join(folder, `${n}.safetensors`))));
  }
  const both = new Predictor(classification, models);
  const found = await both.classify(volumeOf(0));
  t.not(first[0].probability, second[0].probability);
  for (const n of [0, 1]) {
    const mean = Math.fround((first[n].probability + second[n].probability) / 2);
    t.is(found[n].probability, mean);
  }
  for (const predictor of [...alone, both]) predictor.dispose();
});

test('NaN is treated as the card says, or as asked for', async (t) => {
  const predictor = await loadPredictor(await fileOf(segmentation, 1));
  const broken = volumeOf(0);
  const zeroed = volumeOf(0);
  for (const n of [0, 77, 900]) {
    broken.data.data[n] = n === 77 ? Number.POSITIVE_INFINITY : Number.NaN;
    zeroed.data.data[n] = 0;
  }
  await t.throwsAsync(predictor.segment(broken), {
    instanceOf: InferenceError,
    code: 'non-finite',
    message: /^the volume has 3 voxels that are NaN or infinite/,
  });
  const found = await predictor.segment(broken, { nonFinite: 'zero' });
  t.deepEqual(found.data, (await predictor.segment(zeroed)).data);
  t.true(Number.isNaN(broken.data.data[0]), 'the volume itself stays as it is');
  predictor.dispose();
});

test('what cannot be done is said with its reason', async (t) => {
  const predictor = await loadPredictor(await fileOf(segmentation, 1));
  await t.throwsAsync(predictor.classify(volumeOf(0)), {
    code: 'wrong-kind',
    message: 'the model is one of segmentation, not of classification',
  });
  await t.throwsAsync(predictor.restore([]), { code: 'wrong-kind' });
  predictor.dispose();
  await t.throwsAsync(loadPredictor('http://localhost:1/model.safetensors'), {
    code: 'not-found',
    message: /^cannot load http:\/\/localhost:1\/model.safetensors: /,
  });
  const folder = await tempFolder(t);
  await t.throwsAsync(loadFromDisk(folder), {
    code: 'not-found',
    message: /holds no checkpoints\/best.safetensors/,
  });
  await t.throwsAsync(loadFromDisk(join(folder, 'none')), { code: 'not-found' });
  const file = join(folder, 'a.safetensors');
  await writeFile(file, 'no model');
  const error = await t.throwsAsync(loadFromDisk(file), { code: 'not-a-model' });
  t.true(error.message.startsWith(`${file} cannot be used: it is no model`));
  await t.throwsAsync(
    createPredictor({ card: segmentation, weights: await weightsOf(pretraining) }),
    {
      code: 'weights',
    },
  );
});

async function weightsOf(card: ModelCard) {
  const model = buildModel(card, 0);
  const weights = await getWeights(model);
  model.dispose();
  return weights;
}
