import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createVolume,
  encodeVolume,
  listVolumes,
  readVolume,
  VolumeIoError,
} from '@genesis/volume-io';
import test, { type ExecutionContext } from 'ava';

async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'genesis-list-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const volume = createVolume(new Int16Array(24), { shape: [2, 3, 4] });
  const nifti = await encodeVolume(volume, 'nifti1');
  await mkdir(join(folder, 'sub', 'deep'), { recursive: true });
  await writeFile(join(folder, 'b.nii'), nifti);
  await writeFile(
    join(folder, 'a.nii.gz'),
    await encodeVolume(volume, 'nifti1', { compress: true }),
  );
  await writeFile(join(folder, 'sub', 'c.nrrd'), await encodeVolume(volume, 'nrrd'));
  await writeFile(join(folder, 'sub', 'deep', 'noextension'), nifti);
  await writeFile(join(folder, 'broken.nii.gz'), 'text');
  await writeFile(join(folder, 'short.nii'), nifti.slice(0, 200));
  await writeFile(join(folder, 'readme.md'), '# words');
  await writeFile(join(folder, 'table.csv'), 'a,b');
  await writeFile(join(folder, 'loose.raw'), new Uint8Array(10));
  await symlink(join(folder, 'b.nii'), join(folder, 'sub', 'link.nii'));
  await symlink('/nowhere/at/all', join(folder, 'dangling.nii'));
  await symlink(folder, join(folder, 'sub', 'loop'));
  return folder;
}

test('finds every volume below, sorted, and nothing else', async (t) => {
  const folder = await makeFolder(t);
  const found = await listVolumes(folder);
  t.deepEqual(
    found.map((entry) => [entry.path.slice(folder.length + 1), entry.name, entry.format]),
    [
      ['a.nii.gz', 'a', 'nifti1'],
      ['b.nii', 'b', 'nifti1'],
      ['sub/c.nrrd', 'c', 'nrrd'],
      ['sub/deep/noextension', 'noextension', 'nifti1'],
      ['sub/link.nii', 'link', 'nifti1'],
    ],
  );
  t.is(found[0].description, '2×3×4 int16');
  for (const entry of found) t.deepEqual((await readVolume(entry.path)).data.shape, [2, 3, 4]);
});

test('a data set of links, as git-annex keeps them, is listed and read', async (t) => {
  const store = await makeFolder(t);
  const folder = await mkdtemp(join(tmpdir(), 'genesis-links-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await symlink(join(store, 'a.nii.gz'), join(folder, 'case.nii.gz'));
  const found = await listVolumes(folder);
  t.deepEqual(
    found.map((entry) => entry.name),
    ['case'],
  );
  t.deepEqual((await readVolume(found[0].path)).data.shape, [2, 3, 4]);
});

test('broken files are listed with their reason when asked for', async (t) => {
  const folder = await makeFolder(t);
  const found = (await listVolumes(folder, { broken: true })).filter((entry) => entry.error);
  t.deepEqual(
    found.map((entry) => entry.name),
    ['broken', 'dangling', 'short'],
  );
  t.regex(found[1].error ?? '', /dangling\.nii: is a link to a file that is not there/);
  t.regex(found[0].error!, /is a text file/);
});

test('a single file lists itself; what is missing or no volume is an error', async (t) => {
  const folder = await makeFolder(t);
  const [entry, ...more] = await listVolumes(join(folder, 'b.nii'));
  t.is(entry?.path, join(folder, 'b.nii'));
  t.is(more.length, 0);
  await t.throwsAsync(listVolumes(join(folder, 'absent')), {
    instanceOf: VolumeIoError,
    code: 'not-found',
  });
  await t.throwsAsync(listVolumes(join(folder, 'readme.md')), {
    instanceOf: VolumeIoError,
    code: 'unknown-format',
  });
  await mkdir(join(folder, 'void'));
  t.deepEqual(await listVolumes(join(folder, 'void')), []);
});

test('files given by content are listed by name', async (t) => {
  const bytes = await encodeVolume(createVolume(new Uint8Array(8), { shape: [2, 2, 2] }), 'npy');
  const found = await listVolumes([
    { name: 'cubes/x.npy', bytes },
    { name: 'cubes/y.txt', bytes: new Uint8Array(3) },
    { name: 'cubes/a.npy', bytes: new Blob([bytes]) },
  ]);
  t.deepEqual(
    found.map((entry) => entry.path),
    ['cubes/a.npy', 'cubes/x.npy'],
  );
});
