import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AgeEvaluation,
  type AgePrediction,
  age,
  makeCohort,
} from '@genesis/example-custom-task';
import { tempFolder } from '@genesis/testing';
import { evaluate, predict, TrainerError } from '@genesis/trainer';
import { registerTask, trainTask } from '@genesis/trainer/tasks';
import test from 'ava';

test('a task of one’s own trains, resumes, predicts and evaluates like those of the package', async (t) => {
  const folder = await tempFolder(t);
  const at = (...parts: string[]): string => join(folder, ...parts);
  const cohort = await makeCohort(folder, { patients: 16, seed: 0 });
  registerTask(age);
  const opts = {
    task: 'age',
    ...cohort,
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
    images: join(cohort.images, 'patient3.nii.gz'),
    out: at('found.csv'),
  });
  t.true(Math.abs(found.age - 50) < 15, `${found.age} years`);
  t.regex(await readFile(at('found.csv'), 'utf8'), /^name,age\npatient3,[\d.]+\n$/);

  const evaluation = await evaluate<AgeEvaluation>({
    model: at('run'),
    images: cohort.images,
    labels: cohort.ages,
  });
  t.is(evaluation.kind, 'age');
  t.is(evaluation.seenInTraining.length, 16);
  t.true(evaluation.error < guessing / 2, `${evaluation.error} years off`);
  t.regex(age.tabulate?.(evaluation) ?? '', /patient0 +20\.0 +\d+\.\d\n/);
});

test('two tasks of one kind are one too many', (t) => {
  t.throws(() => registerTask({ ...age, kind: 'segmentation' }), {
    instanceOf: TrainerError,
    message: "there is a task 'segmentation' already",
  });
});
