import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { evaluate, predict, TrainerError } from '@genesis/trainer';
import { registerTask, trainTask } from '@genesis/trainer/tasks';
import { writeVolume } from '@genesis/volume-io';
import test from 'ava';
import { ball } from '../helpers/volumes.js';
import type { AgeEvaluation, AgePrediction } from './evaluation.js';
import { age } from './task.js';

test('a task of one’s own trains, resumes, predicts and evaluates like those of the package', async (t) => {
  const folder = await tempFolder(t);
  const at = (...parts: string[]): string => join(folder, ...parts);
  const rows = ['name,age'];
  for (let n = 0; n < 16; n++) {
    const radius = 2 + (n % 8) * 0.7;
    const { image } = ball({ shape: [16, 16, 16], center: [8, 8, 8], radius, seed: n });
    await writeVolume(at('images', `case${n}.nii.gz`), image);
    rows.push(`case${n},${20 + 10 * (n % 8)}`);
  }
  await writeFile(at('ages.csv'), rows.join('\n'));
  registerTask(age);
  const opts = {
    task: 'age',
    images: at('images'),
    ages: at('ages.csv'),
    crop: [16, 16, 16],
    width: 4,
    levels: 3,
    learningRate: 1e-2,
    validation: 0.25,
  } as const;
  const result = await trainTask(age, { ...opts, out: at('run'), epochs: 30 });
  const { years, guessing } = result.best?.validation ?? {};
  t.true(years < guessing / 3, `${years} years off, by guessing ${guessing}`);
  t.true((await readFile(result.report, 'utf8')).includes('Fine-tuning: age'));

  const again = await trainTask(age, { ...opts, out: at('run'), epochs: 31, resume: true });
  t.is(again.epochs, 31);
  await t.throwsAsync(trainTask(age, { ...opts, out: at('other'), epochs: 0 }), {
    instanceOf: TrainerError,
    message: /^option 'epochs' is 0: /,
  });

  const [found] = await predict<AgePrediction>({
    model: at('run'),
    images: at('images', 'case3.nii.gz'),
    out: at('found.csv'),
  });
  t.true(Math.abs(found.age - 50) < 15, `${found.age} years`);
  t.regex(await readFile(at('found.csv'), 'utf8'), /^name,age\ncase3,[\d.]+\n$/);

  const evaluation = await evaluate<AgeEvaluation>({
    model: at('run'),
    images: at('images'),
    labels: at('ages.csv'),
  });
  t.is(evaluation.kind, 'age');
  t.is(evaluation.seenInTraining.length, 16);
  t.true(evaluation.error < guessing / 2, `${evaluation.error} years off`);
  t.regex(age.tabulate?.(evaluation) ?? '', /case0 +20\.0 +\d+\.\d\n/);
});

test('two tasks of one kind are one too many', (t) => {
  t.throws(() => registerTask({ ...age, kind: 'segmentation' }), {
    instanceOf: TrainerError,
    message: "there is a task 'segmentation' already",
  });
});
