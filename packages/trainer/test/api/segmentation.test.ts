import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { evaluate, finetune, loadModel, predict, pretrain, TrainerError } from '@genesis/trainer';
import {
  readVolume,
  reorient,
  resampleToSpacing,
  type Volume,
  writeVolume,
} from '@genesis/volume-io';
import test from 'ava';
import { ball, writeBalls, writePhantoms } from '../helpers/volumes.js';

const small = { width: 4, levels: 3, batch: 2 } as const;

test('pre-train, fine-tune, predict, evaluate', async (t) => {
  const folder = await tempFolder(t);
  const at = (...parts: string[]): string => join(folder, ...parts);
  await writePhantoms(at('ct'), 3, [40, 40, 32]);
  const events: string[] = [];
  const before = await pretrain({
    ...small,
    data: at('ct'),
    out: at('pre'),
    crop: [16, 16, 16],
    epochs: 3,
    cropsPerVolume: 12,
    validationCrops: 8,
    onEvent: ({ type }) => void events.push(type),
  });
  t.is(before.reason, 'epochs');
  t.is(before.epochs, 3);
  t.is(before.steps, 36);
  const { loss, identityMse } = before.best?.validation ?? {};
  t.true(loss < identityMse, `restoring is better than doing nothing: ${loss} < ${identityMse}`);
  t.is(events.filter((type) => type === 'step').length, 36);
  t.is(events.filter((type) => type === 'epoch').length, 3);
  const html = await readFile(before.report, 'utf8');
  t.true(html.includes('deformed input') && html.includes('data:image/png;base64,'));
  t.false(/<(script|link)|https?:\/\/(?!www\.w3\.org)/.test(html), 'the report needs nothing else');

  await writeBalls(at('seg'), 10, [20, 18, 16]);
  // Cases that training never sees.
  for (const kind of ['images', 'labels']) {
    await mkdir(at('held', kind), { recursive: true });
    for (const name of ['case8.nii.gz', 'case9.nii.gz']) {
      await rename(at('seg', kind, name), at('held', kind, name));
    }
  }
  const tuned = await finetune({
    task: 'segmentation',
    images: at('seg', 'images'),
    labels: at('seg', 'labels'),
    init: at('pre'),
    out: at('tuned'),
    batch: 2,
    epochs: 12,
    learningRate: 1e-2,
    cropsPerVolume: 4,
    loss: 'diceCe',
  });
  const run = JSON.parse(await readFile(at('tuned', 'run.json'), 'utf8')) as {
    transfer: {
      matched: string[];
      random: { name: string }[];
      rescaled: { name: string; factor: number }[];
    };
    model: { network: object; crop: number[]; preparation: { normalization: string } };
  };
  t.like(run.model.network, { width: 4, levels: 3 }, 'the network is that of the first run');
  t.deepEqual(run.model.crop, [20, 20, 16]);
  t.is(run.model.preparation.normalization, 'percentile');
  t.deepEqual(
    run.transfer.random.map(({ name }) => name),
    ['head.conv.kernel', 'head.conv.bias'],
    'only the last layer is new',
  );
  t.true(run.transfer.matched.some((name) => name.startsWith('decoder.')));
  t.is(run.transfer.rescaled.length, 10, 'each kernel in front of a normalisation');
  t.true(run.transfer.rescaled.every(({ factor }) => factor > 0 && factor !== 1));
  const dice = tuned.best?.validation.dice ?? 0;
  t.true(dice > 0.8, `validation Dice ${dice}`);

  const held = { images: at('held', 'images'), labels: at('held', 'labels') };
  const found = await evaluate({ model: at('tuned'), ...held });
  if (found.kind !== 'segmentation') return t.fail();
  t.deepEqual(found.seenInTraining, []);
  t.deepEqual(Object.keys(found.classes), ['label 1', 'label 2']);
  t.is(found.cases.length, 2);
  t.true((found.foreground.dice.mean ?? 0) > 0.8, JSON.stringify(found.foreground));
  const { scores } = found.cases[0];
  const mean = (scores['label 1'].dice! + found.cases[1].scores['label 1'].dice!) / 2;
  t.is(found.classes['label 1'].dice.mean, mean);
  for (const { dice, iou } of Object.values(scores))
    t.true(Math.abs(dice! / (2 - dice!) - iou!) < 1e-9);
  t.true((scores['label 1'].surfaceDice ?? 0) > 0.5);
  t.true((found.foreground.hd95.mean ?? 99) < 5);
  const seen = await evaluate({
    model: at('tuned'),
    images: at('seg', 'images'),
    labels: at('seg', 'labels'),
  });
  t.is(seen.seenInTraining.length, 8);

  // One prediction agrees with the evaluation, and lies exactly where its image lies.
  const [prediction] = await predict({
    model: at('tuned'),
    input: at('held', 'images', 'case8.nii.gz'),
    out: at('one.nii.gz'),
  });
  t.is(prediction.path, at('one.nii.gz'));
  const [image, truth, labels] = await Promise.all([
    readVolume(at('held', 'images', 'case8.nii.gz')),
    readVolume(at('held', 'labels', 'case8.nii.gz')),
    readVolume(at('one.nii.gz')),
  ]);
  t.deepEqual(labels.affine, image.affine);
  t.deepEqual(labels.data.shape, image.data.shape);
  t.is(labels.header.dtype, 'uint8');
  let [both, total] = [0, 0];
  for (let n = 0; n < truth.data.data.length; n++) {
    const [a, b] = [truth.data.data[n] === 2, labels.data.data[n] === 2];
    if (a && b) both += 2;
    total += Number(a) + Number(b);
  }
  t.true(Math.abs(both / total - scores['label 2'].dice!) < 1e-9);

  await t.throwsAsync(predict({ model: at('pre'), input: at('held', 'images'), out: at('none') }), {
    instanceOf: TrainerError,
    message: /pre-training run, which has nothing to predict/,
  });
  await t.throwsAsync(
    predict({ model: at('tuned'), input: at('held', 'images'), out: at('none.nii.gz') }),
    { message: /holds 2 volumes, but --out .* is one file/ },
  );
});

test('a prediction does not depend on orientation and voxel size of the file', async (t) => {
  const folder = await tempFolder(t);
  const at = (...parts: string[]): string => join(folder, ...parts);
  await writeBalls(at('seg'), 6, [20, 18, 16]);
  await finetune({
    ...small,
    task: 'segmentation',
    images: at('seg', 'images'),
    labels: at('seg', 'labels'),
    out: at('run'),
    epochs: 12,
    cropsPerVolume: 4,
    learningRate: 1e-2,
    loss: 'diceCe',
    spacing: [1, 1.2, 2],
  });
  const { image, labels } = ball({
    shape: [26, 20, 22],
    center: [12, 10, 11],
    radius: 6,
    seed: 77,
  });
  const variants: Record<string, { image: Volume; labels: Volume }> = {
    plain: { image, labels },
    turned: { image: reorient(image, 'SPL'), labels: reorient(labels, 'SPL') },
    finer: {
      image: resampleToSpacing(image, [0.5, 0.6, 1]),
      labels: resampleToSpacing(labels, [0.5, 0.6, 1], { interpolation: 'nearest' }),
    },
  };
  const dice: Record<string, number> = {};
  for (const [name, pair] of Object.entries(variants)) {
    await mkdir(at(name));
    await writeVolume(at(name, 'a_image.nii.gz'), pair.image);
    await writeVolume(at(`${name}-label`, 'a_label.nrrd'), pair.labels);
    const [{ path = '' }] = await predict({
      model: at('run'),
      input: at(name),
      out: at(`${name}-out`),
    });
    t.is(path, at(`${name}-out`, 'a_image.nii.gz'));
    const written = await readVolume(path);
    t.deepEqual(written.data.shape, pair.image.data.shape, name);
    t.is(written.orientation, pair.image.orientation);
    const gap = written.affine.map((value, n) => Math.abs(value - pair.image.affine[n]));
    t.true(Math.max(...gap) < 1e-4, name);
    const found = await evaluate({
      model: at('run'),
      images: at(name),
      labels: at(`${name}-label`),
    });
    if (found.kind === 'segmentation') dice[name] = found.foreground.dice.mean ?? 0;
  }
  t.log(dice);
  t.true(dice.plain > 0.7, JSON.stringify(dice));
  t.true(Math.abs(dice.turned - dice.plain) < 1e-6, JSON.stringify(dice));
  t.true(Math.abs(dice.finer - dice.plain) < 0.15, JSON.stringify(dice));
});

test('weights of another width are refused, of another depth taken where they fit', async (t) => {
  const folder = await tempFolder(t);
  const at = (...parts: string[]): string => join(folder, ...parts);
  await writeBalls(at('seg'), 3, [16, 16, 16]);
  const data = {
    task: 'segmentation',
    images: at('seg', 'images'),
    labels: at('seg', 'labels'),
    epochs: 1,
    batch: 2,
  } as const;
  await finetune({ ...data, out: at('a'), width: 2, levels: 2 });
  const error = await t.throwsAsync(finetune({ ...data, out: at('b'), init: at('a'), width: 3 }), {
    instanceOf: TrainerError,
  });
  t.is(error?.code, 'weights');
  t.regex(
    error?.message ?? '',
    /no layer of .* fits the network's encoder \(for example encoder\./,
  );
  const notes: string[] = [];
  await finetune({
    ...data,
    out: at('c'),
    init: join(at('a'), 'checkpoints', 'best.safetensors'),
    levels: 3,
    onEvent: (event) => {
      if (event.type === 'note') notes.push(event.text);
    },
  });
  const report = notes.find((text) => text.startsWith('weights from')) ?? '';
  t.regex(report, /: \d+ tensors matched, [1-9]\d* start at random/);
  t.regex(report, /\n {2}random: encoder\.2\.a\.conv\.kernel \(not in the file\)/);
  const loaded = await loadModel(at('c'));
  t.is(loaded.info.network.levels, 3);
  loaded.model.dispose();
});
