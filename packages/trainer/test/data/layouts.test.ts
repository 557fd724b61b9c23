import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { finetune, pretrain } from '@genesis/trainer';
import { createVolume, type Volume } from '@genesis/volume-io';
import test from 'ava';
import ndarray from 'ndarray';
import { findDataset } from '#src/data/layouts/find-dataset.js';
import { readLabel } from '#src/data/read-label.js';
import { json, tinyCases, write, writers } from '../helpers/layouts.js';

const SHAPE = [12, 10, 8] as const;

for (const [layout, writer] of Object.entries(writers)) {
  for (const channels of [1, 2]) {
    test(`${layout}, ${channels} channels: what a dataset says is understood`, async (t) => {
      const folder = await tempFolder(t);
      const path = await writer(folder, tinyCases(3, [...SHAPE], channels));
      const found = await findDataset({ images: path });
      t.is<string, string>(found.layout, layout);
      t.is(found.channels?.length, channels);
      t.is(found.cases.length, 3);
      for (const { image, label } of found.cases) {
        t.deepEqual(image.header.shape, [...SHAPE]);
        t.deepEqual(label?.header.shape, [...SHAPE]);
        t.is(image.channels?.length, channels === 1 ? undefined : channels);
      }
      if (found.classes) {
        t.deepEqual(
          found.classes.map(({ name, values }) => [name, ...values]),
          [
            ['background', 0],
            ['shell', 1],
            ['core', 2],
          ],
        );
      }
      t.is(found.classes === undefined, layout === 'csv' || layout === 'case-folders');
    });
  }
}

test('each layout trains as two folders do, to the bit, and names its classes', async (t) => {
  const folder = await tempFolder(t);
  const cases = tinyCases(4, [...SHAPE]);
  for (const { name, images, labels } of cases) {
    await write(join(folder, 'pair', 'images', `${name}.nii.gz`), images[0]);
    await write(join(folder, 'pair', 'labels', `${name}.nii.gz`), labels);
  }
  const train = async (images: string, labels?: string) => {
    const out = join(folder, 'runs', String(Math.random()));
    await finetune({
      task: 'segmentation',
      images,
      labels,
      out,
      width: 2,
      levels: 2,
      crop: [8, 8, 8],
      batch: 2,
      epochs: 2,
      normalization: 'percentile',
    });
    const weights = await readFile(join(out, 'checkpoints', 'best.safetensors'));
    const info = JSON.parse(await readFile(join(out, 'run.json'), 'utf8')) as {
      model: {
        classes: { name: string }[];
        preparation: { channels?: { name: string; normalization: string }[] };
      };
    };
    // The header of the file holds names; the tensors come after it.
    const header = Number(weights.readBigUInt64LE(0));
    return { tensors: weights.subarray(8 + header), ...info.model };
  };
  const pair = await train(join(folder, 'pair', 'images'), join(folder, 'pair', 'labels'));
  t.is(pair.preparation.channels, undefined);
  t.deepEqual((await train(join(folder, 'pair'))).tensors, pair.tensors, 'the folder of both');
  for (const [layout, writer] of Object.entries(writers)) {
    const trained = await train(await writer(join(folder, layout), cases));
    t.true(trained.tensors.equals(pair.tensors), layout);
    const names = trained.classes.map(({ name }) => name);
    const areNamed = layout !== 'csv' && layout !== 'case-folders';
    t.deepEqual(
      names,
      areNamed ? ['background', 'shell', 'core'] : ['background', 'label 1', 'label 2'],
      layout,
    );
    t.is(trained.preparation.channels?.length, 1, layout);
  }
});

test('a folder of nnU-Net is pre-trained with as one of volumes, test images included', async (t) => {
  const folder = await tempFolder(t);
  const cases = tinyCases(3, [...SHAPE]);
  await writers.nnunet(folder, cases);
  await write(join(folder, 'imagesTs', 'later_0000.nii.gz'), cases[0].images[0]);
  const train = async (layout: 'auto' | 'folders') => {
    const out = join(folder, '..', `${layout}-${Math.random()}`);
    t.teardown(() => rm(out, { recursive: true, force: true }));
    const opts = { images: folder, out, crop: [8, 8, 8], width: 2, levels: 2 } as const;
    await pretrain({
      ...opts,
      layout,
      batch: 2,
      epochs: 1,
      cropsPerVolume: 2,
      validationCrops: 2,
      cropRule: 'any',
    });
    const bytes = await readFile(join(out, 'checkpoints', 'best.safetensors'));
    return { out, tensors: bytes.subarray(8 + Number(bytes.readBigUInt64LE(0))) };
  };
  const [named, plain] = [await train('auto'), await train('folders')];
  t.true(named.tensors.equals(plain.tensors));
  // A run that was begun with plain volumes goes on with them.
  await t.notThrowsAsync(
    pretrain({ images: folder, out: plain.out, resume: true, layout: 'folders', epochs: 2 }),
  );
});

test('two folders of numbered channels are one case each', async (t) => {
  const folder = await tempFolder(t);
  await writers.nnunet(folder, tinyCases(2, [...SHAPE], 2));
  const found = await findDataset({
    images: join(folder, 'imagesTr'),
    layout: 'nnunet',
    labels: join(folder, 'labelsTr'),
  });
  t.deepEqual(found.channels, ['0000', '0001']);
  t.deepEqual(
    found.cases.map(({ image }) => image.name),
    ['case0', 'case1'],
  );
  t.true(found.cases.every(({ label }) => label !== undefined));
});

test('a dataset may name its files, regions and the label that does not count', async (t) => {
  const folder = await tempFolder(t);
  const [{ images, labels }] = tinyCases(1, [...SHAPE]);
  await write(join(folder, 'a.nii.gz'), images[0]);
  await write(join(folder, 'b.nii.gz'), labels);
  await json(join(folder, 'dataset.json'), {
    channel_names: { 0: 'CT' },
    labels: { background: 0, whole: [1, 2], core: [2], ignore: 3 },
    file_ending: '.nii.gz',
    dataset: { one: { images: ['./a.nii.gz'], label: './b.nii.gz' } },
  });
  const found = await findDataset({ images: folder });
  t.is(found.ignoreLabel, 3);
  t.deepEqual(
    found.classes?.map(({ values }) => values),
    [[0], [1, 2], [2]],
  );
  t.is(found.cases[0].image.name, 'one');
  await t.throwsAsync(
    finetune({ task: 'segmentation', images: folder, out: join(folder, 'run'), epochs: 1 }),
    { code: 'bad-data', message: /has regions \(whole is 1 or 2\), which overlap/ },
  );
});

test('masks, one for each class, are one label map (TotalSegmentator)', async (t) => {
  const folder = await tempFolder(t);
  const mask = (labels: Volume, value: number): Volume => {
    const { data, affine } = labels;
    const values = Uint8Array.from(data.data, (one) => Number(one === value));
    return createVolume(ndarray(values, data.shape, data.stride), { affine });
  };
  const cases = tinyCases(2, [...SHAPE]);
  for (const { name, images, labels } of cases) {
    await write(join(folder, name, 'ct.nii.gz'), images[0]);
    await write(join(folder, name, 'segmentations', 'liver.nii.gz'), mask(labels, 1));
    await write(join(folder, name, 'segmentations', 'spleen.nii.gz'), mask(labels, 2));
  }
  const found = await findDataset({ images: folder });
  t.deepEqual(found.channels, ['ct']);
  t.deepEqual(
    found.classes?.map(({ name, values }) => [name, ...values]),
    [
      ['background', 0],
      ['liver', 1],
      ['spleen', 2],
    ],
  );
  const { label } = found.cases[1];
  t.deepEqual(
    Array.from((await readLabel(label!)).data.data),
    Array.from(cases[1].labels.data.data),
  );
});

test('KiTS, sides and folds of lists, patients of tables, channels that are missing', async (t) => {
  const folder = await tempFolder(t);
  const [{ images, labels }] = tinyCases(1, [...SHAPE]);
  for (const name of ['case_00000', 'case_00001']) {
    await write(join(folder, 'kits', name, 'imaging.nii.gz'), images[0]);
    await write(join(folder, 'kits', name, 'segmentation.nii.gz'), labels);
    await write(join(folder, 'kits', name, 'instances', 'kidney_1.nii.gz'), labels);
  }
  const kits = await findDataset({ images: join(folder, 'kits') });
  t.deepEqual([kits.layout, kits.channels, kits.cases.length], ['case-folders', ['imaging'], 2]);

  await mkdir(join(folder, 'list'));
  const image = '../kits/case_00000/imaging.nii.gz';
  await json(join(folder, 'list', 'a.json'), {
    training: [{ image, label: image, fold: 2 }],
    validation: [{ image: '../kits/case_00001/imaging.nii.gz', label: image }],
    testing: [{ image }],
  });
  const list = await findDataset({ images: join(folder, 'list', 'a.json') });
  t.deepEqual(
    list.cases.map(({ split }) => split),
    ['train', 'validation', 'test'],
  );
  t.is(list.cases[0].fold, 2);

  const table = join(folder, 'list', 'cases.csv');
  await writeFile(
    table,
    `id;patient;CT;PET;mask;split\nx;p1;${image};${image};${image};train\ny;p1;${image};;;test\n`,
  );
  const rows = await findDataset({ images: table });
  t.deepEqual(rows.channels, ['CT', 'PET']);
  t.deepEqual(
    rows.cases.map(({ patient }) => patient),
    ['p1', 'p1'],
  );
  t.is(rows.cases[0].image.group, 'patient p1');
  t.is(rows.cases[1].image.channels?.[1], undefined);
  t.is(rows.cases[1].label, undefined);
});

test('what is wrong with a description is said in a sentence', async (t) => {
  const folder = await tempFolder(t);
  const file = join(folder, 'dataset.json');
  const refuses = (message: RegExp) =>
    t.throwsAsync(findDataset({ images: folder }), { code: 'bad-data', message });
  await writeFile(file, '{');
  await refuses(/dataset\.json is no JSON/);
  await json(file, {
    channel_names: { 0: 'CT' },
    labels: { liver: 'one' },
    file_ending: '.nii.gz',
  });
  await refuses(/its labels hold \{"liver":"one"\}, but must be names with whole numbers/);
  await json(file, { modality: { 0: 'MR' }, training: [{ label: 'x' }] });
  await refuses(/an entry names no image/);
  await json(file, { modality: { 0: 'MR' }, training: [{ image: './gone.nii.gz' }] });
  const warnings: string[] = [];
  await t.throwsAsync(
    findDataset({ images: folder, onWarning: (text) => void warnings.push(text) }),
    { code: 'no-data', message: /there is no case that can be used; .*gone\.nii\.gz/ },
  );
  await t.throwsAsync(findDataset({ images: folder, strict: true }), { message: /gone\.nii\.gz/ });
});
