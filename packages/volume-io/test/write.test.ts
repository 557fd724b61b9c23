import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  affineDeterminant,
  affineSpacing,
  arrayType,
  convertVolume,
  createVolume,
  encodeVolume,
  readHeader,
  readRegion,
  readVolume,
  type ScalarType,
  type Vec3,
  type Volume,
  VolumeIoError,
  writeVolume,
} from '@genesis/volume-io';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import ndarray from 'ndarray';
import { TYPES } from './any-volume.js';

async function folderOf(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'genesis-write-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The axes have a length and span a space; the numbers are none that 32 bits turn into zeros. */
function placesVoxels(rows: number[]): boolean {
  const affine = Float64Array.of(...rows, 0, 0, 0, 1);
  const [x, y, z] = affineSpacing(affine);
  return Math.min(x, y, z) > 1e-3 && Math.abs(affineDeterminant(affine)) > 1e-6 * x * y * z;
}

/** Volumes of any type, shape, axis order and direction, at an offset in a larger array, with a sheared affine. */
const anyVolume = fc
  .record({
    shape: fc.tuple(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 6 }),
    ),
    array: fc.constantFrom(...TYPES),
    order: fc.constantFrom<number[]>([0, 1, 2], [2, 1, 0], [1, 2, 0]),
    flips: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    fill: fc.integer({ min: 1, max: 1e6 }),
    affine: fc
      .array(fc.double({ min: -300, max: 300, noNaN: true }), { minLength: 12, maxLength: 12 })
      .filter(placesVoxels),
  })
  .map(({ shape, array, order, flips, fill, affine }) => {
    const count = shape[0] * shape[1] * shape[2];
    const data = new array(count + 5);
    for (let n = 0; n < data.length; n++)
      data[n] = ((fill * (n + 1) * 7919) % 4294967291) - 2147483648;
    const stride = [0, 0, 0];
    let step = 1;
    for (const axis of order) {
      stride[axis] = step;
      step *= shape[axis];
    }
    let offset = 3;
    for (let axis = 0; axis < 3; axis++) {
      if (!flips[axis]) continue;
      offset += (shape[axis] - 1) * stride[axis];
      stride[axis] = -stride[axis];
    }
    return createVolume(ndarray(data, [...shape], stride, offset), {
      affine: [...affine, 0, 0, 0, 1],
    });
  });

function flat(volume: Volume): number[] {
  const [nx, ny, nz] = volume.data.shape as Vec3;
  const out: number[] = [];
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++) out.push(volume.data.get(i, j, k));
  }
  return out;
}

test('any volume survives any format', async (t) => {
  await fc.assert(
    fc.asyncProperty(anyVolume, fc.boolean(), async (volume, compress) => {
      for (const format of ['nifti1', 'nifti2', 'metaimage', 'nrrd', 'npy'] as const) {
        const again = await readVolume(await encodeVolume(volume as Volume, format, { compress }), {
          name: 'v',
        });
        t.deepEqual(flat(again), flat(volume as Volume));
        t.is(arrayType(again.data.data), arrayType(volume.data.data));
        if (format === 'npy') continue;
        const tolerance = format === 'nifti1' ? 2e-5 : 1e-9;
        again.affine.forEach((v, n) => {
          t.true(Math.abs(v - volume.affine[n]) <= tolerance, `${format} affine[${n}]`);
        });
      }
    }),
    { seed: 11, numRuns: 60 },
  );
});

test('any region equals the same part of the whole', async (t) => {
  const part = fc.tuple(
    fc.double({ min: 0, max: 0.999, noNaN: true }),
    fc.double({ min: 0, max: 0.999, noNaN: true }),
  );
  await fc.assert(
    fc.asyncProperty(
      anyVolume,
      fc.tuple(part, part, part),
      fc.boolean(),
      async (volume, parts, compress) => {
        const shape = volume.data.shape as Vec3;
        const start = parts.map(([a], n) => Math.floor(a * shape[n])) as Vec3;
        const size = parts.map(([, b], n) => 1 + Math.floor(b * (shape[n] - start[n]))) as Vec3;
        const expected = flat(createVolume(volume.data.lo(...start).hi(...size)));
        for (const format of ['nifti1', 'nrrd', 'npy'] as const) {
          const bytes = await encodeVolume(volume, format, { compress });
          t.deepEqual(flat(await readRegion(bytes, { start, size }, { name: 'v' })), expected);
        }
      },
    ),
    { seed: 12, numRuns: 60 },
  );
});

test('values that do not fit the type to write are refused, others converted', async (t) => {
  const volume = createVolume(Float32Array.of(0, 1, 250, 3.5), { shape: [2, 2, 1] });
  const refused = async (dtype: ScalarType, message: RegExp): Promise<void> => {
    const error = await t.throwsAsync(encodeVolume(volume, 'nifti1', { dtype }), {
      instanceOf: VolumeIoError,
    });
    t.is(error?.code, 'range');
    t.regex(error.message, message);
  };
  await refused('uint8', /has the value 3\.5, which does not fit uint8/);
  await refused('int8', /has the value 250/);
  await refused('int64', /3\.5/);
  const whole = createVolume(Float32Array.of(0, 1, 250, 3), { shape: [2, 2, 1] });
  for (const dtype of ['uint8', 'int16', 'uint32', 'int64', 'uint64', 'float64'] as const) {
    const bytes = await encodeVolume(whole, 'nrrd', { dtype });
    t.is((await readHeader(bytes)).dtype, dtype);
    t.deepEqual([...(await readVolume(bytes)).data.data], [0, 1, 250, 3]);
  }
  await t.throwsAsync(encodeVolume(whole, 'nifti1', { dtype: 'int12' as 'int8' }), {
    message: /int12/,
  });
  await t.throwsAsync(encodeVolume(whole, 'nifti1', { level: 10 }), { message: /level 10/ });
  await t.throwsAsync(encodeVolume(whole, 'minc' as 'npy'), {
    message: /"minc" cannot be written/,
  });
});

test('each extension writes its format; .mhd brings its data file; folders are made', async (t) => {
  const folder = await folderOf(t);
  const volume = createVolume(
    Int16Array.from({ length: 24 }, (_, n) => n),
    {
      shape: [2, 3, 4],
      affine: [-0.5, 0, 0, 10, 0, -0.5, 0, 20, 0, 0, 2, -30, 0, 0, 0, 1],
      header: { description: 'a description' },
    },
  );
  const formats = {
    'a.nii': 'nifti1',
    'a.nii.gz': 'nifti1',
    'a.mha': 'metaimage',
    'a.mhd': 'metaimage',
    'a.nrrd': 'nrrd',
    'a.npy': 'npy',
  };
  for (const [name, format] of Object.entries(formats)) {
    const path = join(folder, 'new', 'deep', name);
    await writeVolume(path, volume);
    const again = await readVolume(path);
    t.is(again.header.format, format as typeof again.header.format);
    t.deepEqual(flat(again), flat(volume));
    if (format === 'npy') continue;
    t.deepEqual([...again.affine], [...volume.affine]);
    t.is(again.orientation, 'LPS');
    t.is(again.header.description, 'a description');
  }
  await writeVolume(pathToFileURL(join(folder, 'ü b.mhd')), volume, { compress: true });
  t.deepEqual(flat(await readVolume(join(folder, 'ü b.mhd'))), flat(volume));
  await writeVolume(join(folder, 'two.nii'), volume, { niftiVersion: 2 });
  t.is((await readHeader(join(folder, 'two.nii'))).format, 'nifti2');
  t.deepEqual((await readdir(join(folder, 'new', 'deep'))).sort(), [
    'a.mha',
    'a.mhd',
    'a.nii',
    'a.nii.gz',
    'a.npy',
    'a.nrrd',
    'a.raw',
  ]);
  await t.throwsAsync(writeVolume(join(folder, 'a.dcm'), volume), {
    message: /its extension is none of/,
  });
});

test('an axis too long for NIfTI-1 makes a NIfTI-2', async (t) => {
  const folder = await folderOf(t);
  const long = createVolume(new Uint8Array(40000), { shape: [40000, 1, 1] });
  await writeVolume(join(folder, 'long.nii.gz'), long);
  t.is((await readHeader(join(folder, 'long.nii.gz'))).format, 'nifti2');
  const error = await t.throwsAsync(encodeVolume(long, 'nifti1'), { instanceOf: VolumeIoError });
  t.regex(error.message, /does not fit NIfTI-1/);
});

test('a failed write leaves the old file and nothing half-written', async (t) => {
  const folder = await folderOf(t);
  const path = join(folder, 'kept.nii');
  await writeFile(path, 'old content');
  const bad = createVolume(Float32Array.of(1, 2, 3, 0.5), { shape: [4, 1, 1] });
  const error = await t.throwsAsync(writeVolume(path, bad, { dtype: 'int16' }), {
    instanceOf: VolumeIoError,
  });
  t.is(error?.code, 'range');
  t.is(await readFile(path, 'utf8'), 'old content');
  t.deepEqual(await readdir(folder), ['kept.nii']);

  await writeFile(join(folder, 'file'), '');
  const blocked = await t.throwsAsync(writeVolume(join(folder, 'file', 'a.nii'), bad), {
    instanceOf: VolumeIoError,
  });
  t.is(blocked?.code, 'write-failed');
  await mkdir(join(folder, 'is-a-folder.nii'));
  const taken = await t.throwsAsync(writeVolume(join(folder, 'is-a-folder.nii'), bad), {
    instanceOf: VolumeIoError,
  });
  t.is(taken?.code, 'write-failed');
  t.deepEqual((await readdir(folder)).sort(), ['file', 'is-a-folder.nii', 'kept.nii']);
});

test('names may be as long as the file system allows', async (t) => {
  const folder = await folderOf(t);
  const volume = createVolume(new Uint8Array(8), { shape: [2, 2, 2] });
  for (const extension of ['.nii.gz', '.mhd', '.nrrd']) {
    const path = join(folder, 'x'.repeat(255 - extension.length) + extension);
    await writeVolume(path, volume);
    t.deepEqual((await readVolume(path)).data.shape, [2, 2, 2]);
  }
  // The .raw beside the .mhd is there too, and no temporary file.
  t.is((await readdir(folder)).length, 4);
});

test('convert keeps voxels, type and geometry, 64-bit integers included', async (t) => {
  const folder = await folderOf(t);
  const big = BigInt64Array.of(2n ** 62n + 1n, -5n, 3n, 0n);
  const affine = [0, 0, 3, 1, -2, 0, 0, 2, 0, 1, 0, 3, 0, 0, 0, 1];
  const source = await encodeVolume(createVolume(big, { shape: [2, 2, 1], affine }), 'nrrd');
  await convertVolume(source, join(folder, 'b.nii.gz'), { description: 'converted' });
  const again = await readVolume(join(folder, 'b.nii.gz'), { dtype: 'int64' });
  t.deepEqual([...again.data.data], [...big]);
  t.deepEqual([...again.affine], affine);
  t.is(again.orientation, 'PSR');
  await convertVolume(join(folder, 'b.nii.gz'), join(folder, 'c.mha'), { dtype: 'float32' });
  t.is((await readHeader(join(folder, 'c.mha'))).dtype, 'float32');
});

test('nibabel-visible fields: both forms, codes kept, description cut to fit', async (t) => {
  const bytes = await encodeVolume(
    createVolume(new Uint8Array(8), {
      shape: [2, 2, 2],
      spacing: [2, 3, 4],
      header: { description: 'x'.repeat(200), fields: { qform_code: 0, sform_code: 4 } },
    }),
    'nifti1',
  );
  const view = new DataView(bytes.buffer);
  t.is(view.getInt16(252, true), 0);
  t.is(view.getInt16(254, true), 4);
  t.is(bytes[227], 0);
  t.deepEqual(
    [80, 84, 88].map((at) => view.getFloat32(at, true)),
    [2, 3, 4],
  );
  t.is(view.getFloat32(112, true), 1);
});

test('a slope is what readers of NIfTI multiply by; other formats have none', async (t) => {
  const volume = createVolume(Uint16Array.from([0, 13107, 65535, 1]), { shape: [2, 2, 1] });
  for (const format of ['nifti1', 'nifti2'] as const) {
    const bytes = await encodeVolume(volume, format, { slope: 1 / 65535 });
    const { data } = (await readVolume(bytes)).data;
    t.true(data.every((value, n) => Math.abs(value - [0, 0.2, 1, 1 / 65535][n]) < 1e-7));
  }
  await t.throwsAsync(encodeVolume(volume, 'nrrd', { slope: 2 }), { code: 'bad-argument' });
  await t.throwsAsync(encodeVolume(volume, 'nifti1', { slope: 0 }), { code: 'bad-argument' });
});

test('key/value pairs go into the header of an NRRD, escaped, and nowhere else', async (t) => {
  const volume = createVolume(new Uint8Array(8), { shape: [2, 2, 2] });
  const keyValues = { Segment0_Name: 'größe\\left\nlung', Empty: '' };
  const text = new TextDecoder().decode(await encodeVolume(volume, 'nrrd', { keyValues }));
  t.true(text.includes('\nSegment0_Name:=größe\\\\left\\nlung\nEmpty:=\n\n'));
  const bad = { code: 'bad-argument' } as const;
  await t.throwsAsync(encodeVolume(volume, 'nifti1', { keyValues }), bad);
  for (const key of ['', '#a', 'a:=b', 'a\nb']) {
    await t.throwsAsync(encodeVolume(volume, 'nrrd', { keyValues: { [key]: 'x' } }), bad);
  }
});
