import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { convert, doctor, info, phantom } from '@genesis/trainer';
import { createVolume, readVolume, type Volume, writeVolume } from '@genesis/volume-io';
import test from 'ava';
import { runCli } from '../helpers/run-cli.js';
import { ball } from '../helpers/volumes.js';

test('phantom: the same seed gives the same files', async (t) => {
  const folder = await tempFolder(t);
  const opts = { count: 2, seed: 5, shape: [24, 24, 20], labels: true } as const;
  await phantom({ ...opts, shape: [24, 24, 20], out: join(folder, 'a') });
  const paths = await phantom({ ...opts, shape: [24, 24, 20], out: join(folder, 'b') });
  t.deepEqual(
    paths,
    [5, 6].map((n) => join(folder, 'b', 'images', `phantom_000${n}.nii.gz`)),
  );
  for (const kind of ['images', 'labels']) {
    const names = await readdir(join(folder, 'a', kind));
    t.is(names.length, 2);
    for (const name of names) {
      const [a, b] = await Promise.all(
        ['a', 'b'].map((side) => readFile(join(folder, side, kind, name))),
      );
      t.true(a.equals(b));
    }
  }
});

test('convert keeps voxels and geometry; turning and resampling are asked for', async (t) => {
  const folder = await tempFolder(t);
  const { image } = ball({ shape: [12, 10, 8], center: [6, 5, 4], radius: 3, seed: 1 });
  const source = join(folder, 'in', 'a.mha');
  await writeVolume(source, image);
  for (const extension of ['nii', 'nii.gz', 'nrrd', 'mha']) {
    const out = join(folder, `out.${extension}`);
    await convert({ input: join(folder, 'in'), out });
    const found = (await readVolume(out)) as Volume;
    t.deepEqual(found.data.shape, image.data.shape);
    t.true(
      found.affine.every((value, n) => Math.abs(value - image.affine[n]) < 1e-4),
      extension,
    );
    t.is(found.data.get(3, 4, 5), image.data.get(3, 4, 5));
  }
  const turned = await convert({
    input: source,
    out: join(folder, 'turned.nii'),
    orientation: 'RAS',
    spacing: [2, 2.4, 2],
  });
  t.is(turned.orientation, 'RAS');
  t.deepEqual(turned.data.shape, [6, 5, 8]);
  await writeVolume(join(folder, 'in', 'b.nii'), image);
  await t.throwsAsync(convert({ input: join(folder, 'in'), out: join(folder, 'x.nii') }), {
    message: /holds 2 volumes \(a, b\)/,
  });
});

test('info describes every volume, broken ones with the reason', async (t) => {
  const folder = await tempFolder(t);
  const { image, labels } = ball({ shape: [12, 10, 8], center: [6, 5, 4], radius: 3, seed: 1 });
  await writeVolume(join(folder, 'a.nrrd'), image);
  await writeVolume(join(folder, 'b.nii.gz'), labels);
  const [a, b] = await info(folder);
  t.like(a, { name: 'a', dtype: 'float32', orientation: 'LAS' });
  t.deepEqual(a.shape, [12, 10, 8]);
  t.deepEqual(b.range, { min: 0, max: 2, mean: b.range?.mean, nonFinite: 0 });
  t.is((await info(folder, { range: false }))[0].range, undefined);

  const text = await runCli(['info', folder, '--details']);
  t.is(text.code, 0);
  t.regex(text.stdout, /shape +12 × 10 × 8\n +type +float32 \(nrrd\)\n +spacing +1 × 1\.2 × 2 mm/);
  const json = await runCli(['info', join(folder, 'b.nii.gz'), '--json']);
  t.like((JSON.parse(json.stdout) as object[])[0], { name: 'b', dtype: 'uint8' });
});

test('info says so when no value is finite, and counts one in the singular', async (t) => {
  const folder = await tempFolder(t);
  const nothing = createVolume(new Float32Array(64).fill(Number.NaN), { shape: [4, 4, 4] });
  await writeVolume(join(folder, 'a.nii'), nothing);
  const one = createVolume(new Float32Array(64), { shape: [4, 4, 4] });
  one.data.set(1, 1, 1, Number.POSITIVE_INFINITY);
  await writeVolume(join(folder, 'b.nii'), one);
  const text = (await runCli(['info', folder, '--details'])).stdout;
  t.regex(text, /values +none finite, 64 voxels NaN or infinite\n/);
  t.regex(text, /values +0 … 0, mean 0, 1 voxel NaN or infinite\n/);
  t.regex((await runCli(['info', folder])).stdout, /^a +0 .* none finite$/m);
});

test('help fits a narrow terminal, its examples too', async (t) => {
  for (const command of [
    'convert',
    'info',
    'predict',
    'export',
    'evaluate',
    'finetune',
    'doctor',
  ]) {
    const { stdout } = await runCli([command, '--help']);
    for (const line of stdout.split('\n')) t.true(line.length <= 80, `${command}: ${line}`);
  }
});

test('doctor names every engine and why one is not usable', async (t) => {
  const found = await doctor();
  t.deepEqual(found.engines.map(({ name }) => name).sort(), [
    'cpu',
    'native',
    'tensorflow',
    'tensorflow-gpu',
    'webgpu',
  ]);
  t.true(found.engines.some(({ name, usable }) => name === 'cpu' && usable));
  for (const { usable, summary, name } of found.engines)
    t.true(usable || summary.length > 10, name);
  t.true(found.memory.free > 0 && found.cpu.cores > 0);
  t.true(found.engines.some(({ name }) => name === found.auto));
  t.true(found.mpi.usable || (found.mpi.reason?.length ?? 0) > 10);
});

test('help and version', async (t) => {
  const help = await runCli(['--help']);
  t.is(help.code, 0);
  for (const name of ['pretrain', 'finetune', 'predict', 'evaluate', 'convert', 'info', 'doctor']) {
    t.true(help.stdout.includes(`  ${name} `), name);
  }
  t.regex((await runCli(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
  const pretrain = await runCli(['pretrain', '--help']);
  t.regex(pretrain.stdout, /--crop <x,y,z> .*\(default: 64,64,32\)/s);
  t.notRegex(pretrain.stdout, /--lr </);
});
