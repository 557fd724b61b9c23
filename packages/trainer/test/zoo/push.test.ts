import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { loadModel, pretrain, pushModel } from '@genesis/trainer';
import { verifyModelPackage } from '@genesis/zoo/node';
import test from 'ava';
import ndarray from 'ndarray';
import { encodePng } from '#src/report/png.js';
import { readSamples } from '#src/report/read-samples.js';
import { sampleFigure } from '#src/report/sample-figure.js';
import { graySlice } from '#src/report/slices.js';
import { recipeHash, recipeOptions } from '#src/run/recipe-of-run.js';
import { writeModelFacts } from '../helpers/model-facts.js';
import { writePhantoms } from '../helpers/volumes.js';

test('a run becomes a package: weights as halves, card, recipe, curve, pictures', async (t) => {
  const folder = await tempFolder(t);
  const at = (...parts: string[]): string => join(folder, ...parts);
  await writePhantoms(at('ct'), 3, [32, 32, 24]);
  const run = at('run');
  await pretrain({
    images: at('ct'),
    out: run,
    width: 4,
    levels: 2,
    crop: [16, 16, 16],
    batch: 2,
    epochs: 2,
    cropsPerVolume: 2,
    validationCrops: 2,
    normalization: 'ct',
    seed: 5,
  });
  const card = at('card.json');
  await writeModelFacts(card);
  const pushed = await pushModel({ run, card, out: at('package') });
  const verified = await verifyModelPackage(at('package'));
  t.deepEqual(verified.card, pushed);
  t.like(pushed, {
    name: 'phantom-test',
    precision: 'float16',
    recipe: { command: 'pretrain', options: { seed: 5, width: 4, crop: [16, 16, 16] } },
    training: { epochs: 2, steps: 4, volumes: { train: 2, validation: 1 }, engine: 'native' },
    model: { kind: 'pretrain', crop: [16, 16, 16] },
    intensities: ['ct: -1000…1000 HU become 0…1'],
  });
  t.is(pushed.training.curve.length, 2);
  t.is(pushed.pictures.length, 3);
  for (const { pictures } of pushed.pictures) {
    t.deepEqual(
      pictures.map(({ name }) => name),
      ['original', 'deformed', 'restored'],
    );
  }
  const text = await readFile(at('package', 'model.json'), 'utf8');
  t.false(text.includes(folder), 'no path of this machine');
  t.regex(
    await readFile(at('package', 'pictures', 'curve.svg'), 'utf8'),
    /^<svg xmlns=.*<\/svg>\s*$/s,
  );

  await pushModel({ run, card, out: at('again') });
  for (const name of await readdir(at('package'), { recursive: true })) {
    if (!name.includes('.')) continue;
    t.deepEqual(await readFile(at('package', name)), await readFile(at('again', name)), name);
  }

  const [trained, packed] = [await loadModel(run), await loadModel(verified.weights)];
  t.deepEqual(packed.info, trained.info);
  t.teardown(() => {
    for (const { model } of [trained, packed]) model.dispose();
  });
  for (const [n, tensor] of trained.model.getWeights().entries()) {
    const [before, after] = [tensor, packed.model.getWeights()[n]].map((one) => one.dataSync());
    const isKernel = tensor.shape.length > 1;
    t.true(
      before.every(
        (value, i) => Math.abs(after[i] - value) <= (isKernel ? Math.abs(value) / 2048 + 3e-8 : 0),
      ),
    );
  }

  const whole = await pushModel({ run, card, out: at('whole'), precision: 'float32', samples: 0 });
  t.deepEqual(whole.pictures, []);
  const bytes = ({ files }: typeof whole): number =>
    files.find(({ path }) => path === 'weights.safetensors')?.bytes ?? 0;
  t.true(bytes(pushed) < 0.6 * bytes(whole));
});

test('push needs a run and a card that says everything', async (t) => {
  const folder = await tempFolder(t);
  const card = join(folder, 'card.json');
  await writeModelFacts(card, { license: undefined });
  const opts = { run: join(folder, 'none'), card, out: join(folder, 'package') };
  await t.throwsAsync(pushModel(opts), { code: 'bad-card', message: /license is missing/ });
  await writeModelFacts(card);
  await t.throwsAsync(pushModel(opts), { code: 'run-missing' });
});

test('the pictures of a page are read as they were drawn', (t) => {
  const slice = graySlice(ndarray(Float32Array.of(0, 0.5, 1, 0.2), [2, 2, 1]), 2, 0);
  const html = sampleFigure({
    title: 'a <b> & c',
    note: 'MSE 1 → 2',
    columns: ['original', "it's"],
    rows: [
      { name: 'axial', slices: [slice, slice] },
      { name: 'coronal', slices: [slice, slice] },
    ],
  });
  const png = Uint8Array.from(encodePng(slice.pixels, 2, 2));
  const pictures = [
    { name: 'original', png },
    { name: "it's", png },
  ];
  t.deepEqual(readSamples(`<p>${html}${html}</p>`), [
    { title: 'a <b> & c', note: 'MSE 1 → 2', pictures },
    { title: 'a <b> & c', note: 'MSE 1 → 2', pictures },
  ]);
  t.deepEqual(readSamples('<p>nothing</p>'), []);
});

test('a recipe tells no places, and its hash minds no order of keys', (t) => {
  const options = recipeOptions({ images: '/a', out: '/b', threads: 2, seed: 1, init: '/c/pre' });
  t.deepEqual(options, { seed: 1, init: 'pre' });
  t.is(recipeOptions({ init: 'zoo:genesis-ct' }).init, 'zoo:genesis-ct');
  t.is(recipeOptions({ init: 'none' }).init, 'none');
  t.is(recipeHash({ a: 1, b: { c: [1, 2], d: 3 } }), recipeHash({ b: { d: 3, c: [1, 2] }, a: 1 }));
  t.not(recipeHash({ a: [1, 2] }), recipeHash({ a: [2, 1] }));
});
