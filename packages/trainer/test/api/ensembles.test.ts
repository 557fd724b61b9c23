import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { evaluate, finetune, type Prediction, predict } from '@genesis/trainer';
import { readHeader, readVolume } from '@genesis/volume-io';
import test from 'ava';
import { runCli } from '../helpers/run-cli.js';
import { writeBalls } from '../helpers/volumes.js';

/** The probabilities of the classes in a folder that `predict` wrote. */
async function probabilitiesIn(folder: string): Promise<ArrayLike<number>[]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map(async (name) => (await readVolume(join(folder, name))).data.data));
}

test('folds and runs are averaged; probabilities and entropy are those of the mean', async (t) => {
  const folder = await tempFolder(t);
  const at = (...parts: string[]): string => join(folder, ...parts);
  await writeBalls(at('set'), 4, [14, 12, 10]);
  const images = at('set', 'images');
  const labels = at('set', 'labels');
  await finetune({
    task: 'segmentation',
    images,
    labels,
    out: at('runs'),
    folds: 2,
    width: 2,
    levels: 2,
    crop: [8, 8, 8],
    batch: 2,
    epochs: 2,
    flipAxes: ['y'],
    // Another grid than the images', so that probabilities come back class by class.
    spacing: [1, 1, 1.5],
    learningRate: 1e-2,
  });
  const image = join(images, 'case0.nii.gz');
  const maps = (name: string) => ({
    out: at(name, 'labels'),
    probabilities: at(name, 'probabilities'),
    entropy: at(name, 'entropy'),
  });
  await predict({ model: at('runs', 'fold0'), images: image, ...maps('a') });
  await predict({ model: at('runs', 'fold1'), images: image, ...maps('b') });
  const [both] = await predict<Prediction>({
    model: at('runs'),
    folds: 'all',
    images: image,
    ...maps('both'),
  });
  t.deepEqual((await readdir(at('both', 'probabilities'))).sort(), [
    'case0_background.nii.gz',
    'case0_label 1.nii.gz',
    'case0_label 2.nii.gz',
  ]);
  const [a, b, mean] = await Promise.all(
    ['a', 'b', 'both'].map((name) => probabilitiesIn(at(name, 'probabilities'))),
  );
  let worst = 0;
  for (const [c, values] of mean.entries()) {
    for (let v = 0; v < values.length; v++) {
      worst = Math.max(worst, Math.abs(values[v] - (a[c][v] + b[c][v]) / 2));
    }
  }
  // Each is rounded to a multiple of 1/65535.
  t.true(worst < 1.1 / 65535, `${worst * 65535}`);
  const map = await readVolume(both.path ?? '');
  const entropy = await readVolume(at('both', 'entropy', 'case0.nii.gz'));
  t.deepEqual(entropy.affine, map.affine);
  for (let v = 0; v < map.data.size; v++) {
    const p = mean.map((values) => values[v]);
    t.true(p[map.data.data[v]] >= Math.max(...p) - 2 / 65535);
    const wanted = p.reduce((sum, one) => sum - (one > 0 ? one * Math.log(one) : 0), 0);
    t.true(Math.abs(entropy.data.data[v] - wanted / Math.log(3)) < 1e-3);
  }
  t.like(await readHeader(at('both', 'entropy', 'case0.nii.gz')), { dtype: 'uint16' });

  // The same runs by name, mirrored as in training; axes that training did not mirror are refused.
  const runs = [at('runs', 'fold0'), at('runs', 'fold1')];
  const trained = await predict({
    model: runs,
    images: image,
    out: at('m.nii'),
    mirror: 'trained',
  });
  const named = await predict({ model: runs, images: image, out: at('n.nii'), mirror: ['y'] });
  const [m, n] = await Promise.all(
    [trained, named].map(async ([{ path = '' }]) => (await readVolume(path)).data.data),
  );
  t.deepEqual(m, n);
  await t.throwsAsync(
    predict({ model: runs, images: image, out: at('x.nii'), mirror: ['x', 'y'] }),
    {
      code: 'bad-argument',
      message: /was trained with mirror images along y alone, so those along x/,
    },
  );
  const found = await evaluate({ model: at('runs'), folds: [0, 1], images, labels });
  t.is(found.seenInTraining.length, 4);

  const args = ['predict', '--model', ...runs, '--images', images, '--out', at('cli')];
  const cli = await runCli(args);
  t.is(cli.code, 0, cli.stderr);
  t.regex(cli.stderr, /^1\/4 .*case0\.nii\.gz, .* left$/m);
  const none = await runCli([...args.slice(0, 2), at('set'), '--folds', 'all', ...args.slice(4)]);
  t.regex(none.stderr, /holds no folds/);
});

test('networks that see or say something else cannot be averaged', async (t) => {
  const folder = await tempFolder(t);
  const at = (...parts: string[]): string => join(folder, ...parts);
  await writeBalls(at('set'), 3, [12, 12, 12]);
  const opts = {
    task: 'segmentation',
    images: at('set', 'images'),
    labels: at('set', 'labels'),
    width: 2,
    levels: 2,
    batch: 2,
    epochs: 1,
  } as const;
  await finetune({ ...opts, out: at('a'), crop: [8, 8, 8] });
  await finetune({ ...opts, out: at('b'), crop: [12, 8, 8] });
  await t.throwsAsync(predict({ model: [at('a'), at('b')], images: opts.images, out: at('out') }), {
    code: 'bad-argument',
    message: /cannot be averaged with .*: their crop differ/,
  });
});
