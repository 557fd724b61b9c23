import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { createVolume, writeVolume } from '@genesis/volume-io';
import test from 'ava';
import ndarray from 'ndarray';
import { listDataset } from '#src/data/dataset.js';
import type { RunInfo } from '#src/run/run-info.js';
import { runCli } from '../helpers/run-cli.js';
import { truncate, writeBalls, writePhantoms } from '../helpers/volumes.js';

const NETWORK = ['--width', '2', '--levels', '2', '--epochs', '1', '--quiet'];
const SEGMENT = ['--task', 'segmentation', '--crop', '16,16,16', '--batch', '2', ...NETWORK];

const infoOf = async (run: string): Promise<RunInfo> =>
  JSON.parse(await readFile(join(run, 'run.json'), 'utf8')) as RunInfo;

test('pretrain leaves out what cannot be used, by name and in number; --strict refuses it', async (t) => {
  const folder = await tempFolder(t);
  const images = join(folder, 'in');
  await writePhantoms(images, 4, [24, 24, 24]);
  await writeFile(join(images, 'notes.nii.gz'), 'these are not voxels\n');
  await writeFile(join(images, 'empty.nii'), '');
  await truncate(join(images, 'p1.nii.gz'), 0.6);
  const args = ['pretrain', '--images', images, '--crop', '16,16,16', ...NETWORK];
  const { code, stderr } = await runCli([...args, '--out', join(folder, 'run')]);
  t.is(code, 0, stderr);
  t.regex(stderr, /warning: left out .*notes\.nii\.gz: /);
  t.regex(stderr, /warning: left out .*empty\.nii: /);
  t.regex(stderr, /warning: 2 of 6 volumes in .* are left out/);
  t.regex(stderr, /warning: left out .*p1\.nii\.gz, which cannot be read/);
  const strict = await runCli([...args, '--strict', '--out', join(folder, 'strict')]);
  t.is(strict.code, 1);
});

test('linked folders are part of the data, and what was done about links is told', async (t) => {
  const [folder, store] = [await tempFolder(t), await tempFolder(t)];
  await writePhantoms(join(store, 'p1'), 1, [16, 16, 16]);
  await writePhantoms(join(folder, 'p0'), 1, [16, 16, 16]);
  await symlink(join(store, 'p1'), join(folder, 'p1'));
  await symlink(folder, join(folder, 'p0', 'loop'));
  const told: string[] = [];
  const { items } = await listDataset(folder, {
    role: 'image',
    onWarning: (text) => told.push(text),
  });
  t.is(items.length, 2);
  t.regex(told.join('\n'), /"p1" is a link that leads out/);
  t.regex(told.join('\n'), /"p0\/loop" is the same as "\."/);
});

test('cases in folders of their own train, and predictions mirror the tree; inputs stay', async (t) => {
  const folder = await tempFolder(t);
  await writeBalls(folder, 4, [20, 20, 20]);
  for (let n = 0; n < 4; n++) {
    for (const kind of ['images', 'labels']) {
      await mkdir(join(folder, 'tree', kind, `s${n}`), { recursive: true });
      await copyFile(
        join(folder, kind, `case${n}.nii.gz`),
        join(folder, 'tree', kind, `s${n}`, 'ct.nii.gz'),
      );
    }
  }
  const [images, labels, run] = ['tree/images', 'tree/labels', 'run'].map((p) => join(folder, p));
  const trained = await runCli(
    ['finetune', '--images', images, '--labels', labels, '--out', run].concat(SEGMENT),
  );
  t.is(trained.code, 0, trained.stderr);
  const { split, data } = await infoOf(run);
  t.deepEqual([...split.train, ...split.validation].sort(), ['s0/ct', 's1/ct', 's2/ct', 's3/ct']);
  t.is(data?.length, 8);

  const predict = ['predict', '--model', run, '--images', images, '--quiet', '--out'];
  const out = join(folder, 'predictions');
  const first = await runCli([...predict, out]);
  t.is(first.code, 0, first.stderr);
  const made = await readFile(join(out, 's2', 'ct.nii.gz'));
  const again = await runCli([...predict, out]);
  t.is(again.code, 1);
  t.regex(again.stderr, /s0.ct\.nii\.gz \(and 3 more\) is there already: .*--overwrite/);
  t.is((await runCli([...predict, out, '--overwrite'])).code, 0);
  t.deepEqual(await readFile(join(out, 's2', 'ct.nii.gz')), made);

  const before = await readFile(join(images, 's0', 'ct.nii.gz'));
  await symlink(images, join(folder, 'link'));
  for (const target of [images, join(folder, 'link')]) {
    const refused = await runCli([...predict, target, '--overwrite']);
    t.is(refused.code, 1);
    t.regex(refused.stderr, /is an input, which would be replaced/);
  }
  t.deepEqual(await readFile(join(images, 's0', 'ct.nii.gz')), before);
  const evaluate = ['evaluate', '--model', run, '--images', images, '--labels', labels, '--quiet'];
  const label = join(labels, 's1', 'ct.nii.gz');
  const replaced = await runCli([...evaluate, '--out', label]);
  t.regex(replaced.stderr, /is an input, which would be replaced/);
  const converted = await runCli(['convert', '--images', label, '--out', label]);
  t.regex(converted.stderr, /is an input, which would be replaced/);
});

test('a resumed run keeps its split, classes and data, and needs no other option', async (t) => {
  const folder = await tempFolder(t);
  await writeBalls(folder, 6, [20, 20, 20]);
  const [images, labels, run] = ['images', 'labels', 'run'].map((name) => join(folder, name));
  const start = await runCli(
    ['finetune', '--images', images, '--labels', labels, '--out', run].concat(SEGMENT),
  );
  t.is(start.code, 0, start.stderr);
  const before = await infoOf(run);
  const resume = ['finetune', '--out', run, '--resume', '--quiet'];
  const more = await runCli([...resume, '--epochs', '2']);
  t.is(more.code, 0, more.stderr);
  const after = await infoOf(run);
  t.is(after.startedAt, before.startedAt);
  t.is(after.resumedAt?.length, 1);
  t.deepEqual(after.split, before.split);
  t.deepEqual(after.data, before.data);

  for (const kind of ['images', 'labels']) {
    await copyFile(join(folder, kind, 'case0.nii.gz'), join(folder, kind, 'added.nii.gz'));
  }
  const added = await runCli([...resume, '--epochs', '3']);
  t.is(added.code, 1);
  t.regex(added.stderr, /its data have changed .*added was added; label added was added/);
  t.deepEqual((await infoOf(run)).split, before.split);

  // The same volumes elsewhere.
  await mkdir(join(folder, 'moved', 'images'), { recursive: true });
  await mkdir(join(folder, 'moved', 'labels'), { recursive: true });
  for (const kind of ['images', 'labels']) {
    for (let n = 0; n < 6; n++) {
      const name = `case${n}.nii.gz`;
      await copyFile(join(folder, kind, name), join(folder, 'moved', kind, name));
    }
  }
  const moved = [
    '--images',
    join(folder, 'moved/images'),
    '--labels',
    join(folder, 'moved/labels'),
  ];
  const refused = await runCli([...resume, '--epochs', '3', ...moved]);
  t.regex(refused.stderr, /it was started with images = /);
  const accepted = await runCli([...resume, '--epochs', '3', ...moved, '--moved']);
  t.is(accepted.code, 0, accepted.stderr);
  const none = await runCli(['finetune', '--out', join(folder, 'none'), '--resume']);
  t.regex(none.stderr, /holds no run that could be resumed/);
});

test('time points of one file stay on one side; alone they are one case', async (t) => {
  const folder = await tempFolder(t);
  const images = join(folder, 'in');
  await mkdir(images);
  await writeFile(join(images, 'bold.nii'), fourDimensional());
  const args = ['pretrain', '--images', images, '--crop', '8,8,8', '--crop-rule', 'any'];
  const alone = await runCli([...args, ...NETWORK, '--out', join(folder, 'alone')]);
  t.is(alone.code, 1);
  t.regex(alone.stderr, /the 3 usable volumes belong to one case/);
  const other = createVolume(
    ndarray(
      new Int16Array(16 ** 3).map((_, n) => n % 977),
      [16, 16, 16],
    ),
  );
  await writeVolume(join(images, 'other.nii'), other);
  const run = join(folder, 'run');
  const both = await runCli([...args, ...NETWORK, '--out', run]);
  t.is(both.code, 0, both.stderr);
  const { split } = await infoOf(run);
  for (const side of [split.train, split.validation]) {
    t.true(new Set(side.map((name) => name.replace(/\[.*/, ''))).size === 1, String(side));
  }
});

/** A NIfTI file of three volumes of 16³ voxels. */
function fourDimensional(): Uint8Array {
  const bytes = new Uint8Array(352 + 2 * 3 * 16 ** 3);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, 348, true);
  [4, 16, 16, 16, 3, 1, 1, 1].forEach((side, n) => {
    view.setInt16(40 + 2 * n, side, true);
  });
  view.setInt16(70, 4, true);
  view.setInt16(72, 16, true);
  for (let n = 0; n < 8; n++) view.setFloat32(76 + 4 * n, 1, true);
  view.setFloat32(108, 352, true);
  view.setInt16(254, 1, true);
  [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0].forEach((value, n) => {
    view.setFloat32(280 + 4 * n, value, true);
  });
  bytes.set(new TextEncoder().encode('n+1'), 344);
  for (let n = 0; n < 3 * 16 ** 3; n++) view.setInt16(352 + 2 * n, (n * 31) % 1000, true);
  return bytes;
}
