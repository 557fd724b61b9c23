import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createVolume,
  encodeVolume,
  type NamedBytes,
  type ReadVolumeOpts,
  readHeader,
  readRegion,
  readVolume,
  type Vec3,
  type Volume,
} from '@genesis/volume-io';
import test from 'ava';

interface Case {
  name: string;
  main: string;
  files: Record<string, string>;
  opts: ReadVolumeOpts;
  expect: { shape: Vec3; dtype: string; affine: number[]; values: (number | string)[] };
}

/** Made by packages/volume-io/test/reference/format_fixtures.py: what nibabel, SimpleITK, pynrrd and numpy say. */
const cases: Case[] = JSON.parse(
  await readFile(new URL('../../test/fixtures/formats.json', import.meta.url), 'utf8'),
);

function filesOf(c: Case): NamedBytes[] {
  return Object.entries(c.files).map(([name, base64]) => ({
    name,
    bytes: new Uint8Array(Buffer.from(base64, 'base64')),
  }));
}

/** Voxels in file order, i fastest. */
function flat(volume: Volume): number[] {
  const [nx, ny, nz] = volume.data.shape as Vec3;
  const out: number[] = [];
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) out.push(volume.data.get(i, j, k));
    }
  }
  return out;
}

function maxDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let n = 0; n < b.length; n++) most = Math.max(most, Math.abs(a[n] - b[n]));
  return most;
}

const FORMATS_WITHOUT_MEMORY_FORM = new Set(['bz2']);

for (const c of cases) {
  const expected = c.expect.values.map(Number);

  test(`${c.name}: from a path, all voxels, affine, type`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'genesis-formats-'));
    t.teardown(() => rm(folder, { recursive: true }));
    for (const { name, bytes } of filesOf(c))
      await writeFile(join(folder, name), bytes as Uint8Array);
    const path = join(folder, c.main);

    const header = await readHeader(path, c.opts);
    t.deepEqual(header.shape, c.expect.shape);
    t.is(header.dtype, c.expect.dtype);
    t.true(maxDistance(header.affine, c.expect.affine) <= 1e-4);

    const doubles = await readVolume(path, { ...c.opts, dtype: 'float64' });
    t.deepEqual(doubles.data.shape, c.expect.shape);
    t.deepEqual(flat(doubles), expected);
    t.true(maxDistance(doubles.affine, c.expect.affine) <= 1e-4);

    const native = await readVolume(path, c.opts);
    const scaledToFloat32 = native.data.data instanceof Float32Array;
    t.deepEqual(flat(native), scaledToFloat32 ? expected.map(Math.fround) : expected);
    t.deepEqual(
      (await readVolume(path, { ...c.opts, dtype: 'float32' })).data.data.constructor,
      Float32Array,
    );

    const [nx, ny, nz] = c.expect.shape;
    const start: Vec3 = [Math.floor(nx / 3), Math.floor(ny / 2), Math.floor(nz / 2)];
    const size: Vec3 = [
      nx - start[0] - (nx > 3 ? 1 : 0),
      ny - start[1],
      Math.max(1, nz - start[2]),
    ];
    const region = await readRegion(path, { start, size }, { ...c.opts, dtype: 'float64' });
    t.deepEqual(region.data.shape, size);
    const cut = doubles.data.lo(...start).hi(...size);
    t.deepEqual(flat(region), flat(createVolume(cut)));
    const a = doubles.affine;
    for (let row = 0; row < 3; row++) {
      const moved = a[row * 4] * start[0] + a[row * 4 + 1] * start[1] + a[row * 4 + 2] * start[2];
      t.true(Math.abs(region.affine[row * 4 + 3] - (a[row * 4 + 3] + moved)) < 1e-9);
    }
  });

  test(`${c.name}: from memory, the same`, async (t) => {
    const files = filesOf(c);
    const main = files.find((file) => file.name === c.main)!;
    // The reader is told which file is meant by its being the only header; pairs and lists come as several files.
    const several = files.length > 1;
    const source = several ? files : (main.bytes as Uint8Array);
    const volume = await readVolume(source, { ...c.opts, name: c.main, dtype: 'float64' });
    t.deepEqual(flat(volume), expected);
    if (!several && !FORMATS_WITHOUT_MEMORY_FORM.has(c.name)) {
      const blob = new Blob([main.bytes]);
      const again = await readVolume(blob, { ...c.opts, name: c.main, dtype: 'float64' });
      t.deepEqual(flat(again), expected);
    }
  });
}

test('a round trip through every format that is written keeps voxels, type and geometry', async (t) => {
  for (const c of cases.filter((one) => one.name.startsWith('c-') || one.name.startsWith('n1-'))) {
    const source = filesOf(c)[0].bytes as Uint8Array;
    const wide = c.expect.dtype === 'int64' || c.expect.dtype === 'uint64';
    const volume = await readVolume(source, { name: c.main });
    for (const format of ['nifti1', 'nifti2', 'metaimage', 'nrrd', 'npy'] as const) {
      const written = await encodeVolume(volume, format);
      const again = await readVolume(written, { name: 'again' });
      t.deepEqual(flat(again), flat(volume), `${c.name} ${format}`);
      t.is(again.data.data.constructor, volume.data.data.constructor);
      const stored = (await readHeader(written, { name: 'again' })).dtype;
      const kept = { bool: 'uint8', float16: 'float32' }[c.expect.dtype] ?? c.expect.dtype;
      t.is(stored, kept, wide ? 'whole numbers become 64-bit integers again' : '');
      if (format !== 'npy') t.true(maxDistance(again.affine, volume.affine) <= 1e-5);
    }
  }
});

test('NIfTI: axes of length 0 count as 1; voxels may start right after the header', async (t) => {
  const c = cases.find((one) => one.name === 'n1-int16-le.nii')!;
  const bytes = filesOf(c)[0].bytes as Uint8Array;

  const unused = bytes.slice();
  new DataView(unused.buffer).setInt16(40, 4, true);
  new DataView(unused.buffer).setInt16(48, 0, true);
  const volume = await readVolume(unused, { name: 'unused.nii' });
  t.deepEqual(volume.header.dims, [5, 4, 3, 1]);
  t.deepEqual(flat(volume), c.expect.values.map(Number));

  const bare = new Uint8Array([...bytes.subarray(0, 348), ...bytes.subarray(352)]);
  new DataView(bare.buffer).setFloat32(108, 348, true);
  t.deepEqual(flat(await readVolume(bare, { name: 'bare.nii' })), c.expect.values.map(Number));
});
