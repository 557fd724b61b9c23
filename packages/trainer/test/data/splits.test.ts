import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRng } from '@genesis/core';
import { tempFolder } from '@genesis/testing';
import test from 'ava';
import fc from 'fast-check';
import { foldOf } from '#src/data/folds.js';
import { patientGroups } from '#src/data/patient-groups.js';
import { readSplitFile } from '#src/data/read-split-file.js';
import { splitRules } from '#src/tasks/common/split-rules.js';

test('folds: each case is validated once, patients stay together, sizes differ by one', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 10, maxLength: 60 }),
      fc.integer({ min: 2, max: 5 }),
      fc.integer({ min: 0, max: 1000 }),
      (patients, folds, seed) => {
        const groups = patients.map(String);
        const distinct = new Set(groups).size;
        fc.pre(distinct >= folds);
        const all = Array.from({ length: folds }, (_, fold) =>
          foldOf(groups, { folds, fold }, createRng(seed, 1)),
        );
        const validated = all.flatMap(({ validation }) => validation).sort((a, b) => a - b);
        t.deepEqual(
          validated,
          groups.map((_, n) => n),
        );
        for (const { train, validation } of all) {
          t.is(train.length + validation.length, groups.length);
          const held = new Set(validation.map((n) => groups[n]));
          t.false(train.some((n) => held.has(groups[n])));
          t.true(Math.abs(held.size - distinct / folds) < 1);
        }
      },
    ),
    { numRuns: 50 },
  );
  t.throws(() => foldOf(['a', 'b'], { folds: 2, fold: 2 }, createRng(0)), {
    code: 'bad-config',
    message: /there is no fold 2/,
  });
  t.throws(() => foldOf(['a', 'b', 'a'], { folds: 3, fold: 0 }, createRng(0)), {
    code: 'no-data',
    message: /3 folds need as many patients .* but there are 2/,
  });
});

const cases = ['p1_a', 'p1_b', 'p2_a', 'p3_a'].map((name) => ({ name, group: name }));
const silent = (): void => undefined;

test('patients by pattern and by table', async (t) => {
  const folder = await tempFolder(t);
  const expected = ['patient p1', 'patient p1', 'patient p2', 'patient p3'];
  t.deepEqual(await patientGroups(cases, { patientPattern: '^p\\d+' }), expected);
  t.deepEqual(await patientGroups(cases, { patientPattern: '^(p\\d+)_' }), expected);
  t.deepEqual(await patientGroups(cases, {}), ['p1_a', 'p1_b', 'p2_a', 'p3_a']);
  await t.throwsAsync(patientGroups(cases, { patientPattern: 'x(' }), { code: 'bad-config' });
  await t.throwsAsync(patientGroups(cases, { patientPattern: 'p[12]' }), {
    code: 'bad-data',
    message: /finds no patient in the case p3_a/,
  });
  const table = join(folder, 'patients.csv');
  await writeFile(table, 'name,patient_id\np1_a,X\np1_b,X\np2_a,Y\n');
  await t.throwsAsync(patientGroups(cases, { patients: table }), {
    message: /does not say whose the case p3_a is/,
  });
  t.deepEqual(await patientGroups(cases.slice(0, 3), { patients: table }), [
    'patient X',
    'patient X',
    'patient Y',
  ]);
});

test('a split by a file, its folds, and what is wrong with one', async (t) => {
  const folder = await tempFolder(t);
  const split = join(folder, 'splits_final.json');
  const list = [
    { train: ['p1_a', 'p1_b'], val: ['p2_a'] },
    { train: ['p2_a'], val: ['p1_a', 'p1_b'] },
  ];
  await writeFile(split, JSON.stringify(list));
  t.is((await readSplitFile(split)).length, 2);
  const warnings: string[] = [];
  const rules = await splitRules(
    { split, fold: 1, seed: 0 },
    cases,
    (text) => void warnings.push(text),
  );
  t.deepEqual(rules.sides, { train: [2], validation: [0, 1] });
  t.regex(warnings.join(), /1 of 4 cases are not in .*splits_final\.json and not used/);
  await t.throwsAsync(splitRules({ split, seed: 0 }, cases, silent), {
    code: 'bad-config',
    message: /holds 2 splits: choose one with --fold 0…1/,
  });
  await t.throwsAsync(splitRules({ split, fold: 5, seed: 0 }, cases, silent), {
    message: /has no split 5/,
  });
  await t.throwsAsync(splitRules({ split, folds: 2, fold: 0, seed: 0 }, cases, silent), {
    message: /exclude each other/,
  });
  await writeFile(split, JSON.stringify({ train: ['p1_a'], validation: ['p1_b', 'gone'] }));
  await t.throwsAsync(splitRules({ split, seed: 0 }, cases, silent), {
    code: 'bad-data',
    message: /names gone, which is no case of the dataset; those are called p1_a, p1_b, p2_a/,
  });
  await writeFile(split, JSON.stringify({ train: ['p1_a'], validation: ['p1_b'] }));
  t.deepEqual((await splitRules({ split, seed: 0 }, cases, silent)).sides, {
    train: [0],
    validation: [1],
  });
  await t.throwsAsync(splitRules({ split, patientPattern: 'p\\d', seed: 0 }, cases, silent), {
    code: 'bad-data',
    message: /patient p1 would be trained on and validated with/,
  });
  await writeFile(split, '{"train": []}');
  await t.throwsAsync(readSplitFile(split), { code: 'bad-data', message: /is no split/ });
});

test('sides and folds that the dataset itself names', async (t) => {
  const sided = cases.map((one, n) => ({
    ...one,
    fold: n % 2,
    split: n === 3 ? ('validation' as const) : ('train' as const),
  }));
  t.deepEqual((await splitRules({ seed: 0 }, sided, silent)).sides, {
    train: [0, 1, 2],
    validation: [3],
  });
  t.deepEqual((await splitRules({ fold: 1, seed: 0 }, sided, silent)).sides, {
    train: [0, 2],
    validation: [1, 3],
  });
  await t.throwsAsync(splitRules({ fold: 7, seed: 0 }, sided, silent), {
    message: /no case in the fold 7/,
  });
  await t.throwsAsync(splitRules({ fold: 0, seed: 0 }, cases, silent), { message: /needs folds/ });
  t.is((await splitRules({ seed: 0 }, cases, silent)).sides, undefined, 'at random');
});
