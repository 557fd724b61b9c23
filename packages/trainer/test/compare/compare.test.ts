import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { compare } from '@genesis/trainer';
import test from 'ava';
import { readExperiment } from '#src/compare/read-experiment.js';
import { writeBalls } from '../helpers/volumes.js';

const EXPERIMENT = `
name: balls
tasks:
  balls: { images: data/images, labels: data/labels, test: [case0, case1], license: made up }
labels: [2]
seeds: { count: 2 }
options: { width: 2, levels: 2, crop: [16, 16, 16], batch: 2, epochs: 2, norm: instance, patience: 0, engine: cpu }
pretrainingOptions: { images: data/images, width: 2, levels: 2, crop: [16, 16, 16], batch: 2, epochs: 1, cropsPerVolume: 2, norm: instance, engine: cpu }
pretraining:
  genesis: {}
arms:
  scratch:
  pre: { pretraining: genesis }
primary: { arm: pre, against: scratch }
`;

test('an experiment runs in processes, stops, goes on, and compares what has ended', async (t) => {
  t.timeout(300_000);
  const folder = await tempFolder(t);
  await writeBalls(join(folder, 'data'), 8, [16, 16, 16]);
  const experiment = join(folder, 'balls.yaml');
  const out = join(folder, 'out');
  await writeFile(experiment, EXPERIMENT);

  const stop = new AbortController();
  const before: string[] = [];
  const first = await compare({
    experiment,
    out,
    signal: stop.signal,
    onRun: ({ id, state }) => {
      before.push(`${id} ${state}`);
      if (state === 'done') stop.abort();
    },
  });
  t.true(first.interrupted, JSON.stringify(first.failed));
  t.deepEqual(before.slice(0, 2), ['pretrain-genesis started', 'pretrain-genesis done']);
  t.is(first.summary.ended, 1);
  t.is(first.summary.primary, undefined);

  const after: string[] = [];
  const { summary, failed, report } = await compare({
    experiment,
    out,
    jobs: 2,
    onRun: ({ id, state }) => after.push(`${id} ${state}`),
  });
  t.deepEqual(failed, []);
  t.false(after.includes('pretrain-genesis started'), 'what has a record is not done again');
  t.is(summary.ended, 5);
  t.is(summary.planned, 5);
  t.deepEqual(summary.primary?.seeds, [1, 2]);
  t.is(summary.primary?.cases, 2);
  t.is(summary.primary?.verdict.kind, 'too-few');
  t.regex(
    summary.sentence ?? '',
    /^On 2 test cases of balls with 2 labelled cases for training, 2 paired runs, pre differs/,
  );
  t.true((await readFile(report, 'utf8')).includes('Comparison: balls'));

  const lines = (await readFile(join(out, 'results.jsonl'), 'utf8')).trim().split('\n');
  t.is(lines.length, 5);
  const records = lines.map((line) => JSON.parse(line));
  for (const seed of [1, 2]) {
    const [a, b] = records.filter((one) => one.seed === seed);
    t.deepEqual([...a.train].sort(), [...b.train].sort(), 'both arms learn from the same cases');
    t.deepEqual(a.validation, b.validation);
    t.is(a.train.length, 2);
    const list = JSON.parse(await readFile(join(out, 'data', `balls-n2-s${seed}.json`), 'utf8'));
    const named = (entries: { image: string }[]): string[] =>
      entries.map(({ image }) => (/(case\d+)/.exec(image) as RegExpExecArray)[1]).sort();
    t.deepEqual([...a.train].sort(), named(list.training));
    t.deepEqual(a.validation, named(list.validation));
  }
  const unlabelled = JSON.parse(
    await readFile(join(out, 'data', 'pretraining-genesis.json'), 'utf8'),
  );
  t.deepEqual(
    unlabelled.training.map(({ image }: { image: string }) => /case\d+/.exec(image)?.[0]),
    ['case2', 'case3', 'case4', 'case5', 'case6', 'case7'],
    'no pre-training sees a case of the test',
  );
  t.true(records.every(({ cases }) => cases === undefined || cases.length === 2));

  // A run whose options are others now is not taken for one of this experiment.
  await writeFile(experiment, EXPERIMENT.replace('epochs: 2,', 'epochs: 3,'));
  await t.throwsAsync(compare({ experiment, out }), {
    code: 'data-changed',
    message: /balls-n2-\w+-s1 was done with other options/,
  });
  // A case that goes would change who learns from what.
  await writeFile(experiment, EXPERIMENT);
  await rm(join(folder, 'data', 'images', 'case7.nii.gz'));
  await rm(join(folder, 'data', 'labels', 'case7.nii.gz'));
  await t.throwsAsync(compare({ experiment, out }), { code: 'data-changed' });
});

const mistakes: [string, RegExp][] = [
  [EXPERIMENT.replace('arm: pre', 'arm: other'), /names the arm 'other', which is not there/],
  [EXPERIMENT.replace('against: scratch', 'against: pre'), /compares 'pre' with itself/],
  [
    EXPERIMENT.replace('pretraining: genesis }', 'pretraining: mae }'),
    /needs the pre-training 'mae'/,
  ],
  [EXPERIMENT.replace('labels: [2]', 'labels: [two]'), /option 'labels\.0'/],
  [EXPERIMENT.replace('seeds:', 'sedes:'), /unknown option 'sedes'.*did you mean 'seeds'\?/],
  [
    EXPERIMENT.replace('pretrainingOptions: { images: data/images,', 'pretrainingOptions: {'),
    /the pre-training 'genesis' needs 'images'/,
  ],
  [EXPERIMENT.replace('  pre:', '  "p/re":'), /names a folder/],
];

for (const [text, message] of mistakes) {
  test(`a mistake in an experiment is told before anything runs: ${message.source}`, async (t) => {
    const file = join(await tempFolder(t), 'e.yaml');
    await writeFile(file, text);
    await t.throwsAsync(readExperiment(file), { code: 'bad-config', message });
  });
}

test('the preset of the paper has its arms, each from a pre-training of its own', async (t) => {
  const file = join(await tempFolder(t), 'e.yaml');
  const text = EXPERIMENT.replace('pretraining:\n  genesis: {}\n', 'preset: paper\n')
    .replace(/arms:[\s\S]*primary/, 'primary')
    .replace('arm: pre', 'arm: genesis');
  await writeFile(file, text);
  const { arms, pretraining } = await readExperiment(file);
  t.is(Object.keys(arms).length, 7);
  t.is(arms.jigsaw.pretraining, 'jigsaw');
  t.is(pretraining.jigsaw.proxyTask, 'jigsaw');
  t.is(pretraining.jigsaw.width, 2);
});
