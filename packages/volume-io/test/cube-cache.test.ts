import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createCropSampler,
  createVolume,
  crop,
  openCubeCache,
  readVolume,
  type Vec3,
  VolumeIoError,
} from '@genesis/volume-io';
import test from 'ava';

const size: Vec3 = [12, 10, 8];
const opts = { size, settings: { rule: 'any', seed: 0 } };
let state = 1;
const random = (): number => (state = (state * 16807) % 2147483647) / 2147483647;
const ct = createVolume(Float32Array.from({ length: 48 * 40 * 32 }, random), {
  shape: [48, 40, 32],
});
const sampler = createCropSampler(ct, { size, rule: 'any' });
const positions = sampler.draw(5, random);
const cubes = positions.map((p) => crop(ct, p, size));

async function folder(t: { teardown(f: () => Promise<void>): void }): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'cubes-'));
  t.teardown(() => rm(path, { recursive: true }));
  return join(path, 'new');
}

test('cubes come back as they were put in, also through another opening and through readVolume', async (t) => {
  const path = await folder(t);
  const cache = await openCubeCache(path, opts);
  t.is(cache.count, 0);
  const added = await Promise.all([
    cache.add('sub/a.nii.gz', positions, cubes),
    cache.add('sub_a.nii.gz', positions.slice(0, 2), cubes.slice(0, 2)),
    cache.add('empty', [], []),
  ]);
  t.not(added[0].file, added[1].file);
  const again = await openCubeCache(path, opts);
  t.deepEqual(again.entries, cache.entries);
  t.is(again.count, 7);
  t.true(again.has('empty'));
  t.false(again.has('other'));
  for (const [n, cube] of cubes.entries()) t.deepEqual(await again.read('sub/a.nii.gz', n), cube);
  t.deepEqual(again.entries[0].positions, positions);
  const volume = await readVolume(join(path, added[0].file!), { volumeIndex: 3 });
  t.is(volume.data.get(1, 2, 3), cubes[3].get(1, 2, 3));
  t.deepEqual(
    (await readdir(path)).sort(),
    [...added.flatMap((e) => e.file ?? []), 'index.json'].sort(),
  );
});

test('numpy reads them', async (t) => {
  const path = await folder(t);
  const cache = await openCubeCache(path, opts);
  const { file } = await cache.add('a', positions, cubes);
  const program =
    'import numpy, sys; a = numpy.load(sys.argv[1], mmap_mode="r"); print(a.dtype, a.shape, repr(float(a[4, 1, 2, 3])))';
  let said: string;
  try {
    said = execFileSync(process.env.PYTHON ?? 'python3', ['-c', program, join(path, file!)], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    if (!/ENOENT|No module named/.test(String(error))) throw error;
    t.log('skipped: no Python with numpy; set PYTHON');
    t.pass();
    return;
  }
  t.is(said.trim(), `float32 (5, 12, 10, 8) ${cubes[4].get(1, 2, 3)}`);
});

test('after an interruption, what is complete stays and the rest is made anew', async (t) => {
  const path = await folder(t);
  const cache = await openCubeCache(path, opts);
  const a = await cache.add('a', positions, cubes);
  const b = await cache.add('b', positions, cubes);
  const c = await cache.add('c', positions, cubes);
  // b was cut off, c lost, a third was being written.
  await truncate(join(path, b.file!), 4000);
  await rm(join(path, c.file!));
  await writeFile(join(path, `.${a.file}.part`), 'x');
  const again = await openCubeCache(path, opts);
  t.deepEqual(
    again.entries.map((e) => e.key),
    ['a'],
  );
  await again.add('b', positions.slice(1), cubes.slice(1));
  t.deepEqual(await again.read('b', 0), cubes[1]);
  t.deepEqual(
    (await openCubeCache(path, opts)).entries.map((e) => e.key),
    ['a', 'b'],
  );
});

test('a process killed while writing leaves whole volumes behind', async (t) => {
  const path = await folder(t);
  const program = `
    import { openCubeCache, createVolume, crop } from '@genesis/volume-io';
    const volume = createVolume(new Float32Array(64 ** 3).fill(7), { shape: [64, 64, 64] });
    const cubes = Array.from({ length: 8 }, () => crop(volume, [0, 0, 0], [64, 64, 64]));
    const cache = await openCubeCache(process.argv[1], { size: [64, 64, 64] });
    // Bounded, so that a test that fails to kill it does not fill the disk.
    for (let n = 0; n < 40; n++) {
      await cache.add(String(n), cubes.map(() => [0, 0, 0]), cubes);
      process.stdout.write(n + '\\n');
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let written = -1;
  for await (const chunk of child.stdout) {
    written = Number(String(chunk).trim().split('\n').at(-1));
    // In the middle of a later one.
    if (written >= 2) child.kill('SIGKILL');
  }
  t.true(written >= 2 && written < 39, `killed after ${written}`);
  const cache = await openCubeCache(path, { size: [64, 64, 64] });
  t.true(cache.entries.length > written, `${cache.entries.length} entries, ${written} reported`);
  for (const { key } of cache.entries)
    t.true((await cache.read(key, 7)).data.every((v) => v === 7));
  await cache.add('next', [[0, 0, 0]], [await cache.read('0', 0)]);
});

test('other settings, a broken index and wrong cubes are refused', async (t) => {
  const path = await folder(t);
  const cache = await openCubeCache(path, opts);
  await cache.add('a', positions, cubes);
  const index = join(path, 'index.json');
  const refused = { instanceOf: VolumeIoError, code: 'bad-argument' };
  await t.throwsAsync(cache.add('a', positions, cubes), { ...refused, message: /there already/ });
  await t.throwsAsync(cache.add('b', positions, [crop(ct, [0, 0, 0], [8, 10, 12])]), refused);
  await t.throwsAsync(cache.read('a', 5), refused);
  await t.throwsAsync(openCubeCache(path, { ...opts, settings: { rule: 'lung' } }), {
    ...refused,
    message: /settings/,
  });
  const text = await readFile(index, 'utf8');
  await writeFile(index, text.replace(/"file": "[^"]*"/, '"file": "../../secret.npy"'));
  await t.throwsAsync(openCubeCache(path, opts), { instanceOf: VolumeIoError, code: 'corrupt' });
  await writeFile(index, '{');
  await t.throwsAsync(openCubeCache(path, opts), {
    instanceOf: VolumeIoError,
    code: 'corrupt',
    message: /not JSON/,
  });
});
