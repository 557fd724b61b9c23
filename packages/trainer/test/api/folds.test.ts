import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { finetune, pretrain } from '@genesis/trainer';
import test from 'ava';
import { foldTable } from '#src/cli/fold-table.js';
import { tinyCases, write, writers } from '../helpers/layouts.js';

const SHAPE = [12, 10, 8] as const;
const small = { width: 2, levels: 2, crop: [8, 8, 8], batch: 2, epochs: 3 } as const;

interface Names {
  readonly train: string[];
  readonly validation: string[];
}

async function splitOf(run: string): Promise<Names> {
  return (JSON.parse(await readFile(join(run, 'run.json'), 'utf8')) as { split: Names }).split;
}

async function tensorsOf(run: string): Promise<Buffer> {
  const bytes = await readFile(join(run, 'checkpoints', 'best.safetensors'));
  return bytes.subarray(8 + Number(bytes.readBigUInt64LE(0)));
}

test('three folds are three runs in one folder; interrupted anywhere, they go on to the same bits', async (t) => {
  const folder = await tempFolder(t);
  const at = (...parts: string[]): string => join(folder, ...parts);
  await writers.nnunet(at('set'), tinyCases(6, [...SHAPE]));
  const opts = { ...small, task: 'segmentation', images: at('set'), folds: 3 } as const;
  const whole = await finetune({ ...opts, out: at('whole') });
  t.is(whole.folds?.length, 3);
  t.is(whole.epochs, 9);
  t.is(whole.run, at('whole'));
  const sides = await Promise.all([0, 1, 2].map((n) => splitOf(at('whole', `fold${n}`))));
  t.deepEqual(
    sides.flatMap(({ validation }) => validation).sort(),
    [0, 1, 2, 3, 4, 5].map((n) => `case${n}`),
  );
  t.regex(foldTable(whole.folds ?? []), /fold2 .*\n.*mean ± sd/);

  const stop = new AbortController();
  let epochs = 0;
  const stopped = await finetune({
    ...opts,
    out: at('parts'),
    signal: stop.signal,
    onEvent: ({ type }) => {
      if (type === 'epoch' && ++epochs === 4) stop.abort();
    },
  });
  t.is(stopped.reason, 'interrupted');
  t.is(stopped.folds?.length, 2);
  t.is(await stat(at('parts', 'fold2')).catch(() => undefined), undefined);
  const resumed = await finetune({
    task: 'segmentation',
    images: at('set'),
    out: at('parts'),
    resume: true,
  });
  t.is(resumed.reason, 'epochs');
  t.is(resumed.folds?.length, 3);
  for (const n of [0, 1, 2]) {
    t.true(
      (await tensorsOf(at('parts', `fold${n}`))).equals(await tensorsOf(at('whole', `fold${n}`))),
    );
  }
  // One fold alone is the same run, and may be resumed by itself.
  await finetune({ ...opts, out: at('one'), fold: 1 });
  t.true((await tensorsOf(at('one', 'fold1'))).equals(await tensorsOf(at('whole', 'fold1'))));
  const longer = await finetune({
    task: 'segmentation',
    images: at('set'),
    out: at('one', 'fold1'),
    resume: true,
    epochs: 4,
  });
  t.is(longer.epochs, 4);
  t.is(longer.folds, undefined);
});

test('a list of splits, with a case that is on neither side; resumed as it was', async (t) => {
  const folder = await tempFolder(t);
  const at = (...parts: string[]): string => join(folder, ...parts);
  const path = await writers.csv(at('set'), tinyCases(5, [...SHAPE]));
  await writeFile(
    at('splits_final.json'),
    JSON.stringify([
      { train: ['case0', 'case1'], val: ['case2'] },
      { train: ['case1', 'case2'], val: ['case0', 'case3'] },
    ]),
  );
  const opts = { ...small, task: 'segmentation', images: path, epochs: 1 } as const;
  await finetune({ ...opts, out: at('a'), split: at('splits_final.json'), fold: 1 });
  t.deepEqual(await splitOf(at('a', 'fold1')), {
    train: ['case1', 'case2'],
    validation: ['case0', 'case3'],
  });
  await finetune({ ...opts, out: at('a'), resume: true, epochs: 2 });
  const both = await finetune({
    ...opts,
    out: at('b'),
    split: at('splits_final.json'),
    fold: 'all',
  });
  t.is(both.folds?.length, 2);
  await t.throwsAsync(finetune({ ...opts, out: at('c'), folds: 2, patientPattern: 'case' }), {
    code: 'no-data',
    message: /there are 1/,
  });
});

test('a validation folder of its own, for pre-training and fine-tuning', async (t) => {
  const folder = await tempFolder(t);
  const at = (...parts: string[]): string => join(folder, ...parts);
  for (const { name, images, labels } of tinyCases(3, [...SHAPE])) {
    const side = name === 'case2' ? 'val' : 'train';
    // Names may be the same on both sides.
    const own = name === 'case2' ? 'case0' : name;
    await write(at(side, 'images', `${own}.nii.gz`), images[0]);
    await write(at(side, 'labels', `${own}.nii.gz`), labels);
  }
  const opts = { ...small, epochs: 1 } as const;
  await finetune({
    ...opts,
    task: 'segmentation',
    images: at('train', 'images'),
    labels: at('train', 'labels'),
    validationImages: at('val', 'images'),
    validationLabels: at('val', 'labels'),
    out: at('seg'),
  });
  const expected = { train: ['case0', 'case1'], validation: ['validation/case0'] };
  t.deepEqual(await splitOf(at('seg')), expected);
  await finetune({
    task: 'segmentation',
    images: at('train', 'images'),
    out: at('seg'),
    resume: true,
    epochs: 2,
  });
  const crops = { cropsPerVolume: 2, validationCrops: 2, cropRule: 'any' } as const;
  await pretrain({
    ...opts,
    ...crops,
    images: at('train', 'images'),
    validationImages: at('val', 'images'),
    out: at('pre'),
  });
  t.deepEqual(await splitOf(at('pre')), expected);
  await t.throwsAsync(
    pretrain({
      ...opts,
      ...crops,
      images: at('train', 'images'),
      validationImages: at('train', 'images'),
      out: at('no'),
    }),
    { code: 'bad-data', message: /is trained on and validated with/ },
  );
});
