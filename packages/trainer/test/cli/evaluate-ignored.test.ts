import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { createVolume, readVolume, writeVolume } from '@genesis/volume-io';
import test from 'ava';
import { runCli } from '../helpers/run-cli.js';
import { writeBalls } from '../helpers/volumes.js';

test('the label that a run was told to ignore is ignored in its evaluation too, which is said', async (t) => {
  const folder = await tempFolder(t);
  await writeBalls(folder, 3, [20, 20, 20]);
  const [images, labels, run] = ['images', 'labels', 'run'].map((name) => join(folder, name));
  for (let n = 0; n < 3; n++) {
    const path = join(labels, `case${n}.nii.gz`);
    const { data, affine } = await readVolume(path);
    for (let at = 0; at < data.data.length; at++) if (data.data[at] === 2) data.data[at] = 255;
    await writeVolume(path, createVolume(data, { affine }));
  }
  const network = ['--width', '2', '--levels', '2', '--epochs', '1', '--quiet', '--batch', '2'];
  const data = ['--images', images, '--labels', labels];
  const args = ['finetune', '--task', 'segmentation', ...data, '--crop', '16,16,16'];
  const trained = await runCli([...args, '--ignore-label', '255', '--out', run, ...network]);
  t.is(trained.code, 0, trained.stderr);
  const evaluate = ['evaluate', '--model', run, ...data, '--quiet', '--json'];
  const silent = await runCli(evaluate);
  t.is(silent.code, 0, silent.stderr);
  t.regex(silent.stderr, /warning: voxels with the label 255 do not count, as in training/);
  const told = await runCli([...evaluate, '--ignore-label', '255']);
  t.deepEqual(JSON.parse(silent.stdout), JSON.parse(told.stdout));
  t.notRegex(told.stderr, /as in training/);
});
