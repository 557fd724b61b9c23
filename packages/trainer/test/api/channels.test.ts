import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { evaluate, finetune, predict, pretrain } from '@genesis/trainer';
import { readVolume, resampleToSpacing, type Volume } from '@genesis/volume-io';
import test from 'ava';
import { json, tinyCases, write, writers } from '../helpers/layouts.js';

const SHAPE = [12, 10, 8] as const;
const small = { width: 2, levels: 2, crop: [8, 8, 8], batch: 2, epochs: 2 } as const;

interface Info {
  readonly model: {
    preparation: {
      channels?: { name: string; normalization: string }[];
      allowMissing?: boolean;
      resampleChannels?: boolean;
    };
    classes: { name: string }[];
  };
  readonly transfer: { repeated?: { channels: number }; random: { name: string }[] };
  readonly data: { key: string }[];
}

async function infoOf(run: string): Promise<Info> {
  return JSON.parse(await readFile(join(run, 'run.json'), 'utf8')) as Info;
}

test('two channels: pre-train, fine-tune, predict, evaluate, resume', async (t) => {
  const folder = await tempFolder(t);
  const at = (...parts: string[]): string => join(folder, ...parts);
  await writers.nnunet(at('set'), tinyCases(5, [...SHAPE], 2));
  const crops = { cropsPerVolume: 2, validationCrops: 2, cropRule: 'any' } as const;
  const pre = await pretrain({ ...small, ...crops, images: at('set'), out: at('pre') });
  t.true(Number.isFinite(pre.best?.validation.loss));
  t.deepEqual((await infoOf(at('pre'))).model.preparation.channels, [
    { name: 'seq0', normalization: 'auto' },
    { name: 'seq1', normalization: 'auto' },
  ]);
  const tuned = await finetune({
    ...small,
    task: 'segmentation',
    images: at('set'),
    init: at('pre'),
    out: at('tuned'),
    epochs: 1,
    intensityRate: 1,
    flipAxes: ['x'],
  });
  t.is(tuned.reason, 'epochs');
  const info = await infoOf(at('tuned'));
  t.deepEqual(
    info.model.preparation.channels?.map(({ name }) => name),
    ['seq0', 'seq1'],
  );
  t.deepEqual(
    info.transfer.random.map(({ name }) => name),
    ['head.conv.kernel', 'head.conv.bias'],
    'the last layer is new, though two channels and two classes would fit',
  );
  t.is(info.transfer.repeated, undefined);
  t.true(info.data.some(({ key }) => key === 'case0 seq1'));
  await finetune({
    task: 'segmentation',
    images: at('set'),
    out: at('tuned'),
    resume: true,
    epochs: 2,
  });
  const found = await evaluate({ model: at('tuned'), images: at('set') });
  t.is(found.cases.length, 5);
  const predicted = await predict({ model: at('tuned'), images: at('set'), out: at('out') });
  t.is(predicted.length, 5);
  const { data } = await readVolume(at('out', 'case0.nii.gz'));
  t.deepEqual(data.shape, [...SHAPE]);
  // The same by files in one folder, whatever their names say about channels beside their numbers.
  const alike = await predict({
    model: at('tuned'),
    images: at('set', 'imagesTr'),
    out: at('o2'),
    layout: 'nnunet',
  }).catch((error: Error) => error.message);
  t.regex(String(alike), /has no channel 'seq0': there are 0000, 0001/);
});

test('an augmentation of transforms varies both channels', async (t) => {
  const folder = await tempFolder(t);
  await writers.monai(folder, tinyCases(4, [...SHAPE], 2));
  const out = join(folder, 'run');
  const result = await finetune({
    ...small,
    task: 'segmentation',
    images: folder,
    out,
    epochs: 1,
    augment: 'nnunet',
  });
  t.true(Number.isFinite(result.best?.validation.loss));
});

test('a network of one channel starts one of three: its first layer is repeated', async (t) => {
  const folder = await tempFolder(t);
  const at = (...parts: string[]): string => join(folder, ...parts);
  const cases = tinyCases(4, [...SHAPE], 3);
  for (const { name, images } of cases) await write(at('one', `${name}.nii.gz`), images[0]);
  const crops = { cropsPerVolume: 2, validationCrops: 2, cropRule: 'any' } as const;
  await pretrain({ ...small, ...crops, images: at('one'), out: at('pre'), epochs: 1 });
  await writers.bids(at('three'), cases);
  const notes: string[] = [];
  await finetune({
    ...small,
    task: 'segmentation',
    images: at('three'),
    init: at('pre'),
    out: at('run'),
    epochs: 1,
    onEvent: (event) => void (event.type === 'note' && notes.push(event.text)),
  });
  const info = await infoOf(at('run'));
  t.is(info.transfer.repeated?.channels, 3);
  t.true(info.transfer.random.every(({ name }) => name.startsWith('head.')));
  t.regex(
    notes.join('\n'),
    /has one channel in the file: repeated for 3 and divided by their number/,
  );
  const chosen = { ...small, task: 'segmentation', images: at('three'), epochs: 1 } as const;
  await finetune({ ...chosen, out: at('two'), channels: ['T2w', 'T1w'] });
  t.deepEqual(
    (await infoOf(at('two'))).model.preparation.channels?.map(({ name }) => name),
    ['T2w', 'T1w'],
  );
  await t.throwsAsync(finetune({ ...chosen, out: at('no'), channels: ['PET'] }), {
    code: 'bad-data',
    message: /has no channel 'PET': there are FLAIR, T1w, T2w/,
  });
});

test('channels that are missing or lie on other grids: refused with the reason, or taken', async (t) => {
  const folder = await tempFolder(t);
  const at = (...parts: string[]): string => join(folder, ...parts);
  const cases = tinyCases(4, [...SHAPE], 2);
  await writers.nnunet(at('set'), cases);
  const opts = { ...small, task: 'segmentation', images: at('set'), epochs: 1 } as const;
  const second = at('set', 'imagesTr', 'case1_0001.nii.gz');
  const fine = resampleToSpacing(cases[1].images[1] as Volume, [0.5, 0.6, 1]);
  await write(second, fine);
  await t.throwsAsync(finetune({ ...opts, out: at('a') }), {
    code: 'bad-data',
    message:
      /case1_0001\.nii\.gz has 24×20×16 voxels, but .*case1_0000\.nii\.gz has 12×10×8; --resample-channels/,
  });
  await finetune({ ...opts, out: at('b'), resampleChannels: true });
  t.true((await infoOf(at('b'))).model.preparation.resampleChannels);
  t.is((await predict({ model: at('b'), images: at('set'), out: at('pb') })).length, 4);

  await rm(second);
  await t.throwsAsync(finetune({ ...opts, out: at('c') }), {
    code: 'bad-data',
    message: /the case case1 lacks the channel seq1: .*--allow-missing-channels/,
  });
  await finetune({ ...opts, out: at('d'), allowMissingChannels: true });
  t.true((await infoOf(at('d'))).model.preparation.allowMissing);
  t.is((await predict({ model: at('d'), images: at('set'), out: at('pd') })).length, 4);
  await t.throwsAsync(predict({ model: at('b'), images: at('set'), out: at('pe') }), {
    message: /lacks the channel seq1/,
  });
  const lenient = { model: at('b'), images: at('set'), allowMissingChannels: true };
  t.is((await predict({ ...lenient, out: at('pf') })).length, 4);
});

test('a model of one channel takes the channel of its name; volumes alone are too few for two', async (t) => {
  const folder = await tempFolder(t);
  const at = (...parts: string[]): string => join(folder, ...parts);
  const cases = tinyCases(4, [...SHAPE], 2);
  await writers.nnunet(at('set'), cases);
  const opts = { ...small, task: 'segmentation', images: at('set'), epochs: 1 } as const;
  await finetune({ ...opts, out: at('one'), channels: ['seq1'] });
  const one = await predict({
    model: at('one'),
    images: at('set'),
    layout: 'nnunet',
    out: at('a'),
  });
  t.true(one.every(({ input }) => input.endsWith('_0001.nii.gz')));
  await finetune({ ...opts, out: at('both') });
  await mkdir(at('plain'));
  await rename(at('set', 'imagesTr', 'case0_0000.nii.gz'), at('plain', 'scan.nii.gz'));
  await t.throwsAsync(predict({ model: at('both'), images: at('plain'), out: at('b') }), {
    code: 'bad-data',
    message: /has one channel, but 2 are needed: seq0, seq1/,
  });
  await json(at('list.json'), {
    testing: [{ image: ['plain/scan.nii.gz', 'set/imagesTr/case0_0001.nii.gz'] }],
    modality: { 0: 'seq0', 1: 'seq1' },
  });
  t.is((await predict({ model: at('both'), images: at('list.json'), out: at('c') })).length, 1);
});
