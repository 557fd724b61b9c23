import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  createVolume,
  encodeVolume,
  type ReadVolumeOpts,
  readHeader,
  readRegion,
  readVolume,
  VolumeIoError,
  type VolumeSource,
} from '@genesis/volume-io';
import test, { type ExecutionContext } from 'ava';

const ramp = Int16Array.from({ length: 60 }, (_, n) => n - 30);
const volume = createVolume(ramp, { shape: [5, 4, 3], spacing: [1, 2, 3] });

async function refuses(
  t: ExecutionContext,
  source: VolumeSource,
  code: VolumeIoError['code'],
  message: RegExp,
  opts: ReadVolumeOpts = {},
): Promise<void> {
  const error = await t.throwsAsync(readVolume(source, opts), { instanceOf: VolumeIoError });
  t.is(error?.code, code, error?.message);
  t.regex(error.message, message);
  t.false(error.message.includes('\n'), 'one sentence');
}

async function folderOf(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'genesis-bad-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A NIfTI-1 of `volume` with some header bytes changed. */
async function patched(change: (view: DataView) => void): Promise<Uint8Array> {
  const bytes = await encodeVolume(volume, 'nifti1');
  change(new DataView(bytes.buffer));
  return bytes;
}

test('missing, empty, text, folders without volumes: each says which file and why', async (t) => {
  const folder = await folderOf(t);
  const at = (name: string): string => join(folder, name);
  await writeFile(at('empty.nii'), '');
  await writeFile(at('notes.nii.gz'), 'These are only words.\n'.repeat(40));
  await writeFile(
    at('what.bin'),
    Uint8Array.from({ length: 500 }, (_, n) => (n * 37) & 255),
  );
  await mkdir(at('void'));
  await refuses(t, at('absent.nii'), 'not-found', /absent\.nii: there is no such file/);
  await refuses(t, at('absent/deep.nii'), 'not-found', /no such file or folder/);
  await refuses(t, at('empty.nii'), 'empty', /empty\.nii: is empty/);
  await refuses(
    t,
    at('notes.nii.gz'),
    'unknown-format',
    /is a text file, although its name ends in \.nii/,
  );
  await refuses(t, at('what.bin'), 'unknown-format', /no known kind; readable are NIfTI/);
  await refuses(t, at('void'), 'empty', /void/);
  await refuses(t, 'https://example.org/a.nii', 'not-found', /no such file/);
  await refuses(t, new URL('https://example.org/a.nii'), 'bad-argument', /only file: URLs/);
  await refuses(t, 7 as unknown as string, 'bad-argument', /a source is a path/);
  await refuses(t, [], 'bad-argument', /a source is a path/);
});

/** The superuser can read everything. */
const unlessSuperuser = process.getuid?.() === 0 ? test.skip : test;

unlessSuperuser(
  'files that cannot be opened are told apart from files that are not there',
  async (t) => {
    const folder = await folderOf(t);
    const path = join(folder, 'locked.nii');
    await writeFile(path, await encodeVolume(volume, 'nifti1'));
    await chmod(path, 0o000);
    await refuses(t, path, 'not-readable', /permission is denied/);
  },
);

test('truncated at every length: typed, and never a volume with made-up voxels', async (t) => {
  for (const format of ['nifti1', 'nifti2', 'metaimage', 'nrrd', 'npy'] as const) {
    for (const compress of [false, true]) {
      if (compress && format === 'npy') continue;
      const whole = await encodeVolume(volume, format, { compress });
      for (let length = 0; length < whole.byteLength; length += compress ? 1 : 7) {
        const part = whole.slice(0, length);
        const error = await t.throwsAsync(readVolume(part, { name: 'part' }), {
          instanceOf: VolumeIoError,
        });
        t.regex(
          error?.code ?? '',
          /^(truncated|corrupt|empty|unknown-format|companion-missing)$/,
          `${format} ${length}`,
        );
      }
    }
  }
});

test('a gzip file that is damaged inside is reported, not decoded', async (t) => {
  const good = await encodeVolume(volume, 'nifti1', { compress: true });
  let reported = 0;
  for (let at = 12; at < good.byteLength; at++) {
    const bytes = good.slice();
    bytes[at] = bytes[at] ^ 0x10;
    try {
      const same = await readVolume(bytes, { name: 'flipped.nii.gz' });
      // A bit between the last block and the checksum means nothing.
      t.deepEqual([...same.data.data], [...ramp], `byte ${at}`);
    } catch (error) {
      t.true(error instanceof VolumeIoError, String(error));
      reported++;
    }
  }
  t.true(reported >= good.byteLength - 13, 'the checksum finds every flipped bit that matters');
});

test('headers that lie about their dimensions cannot reserve memory', async (t) => {
  const huge = await patched((view) => {
    view.setInt16(42, 32767, true);
    view.setInt16(44, 32767, true);
    view.setInt16(46, 2000, true);
  });
  const before = process.memoryUsage().arrayBuffers;
  await refuses(
    t,
    huge,
    'truncated',
    /promises 4294705156352 bytes of voxels, but the file holds 472/,
    {
      maxBytes: Number.MAX_SAFE_INTEGER,
    },
  );
  await refuses(t, huge, 'too-large', /more than the limit/);
  const packed = new Uint8Array(gzipSync(huge));
  await refuses(t, packed, 'truncated', /at most/, { maxBytes: Number.MAX_SAFE_INTEGER });
  t.true(process.memoryUsage().arrayBuffers - before < 64e6);
});

test('a bomb of zeros decompresses no further than its header says', async (t) => {
  const header = await encodeVolume(volume, 'nifti1');
  const bomb = new Uint8Array(gzipSync(Buffer.concat([header, Buffer.alloc(256 << 20)])));
  t.true(bomb.byteLength < 1 << 20);
  const began = Date.now();
  const read = await readVolume(bomb, { name: 'bomb.nii.gz' });
  t.deepEqual([...read.data.data], [...ramp]);
  t.true(Date.now() - began < 2000);
});

test('impossible header fields', async (t) => {
  const cases: [(view: DataView) => void, VolumeIoError['code'], RegExp][] = [
    [(v) => v.setInt16(42, 0, true), 'corrupt', /a dimension of 0/],
    [(v) => v.setInt16(42, -5, true), 'corrupt', /a dimension of -5/],
    [(v) => v.setInt16(70, 12345, true), 'corrupt', /unknown data type code 12345/],
    [(v) => v.setInt16(70, 32, true), 'unsupported', /complex64/],
    [(v) => v.setInt16(70, 1536, true), 'unsupported', /float128/],
    [(v) => v.setInt16(70, 1, true), 'unsupported', /bitmap/],
    [(v) => v.setFloat32(108, Number.NaN, true), 'corrupt', /start at byte NaN/],
    [(v) => v.setFloat32(108, -400, true), 'corrupt', /start at byte -400/],
    [(v) => v.setFloat32(108, 1e9, true), 'truncated', /promises/],
  ];
  for (const [change, code, message] of cases) {
    await refuses(t, await patched(change), code, message, { name: 'patched.nii' });
  }
  const text = (lines: string): Uint8Array => new TextEncoder().encode(lines);
  const meta = 'NDims = 3\nDimSize = 2 2 2\nElementType = MET_UCHAR\n';
  await refuses(t, text(`${meta}`), 'corrupt', /no ElementDataFile/, { name: 'a.mha' });
  await refuses(
    t,
    text('NDims = 3\nDimSize = 2 2\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n'),
    'corrupt',
    /DimSize/,
    { name: 'a.mha' },
  );
  await refuses(
    t,
    text(`${meta}ElementSpacing = a b c\nElementDataFile = LOCAL\n12345678`),
    'corrupt',
    /ElementSpacing/,
    { name: 'a.mha' },
  );
  await refuses(
    t,
    text('ObjectType = Mesh\nNDims = 3\nElementDataFile = LOCAL\n'),
    'unsupported',
    /Mesh/,
    { name: 'a.mha' },
  );
  const nrrd = 'NRRD0004\ntype: short\ndimension: 3\nsizes: 2 2 2\n';
  await refuses(t, text(`${nrrd}encoding: zip\n\n`), 'corrupt', /unknown encoding/);
  await refuses(t, text(`${nrrd}nonsense\n\n`), 'corrupt', /no field/);
  await refuses(
    t,
    text('NRRD0004\ntype: block\ndimension: 3\nsizes: 2 2 2\nencoding: raw\n\n'),
    'unsupported',
    /block/,
  );
  await refuses(
    t,
    text(`${nrrd}encoding: raw\nkinds: complex domain domain\n\n`),
    'unsupported',
    /complex/,
  );
  await refuses(
    t,
    text(`${nrrd}encoding: ascii\n\n1 2 3 four 5 6 7 8 `),
    'corrupt',
    /"four" where a number/,
  );
  await refuses(
    t,
    text(`${nrrd}encoding: ascii\n\n1 2 3 4 5 6 7`),
    'truncated',
    /fewer than the 8 values/,
  );
});

test('data files outside the folder are never read', async (t) => {
  const folder = await folderOf(t);
  const inner = join(folder, 'inner');
  await mkdir(inner);
  await writeFile(join(folder, 'secret.raw'), new Uint8Array(8));
  await symlink(join(folder, 'secret.raw'), join(inner, 'link.raw'));
  const meta = (file: string): string =>
    `NDims = 3\nDimSize = 2 2 2\nElementType = MET_UCHAR\nElementDataFile = ${file}\n`;
  const nrrd = (file: string): string =>
    `NRRD0004\ntype: uchar\ndimension: 3\nsizes: 2 2 2\nencoding: raw\ndata file: ${file}\n`;
  const ways = [
    '../secret.raw',
    '..\\secret.raw',
    'a/../../secret.raw',
    join(folder, 'secret.raw'),
    'C:\\secret.raw',
    'link.raw',
  ];
  for (const way of ways) {
    await writeFile(join(inner, 'a.mhd'), meta(way));
    await refuses(t, join(inner, 'a.mhd'), 'outside-folder', /a\.mhd: names the file/);
    await writeFile(join(inner, 'a.nhdr'), nrrd(way));
    await refuses(t, join(inner, 'a.nhdr'), 'outside-folder', /a\.nhdr: names the file/);
  }
  await writeFile(join(inner, 'a.mhd'), meta('gone.raw'));
  await refuses(t, join(inner, 'a.mhd'), 'companion-missing', /needs the file "gone\.raw"/);
  await writeFile(join(inner, 'a.mhd'), meta('LIST\nb0.raw\n../secret.raw'));
  await writeFile(join(inner, 'b0.raw'), new Uint8Array(4));
  await refuses(t, join(inner, 'a.mhd'), 'outside-folder', /secret/);
});

test('what must be chosen is asked for by name', async (t) => {
  const four = await patched((view) => {
    view.setInt16(40, 4, true);
    view.setInt16(46, 1, true);
    view.setInt16(48, 3, true);
  });
  await refuses(
    t,
    four,
    'volume-required',
    /holds 3 volumes of 5×4×1 voxels; choose one with volumeIndex 0…2/,
  );
  await refuses(t, four, 'bad-argument', /volumeIndex 3 is outside 0…2/, { volumeIndex: 3 });
  t.is((await readVolume(four, { volumeIndex: 2 })).data.get(0, 0, 0), ramp[40]);
  const colors = await patched((view) => {
    view.setInt16(70, 128, true);
    view.setInt16(46, 2, true);
  });
  await refuses(
    t,
    colors,
    'component-required',
    /3 values a voxel; choose one with component 0…2 or 'luminance'/,
  );
  await refuses(t, colors, 'bad-argument', /component 3 is outside/, { component: 3 });
  const [red, green, blue, gray] = await Promise.all(
    ([0, 1, 2, 'luminance'] as const).map((component) => readVolume(colors, { component })),
  );
  const at = [3, 2, 1] as const;
  const expected =
    0.3 * red.data.get(...at) + 0.59 * green.data.get(...at) + 0.11 * blue.data.get(...at);
  t.true(Math.abs(gray.data.get(...at) - expected) < 1e-4);
});

test('options that guard: 2-D images, values that are not finite, types that do not fit', async (t) => {
  const flat = await encodeVolume(createVolume(ramp, { shape: [10, 6, 1] }), 'nifti1');
  t.deepEqual((await readVolume(flat)).data.shape, [10, 6, 1]);
  await refuses(t, flat, 'not-3d', /is not a 3-D volume, its shape is 10×6×1/, { require3d: true });

  const holes = Float32Array.of(
    1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -4,
    5,
    6,
    7,
    Number.NEGATIVE_INFINITY,
  );
  const broken = await encodeVolume(createVolume(holes, { shape: [2, 2, 2] }), 'nifti1');
  t.deepEqual([...(await readVolume(broken)).data.data], [...holes]);
  await refuses(t, broken, 'non-finite', /3 voxels that are NaN or infinite/, {
    nonFinite: 'error',
  });
  const filled = await readVolume(broken, { nonFinite: 'zero' });
  t.deepEqual([...filled.data.data], [1, 0, 0, -4, 5, 6, 7, 0]);
  t.regex(filled.header.notes.join(), /3 voxels .* were set to 0/);

  const bytes = await encodeVolume(volume, 'nifti1');
  await refuses(t, bytes, 'range', /has the value -30, which does not fit uint8/, {
    dtype: 'uint8',
  });
  await refuses(t, bytes, 'bad-argument', /dtype "int12" is not known/, {
    dtype: 'int12' as 'int8',
  });
  t.deepEqual([...(await readVolume(bytes, { dtype: 'int8' })).data.data], [...ramp]);
  t.deepEqual([...(await readVolume(bytes, { dtype: 'int64' })).data.data], [...ramp].map(BigInt));
  const scaled = await patched((view) => view.setFloat32(112, 0.5, true));
  await refuses(t, scaled, 'range', /does not fit int16/, { dtype: 'int16' });
});

test('64-bit integers beyond 2^53: rounded with a word on it, or exact as BigInt', async (t) => {
  const big = BigInt64Array.of(2n ** 62n + 1n, -(2n ** 53n) - 1n, 7n, 2n ** 63n - 1n);
  const bytes = await encodeVolume(createVolume(big, { shape: [2, 2, 1] }), 'nifti2');
  const rounded = await readVolume(bytes);
  t.deepEqual([...rounded.data.data], [...big].map(Number));
  t.regex(rounded.header.notes.join(), /3 voxels beyond .* were rounded/);
  const exact = await readVolume(bytes, { dtype: 'int64' });
  t.deepEqual([...exact.data.data], [...big]);
  await refuses(t, bytes, 'range', /does not fit uint64/, { dtype: 'uint64' });
});

test('regions must lie inside', async (t) => {
  const bytes = await encodeVolume(volume, 'nifti1');
  for (const region of [
    { start: [0, 0, 0], size: [6, 1, 1] },
    { start: [-1, 0, 0], size: [1, 1, 1] },
    { start: [0, 0, 3], size: [1, 1, 1] },
    { start: [0, 0, 0], size: [0, 1, 1] },
    { start: [0.5, 0, 0], size: [1, 1, 1] },
  ] as const) {
    const given = { start: [...region.start], size: [...region.size] } as Parameters<
      typeof readRegion
    >[1];
    const error = await t.throwsAsync(readRegion(bytes, given), { instanceOf: VolumeIoError });
    t.is(error?.code, 'bad-argument');
    t.regex(error.message, /is not inside the volume's 5×4×3/);
  }
});

test('a signal stops reading', async (t) => {
  const bytes = await encodeVolume(volume, 'nifti1', { compress: true });
  await refuses(t, bytes, 'aborted', /was stopped/, { signal: AbortSignal.abort() });
});

test('headers are read where voxels are refused', async (t) => {
  const complex = await patched((view) => view.setInt16(70, 1792, true));
  const header = await readHeader(complex);
  t.is(header.dtype, 'complex128');
  t.deepEqual(header.shape, [5, 4, 3]);
});
