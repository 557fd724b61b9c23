import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { convertFolder, info } from '@genesis/trainer';
import { chestPhantom, createVolume, readVolume, writeVolume } from '@genesis/volume-io';
import test from 'ava';
import ndarray from 'ndarray';
import { writeDicomSeries } from '../helpers/dicom.js';
import { runCli } from '../helpers/run-cli.js';
import { truncate, writePhantoms } from '../helpers/volumes.js';

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Files in folders, two series in one folder and one in another, what is broken, and links. */
async function makeTree(folder: string): Promise<void> {
  await writePhantoms(join(folder, 's0'), 1, [12, 10, 8]);
  const { image } = chestPhantom({ seed: 3, shape: [12, 10, 8] });
  await writeVolume(join(folder, 'top.nrrd'), image);
  await writeVolume(join(folder, 'top.mha'), image);
  await writeFile(join(folder, 'notes.nii'), 'these are not voxels\n');
  await writePhantoms(join(folder, 's1'), 1, [12, 10, 8]);
  await truncate(join(folder, 's1', 'p0.nii.gz'), 0.5);
  await writeDicomSeries(join(folder, 'd', 'two'), {
    uid: '1.2.1',
    description: 'T1 ../x',
    slices: 4,
  });
  await writeDicomSeries(join(folder, 'd', 'two'), { uid: '1.2.2', description: 'T2', slices: 5 });
  await writeDicomSeries(join(folder, 'd', 'one'), { uid: '1.2.3', description: 'T2', slices: 6 });
  await symlink('top.nrrd', join(folder, 'alias.nrrd'));
  await symlink('s0', join(folder, 's2'));
}

test('convert turns a folder into another: names mirror the tree, what is broken is named at the end', async (t) => {
  const folder = await tempFolder(t);
  const [images, out] = [join(folder, 'in'), join(folder, 'out')];
  await makeTree(images);
  const before = await filesBelow(images);
  const { code, stdout, stderr } = await runCli(['convert', images, '--out', out]);
  t.is(code, 0, stderr);
  t.is(stdout, `7 volumes converted: ${out}\n`);
  t.deepEqual(await filesBelow(out), [
    'alias.nii.gz',
    'd/one.nii.gz',
    'd/two/T1_.._x.nii.gz',
    'd/two/T2.nii.gz',
    's0/p0.nii.gz',
    'top.nii.gz',
    'top_2.nii.gz',
  ]);
  t.deepEqual(await filesBelow(images), before);
  const lines = stderr.trim().split('\n');
  const warnings = lines.slice(-4);
  t.true(
    lines.slice(0, -4).every((line) => /^\d\/9 .*: \d+ × \d+ × \d+ /.test(line)),
    stderr,
  );
  t.regex(warnings.join('\n'), /"s2" is the same as "s0"/);
  t.regex(warnings.join('\n'), /left out notes: .*notes\.nii: is a text file/);
  t.regex(
    warnings.join('\n'),
    /left out .*p0: .*s1.p0\.nii\.gz: the compressed data ends too early/,
  );
  t.regex(warnings[3], /^warning: 2 of 9 cases are left out$/);
  t.is((await readVolume(join(out, 'd/two/T2.nii.gz'))).data.shape[2], 5);

  const strict = await runCli(['convert', images, '--out', out, '--strict', '--quiet']);
  t.is(strict.code, 1);
  t.regex(strict.stderr, /genesis: .*(notes\.nii|p0\.nii\.gz): /);
  const mha = await runCli(['convert', images, '--out', `${out}2`, '--format', 'mha', '--quiet']);
  t.is(mha.code, 0);
  t.true((await filesBelow(`${out}2`)).every((name) => name.endsWith('.mha')));
});

test('convert never replaces an input, and what it made inside the folder is no input', async (t) => {
  const folder = await tempFolder(t);
  const images = join(folder, 'in');
  await writePhantoms(images, 2, [12, 10, 8]);
  const bytes = await readFile(join(images, 'p0.nii.gz'));
  await symlink(images, join(folder, 'link'));
  for (const out of [images, join(folder, 'link'), `${images}/`]) {
    const refused = await runCli(['convert', images, '--out', out, '--spacing', '2,2,2']);
    t.is(refused.code, 1);
    t.regex(refused.stderr, /p0\.nii\.gz is an input, which would be replaced/);
  }
  t.deepEqual(await readFile(join(images, 'p0.nii.gz')), bytes);
  const within = join(images, 'converted');
  for (let n = 0; n < 2; n++) {
    const { code, stderr } = await runCli(['convert', images, '--out', within, '--quiet']);
    t.is(code, 0, stderr);
    t.deepEqual(await filesBelow(within), ['p0.nii.gz', 'p1.nii.gz']);
  }
  const picture = await runCli(['convert', images, '--out', join(folder, 'out.jpg')]);
  t.is(picture.code, 1);
  t.regex(picture.stderr, /holds 4 volumes|out\.jpg/);
  t.false((await readdir(folder)).includes('out.jpg'));
});

test('one of several is chosen by its number in info, by UID, by description or by name', async (t) => {
  const folder = await tempFolder(t);
  const images = join(folder, 'in');
  await makeTree(images);
  const table = await runCli(['info', images]);
  const volumes = await info(images);
  for (const { number, name, shape } of volumes) {
    if (shape) t.regex(table.stdout, new RegExp(`^${name} +${number} +${shape.join('×')} `, 'm'));
  }
  const out = join(folder, 'one.nii');
  for (const { number, shape, series, error } of volumes) {
    const { code, stderr } = await runCli([
      'convert',
      images,
      '--series',
      `${number}`,
      '--out',
      out,
    ]);
    t.is(code, error === undefined ? 0 : 1, stderr);
    if (error === undefined)
      t.deepEqual([...(await readVolume(out)).data.shape], [...(shape ?? [])]);
    if (series === undefined) continue;
    t.is((await runCli(['convert', images, '--series', series, '--out', out])).code, 0);
    t.deepEqual([...(await readVolume(out)).data.shape], [...(shape ?? [])]);
  }
  const twice = await runCli(['convert', images, '--series', 'T2', '--out', out]);
  t.regex(twice.stderr, /holds 2 volumes \(T2, T2\): choose one with --series .*\(\d+, \d+\)/);
  const both = await convertFolder({ images, out: join(folder, 'both'), series: 'T2' });
  t.deepEqual(
    both.map(({ name }) => name),
    ['d/one', 'd/two/T2'],
  );
  const one = ['convert', join(images, 'd/two'), '--out', out];
  t.regex(
    (await runCli(one)).stderr,
    /holds 2 volumes \(T1 \.\.\/x, T2\): choose one with --series and its number in genesis info \(0, 1\)/,
  );
  t.is((await runCli([...one, '--series', 'T2'])).code, 0);
  t.is((await readVolume(out)).data.shape[2], 5);
  const none = await runCli(['convert', images, '--series', '99', '--out', out]);
  t.regex(none.stderr, /has no volume number 99; it holds 0: alias, 1: d\/one \(T2\), 2: /);
});

test('volumes of a 4-D file are written one by one; a folder of nothing says so', async (t) => {
  const folder = await tempFolder(t);
  const images = join(folder, 'in');
  await mkdir(images);
  const empty = await runCli(['convert', images, '--out', join(folder, 'out')]);
  t.is(empty.code, 1);
  t.regex(empty.stderr, /in: there is no volume that can be read/);
  const header = 'NRRD0004\ntype: uint8\ndimension: 4\nsizes: 4 4 4 3\nencoding: raw\n\n';
  const voxels = new Uint8Array(4 ** 3 * 3).map((_, n) => n);
  await writeFile(join(images, 'time.nrrd'), Buffer.concat([Buffer.from(header), voxels]));
  const { code, stderr } = await runCli(['convert', images, '--out', join(folder, 'out')]);
  t.is(code, 0, stderr);
  t.deepEqual(
    await filesBelow(join(folder, 'out')),
    [0, 1, 2].map((n) => `time_${n}.nii.gz`),
  );
  t.is((await readVolume(join(folder, 'out', 'time_2.nii.gz'))).data.get(1, 0, 0), 129);
});

test('straightening and resampling keep the values of label maps, also of an atlas of many regions', async (t) => {
  const folder = await tempFolder(t);
  const shape = [24, 24, 24];
  const tilted = [-1, 0, 0, 0, 0, -1, 0.4, 0, 0, 0, 1.5, 0, 0, 0, 0, 1];
  for (const [name, regions] of [
    ['few', 3],
    ['many', 400],
  ] as const) {
    // Blocks of 3³ voxels, and a border of −1, which is to be ignored.
    const values = new Int16Array(24 ** 3).map((_, n) => {
      const [i, j, k] = [n % 24, Math.floor(n / 24) % 24, Math.floor(n / 576)];
      const block = Math.floor(i / 3) + 8 * Math.floor(j / 3) + 64 * Math.floor(k / 3);
      return i === 0 ? -1 : (block % regions) * 7;
    });
    const volume = createVolume(ndarray(values, shape, [1, 24, 576]), { affine: tilted });
    await writeVolume(join(folder, `${name}.nii`), volume);
    const before = new Set(values);
    const read = async (...flags: string[]): Promise<number[]> => {
      const args = ['convert', join(folder, `${name}.nii`), '--out', join(folder, 'out.nii')];
      const { code, stderr } = await runCli([...args, ...flags]);
      t.is(code, 0, stderr);
      return Array.from((await readVolume(join(folder, 'out.nii'))).data.data, Number);
    };
    for (const flags of [
      ['--straighten'],
      ['--straighten', '--spacing', '1,1,1'],
      ['--spacing', '2,2,2'],
    ]) {
      const made = await read(...flags);
      t.true(
        made.every((value) => before.has(value)),
        `${name} ${flags}`,
      );
    }
    // What lies outside the map has no label, rather than the lowest one.
    const straight = await read('--straighten');
    t.deepEqual([...new Set(straight.filter((_, n) => n % 24 === 0))].sort(), [-1, 0]);
    t.true((await read('--straighten', '--interpolation', 'linear')).some((v) => !before.has(v)));
  }
  const { image } = chestPhantom({ seed: 0, shape: [24, 24, 24] });
  const scan = createVolume(ndarray(Int16Array.from(image.data.data, Math.round), shape), {
    affine: tilted,
  });
  await writeVolume(join(folder, 'ct.nii'), scan);
  const straighten = async (interpolation: string): Promise<Set<number>> => {
    const flags = ['--straighten', '--interpolation', interpolation];
    await runCli(['convert', join(folder, 'ct.nii'), '--out', join(folder, 'ct2.nii'), ...flags]);
    return new Set(Array.from((await readVolume(join(folder, 'ct2.nii'))).data.data, Number));
  };
  const values = new Set(scan.data.data);
  t.true([...(await straighten('nearest'))].every((value) => values.has(value)));
  t.deepEqual(await straighten('auto'), await straighten('linear'));
});
