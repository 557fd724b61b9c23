import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import test from 'ava';
import { runCli } from '../helpers/run-cli.js';
import { writeBalls } from '../helpers/volumes.js';

const NETWORK = ['--width', '2', '--levels', '2', '--epochs', '1', '--quiet', '--batch', '2'];

test('a run is resumed from another folder, and without the weights that it began with', async (t) => {
  const folder = await tempFolder(t);
  await writeBalls(folder, 4, [20, 20, 20]);
  const there = { cwd: folder };
  const pre = ['pretrain', '--images', 'images', '--out', 'pre', '--crop', '16,16,16'];
  t.is((await runCli([...pre, '--crops-per-volume', '2', ...NETWORK], there)).code, 0);
  const start = await runCli(
    ['finetune', '--task', 'segmentation', '--images', 'images', '--labels', 'labels']
      .concat(['--init', 'pre', '--out', 'run', '--crop', '16,16,16'])
      .concat(NETWORK),
    there,
  );
  t.is(start.code, 0, start.stderr);
  await rename(join(folder, 'pre'), join(folder, 'pre-moved'));
  const run = join(folder, 'run');
  const resume = ['finetune', '--out', run, '--resume', '--quiet', '--epochs'];
  const elsewhere = await runCli([...resume, '2']);
  t.is(elsewhere.code, 0, elsewhere.stderr);
  t.regex(elsewhere.stdout, /2 whole epochs/);
  // The same path in other words.
  const spelled = join(folder, 'labels', '..', 'images');
  const again = await runCli([...resume, '3', '--images', `${spelled}/`]);
  t.is(again.code, 0, again.stderr);

  const foreign = await runCli(['pretrain', '--out', run, '--resume']);
  t.is(foreign.code, 1);
  t.regex(
    foreign.stderr,
    /is a run of the task segmentation, which genesis pretrain does not train/,
  );
  await rename(join(folder, 'images'), join(folder, 'images-moved'));
  const gone = await runCli([...resume, '4']);
  t.is(gone.code, 1);
  t.regex(gone.stderr, /its images are not at .* any more; .*--images and --moved/);
  const moved = ['--images', join(folder, 'images-moved'), '--moved'];
  const accepted = await runCli([...resume, '4', ...moved]);
  t.is(accepted.code, 0, accepted.stderr);
});

test('a table that gives a case another class is another data set', async (t) => {
  const folder = await tempFolder(t);
  await writeBalls(folder, 4, [20, 20, 20]);
  const table = join(folder, 'classes.csv');
  const write = (classes: string): Promise<void> =>
    writeFile(table, `name,label\n${[...classes].map((one, n) => `case${n},${one}\n`).join('')}`);
  const run = join(folder, 'run');
  await write('abab');
  const args = ['finetune', '--task', 'classification', '--images', join(folder, 'images')];
  const start = await runCli([...args, '--labels', table, '--out', run, ...NETWORK]);
  t.is(start.code, 0, start.stderr);
  const resume = ['finetune', '--out', run, '--resume', '--quiet', '--epochs', '2'];
  await write('abba');
  const changed = await runCli(resume);
  t.is(changed.code, 1);
  t.regex(changed.stderr, /its data have changed .*case2 was a and is b; case3 was b and is a;/);
  await write('abab');
  t.is((await runCli(resume)).code, 0);
  await rm(table);
  t.regex((await runCli(resume)).stderr, /its labels are not at .*classes\.csv any more/);
});
