import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import test from 'ava';
import { interruptAndResume } from '../helpers/interrupt-and-resume.js';
import { writeBalls, writePhantoms } from '../helpers/volumes.js';

const common = [
  '--width',
  '2',
  '--levels',
  '3',
  '--batch',
  '2',
  '--epochs',
  '3',
  '--patience',
  '2',
];
const schedule = ['--schedule', 'plateau', '--schedule-epochs', '1'];

for (const [optimizer, workers] of [
  ['sgd', '0'],
  ['adam', '2'],
] as const) {
  test(`Ctrl-C and --resume give the weights of an uninterrupted run, bit by bit: pretrain, ${optimizer}, ${workers} workers`, async (t) => {
    const folder = await tempFolder(t);
    await writePhantoms(join(folder, 'in'), 4, [32, 32, 32]);
    const args = ['pretrain', '--data', join(folder, 'in'), '--crop', '16,16,16', ...common];
    const data = ['--crops-per-volume', '8', '--validation-crops', '4', '--optimizer', optimizer];
    await interruptAndResume(t, folder, [...args, ...data, ...schedule], ['--workers', workers]);
  });
}

for (const [augment, workers] of [
  ['basic', '0'],
  ['nnunet', '2'],
] as const) {
  test(`Ctrl-C and --resume give the weights of an uninterrupted run, bit by bit: finetune, ${augment}, ${workers} workers`, async (t) => {
    const folder = await tempFolder(t);
    await writeBalls(folder, 5, [20, 18, 16]);
    const args = ['finetune', '--task', 'segmentation', ...common, '--crops-per-volume', '6'];
    const data = ['--images', join(folder, 'images'), '--labels', join(folder, 'labels')];
    const how = ['--crop', '16,16,16', '--augment', augment];
    await interruptAndResume(
      t,
      folder,
      [...args, ...data, ...schedule, ...how],
      ['--workers', workers],
    );
    const run = JSON.parse(await readFile(join(folder, 'parts', 'run.json'), 'utf8'));
    t.is(run.augmentation?.name, augment === 'basic' ? undefined : augment);
    const report = await readFile(join(folder, 'parts', 'report.html'), 'utf8');
    t.true(report.includes('Augmented training samples'));
  });
}
