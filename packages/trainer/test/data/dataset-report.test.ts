import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { dataset } from '@genesis/trainer';
import { createVolume, type Volume } from '@genesis/volume-io';
import test from 'ava';
import ndarray from 'ndarray';
import { datasetText } from '#src/cli/dataset-text.js';
import { wrapText } from '#src/cli/wrap-text.js';
import { json, tinyCases, write, writers } from '../helpers/layouts.js';
import { runCli } from '../helpers/run-cli.js';
import { truncate } from '../helpers/volumes.js';

const SHAPE = [12, 10, 8] as const;

/** The volume with other values, spacing or place. */
function changed(
  { data, affine }: Volume,
  change: { value?: (value: number, n: number) => number; scale?: number; shift?: number },
): Volume {
  const { value = (one: number) => one, scale = 1, shift = 0 } = change;
  const values = Float32Array.from(data.data, value);
  const moved = affine.map((one, n) => (n % 4 === 3 ? one + (n === 3 ? shift : 0) : one * scale));
  moved[15] = 1;
  return createVolume(ndarray(values, data.shape, data.stride), { affine: moved });
}

test('a dataset without faults: what was understood, as data and in 80 columns', async (t) => {
  const folder = await tempFolder(t);
  await writers.nnunet(folder, tinyCases(6, [...SHAPE], 2));
  const report = await dataset(folder);
  t.deepEqual(report.findings, []);
  t.like(report, { layout: 'nnunet', channels: ['seq0', 'seq1'] });
  t.deepEqual(
    report.classes.map(({ name, values, cases }) => [name, values, cases]),
    [
      ['background', [0], 6],
      ['shell', [1], 6],
      ['core', [2], 6],
    ],
  );
  const [first] = report.cases;
  t.like(first, { name: 'case0', shape: [...SHAPE], orientation: 'LAS' });
  const voxels = Object.values(first.label?.voxels ?? {}).reduce((sum, one) => sum + one, 0);
  t.is(voxels, 12 * 10 * 8);
  const values = first.channels[0]?.values;
  t.true(values && values.min >= 200 && values.max < 861 && values.median < 261);
  const text = datasetText(report);
  for (const line of text.split('\n').slice(1)) t.true([...line].length <= 80, line);
  t.regex(text, /layout {4}nnunet/);
  t.regex(text, /core +2 +6/);
  t.regex(text, /nothing is wrong$/);
});

test('each fault of a case is found, and told with its file', async (t) => {
  const folder = await tempFolder(t);
  const cases = tinyCases(10, [...SHAPE]);
  await writers.decathlon(folder, cases);
  const image = (n: number): string => join(folder, 'imagesTr', `case${n}.nii.gz`);
  const label = (n: number): string => join(folder, 'labelsTr', `case${n}.nii.gz`);
  const { images, labels } = cases[0];
  const own = (n: number): Volume => cases[n].images[0];
  await write(label(1), changed(labels, { shift: 40 }));
  await write(label(2), changed(labels, { value: (one) => (one === 2 ? 7 : one) }));
  await write(label(3), changed(labels, { value: (one) => one / 2 }));
  await write(label(4), changed(labels, { value: () => 0 }));
  await write(image(5), images[0]);
  await write(image(6), changed(own(6), { value: (one) => 50 * one }));
  await write(image(7), changed(own(7), { scale: 3 }));
  await write(label(7), changed(labels, { scale: 3 }));
  await write(image(8), changed(own(8), { value: (one, n) => (n === 5 ? Number.NaN : one) }));
  await truncate(image(9), 0.6);
  const report = await dataset(folder);
  const found = report.findings.map(({ severity, code, cases: names }) =>
    [severity, code, ...names].join(' '),
  );
  t.deepEqual(found.sort(), [
    'error grid case1',
    'error labels case2',
    'error labels case3',
    'error non-finite case8',
    'error unreadable case9',
    'warning duplicate case0 case5',
    'warning empty-label case4',
    'warning intensity case6',
    'warning spacing case7',
  ]);
  const texts = report.findings.map(({ text }) => text).join('\n');
  t.regex(texts, /case1\.nii\.gz .*does not lie where/);
  t.regex(texts, /case2\.nii\.gz holds the labels 7, which the dataset does not name/);
  const headers = await dataset(folder, { voxels: false });
  t.deepEqual(
    headers.findings.map(({ code }) => code),
    ['grid', 'spacing'],
  );
});

test('cases beside each other: axes, modalities, sides of patients, classes nobody has', async (t) => {
  const folder = await tempFolder(t);
  const cases = tinyCases(3, [...SHAPE]);
  const table = join(folder, 'cases.csv');
  const rows = ['name,patient,image,label,split'];
  for (const [n, { name, images, labels }] of cases.entries()) {
    const turned = n === 1 ? changed(images[0], { value: (one) => one * 2 - 1400 }) : images[0];
    await write(join(folder, `${name}.nii.gz`), turned);
    await write(join(folder, `${name}-l.nii.gz`), labels);
    rows.push(
      `${name},p${n % 2},${name}.nii.gz,${n === 2 ? '' : `${name}-l.nii.gz`},${['train', 'train', 'test'][n]}`,
    );
  }
  await writeFile(table, rows.join('\n'));
  const report = await dataset(table);
  t.deepEqual(
    report.findings.map(({ severity, code }) => `${severity} ${code}`),
    ['error patient-on-two-sides', 'warning mixed-modalities'],
  );
  t.regex(datasetText(report), /cases {5}3, 2 of them with labels; 2 patients/);

  await json(join(folder, 'dataset.json'), {
    channel_names: { 0: 'MR' },
    labels: { background: 0, whole: [1, 2], core: 2, bone: 4, ignore: 3 },
    file_ending: '.nii.gz',
    dataset: {
      one: { images: ['case0.nii.gz'], label: 'case0-l.nii.gz' },
      gone: { images: ['gone.nii.gz'] },
    },
  });
  const other = await dataset(folder);
  t.deepEqual(
    other.findings.map(({ severity, code }) => `${severity} ${code}`),
    ['error left-out', 'warning regions', 'warning unused-class'],
  );
});

test('genesis dataset: status 1 for errors alone, JSON on request', async (t) => {
  const folder = await tempFolder(t);
  await writers['case-folders'](folder, tinyCases(3, [...SHAPE]));
  const good = await runCli(['dataset', folder]);
  t.is(good.code, 0, good.stderr);
  t.regex(good.stdout, /layout {4}case-folders/);
  await truncate(join(folder, 'case0', 'case0_seq0.nii.gz'), 0.6);
  const bad = await runCli(['dataset', folder, '--json']);
  t.is(bad.code, 1);
  t.is((JSON.parse(bad.stdout) as { findings: { code: string }[] }).findings[0].code, 'unreadable');
  await rm(folder, { recursive: true });
  const none = await runCli(['dataset', folder]);
  t.deepEqual([none.code, none.stdout], [1, '']);
});

test('lines are broken at blanks', (t) => {
  t.is(wrapText('one two three four', 9, 2), 'one two\n  three\n  four');
  t.is(wrapText('averyveryverylongword x', 8, 1), 'averyveryverylongword\n x');
});
