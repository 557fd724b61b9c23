import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tempFolder } from '@genesis/testing';
import { dicomFile, SECONDARY_CAPTURE, TAG } from '@genesis/testing/dicom';
import {
  createVolume,
  encodeVolume,
  listVolumes,
  readHeader,
  readVolume,
} from '@genesis/volume-io';
import test, { type ExecutionContext } from 'ava';

const nifti = await encodeVolume(createVolume(new Int16Array(24), { shape: [2, 3, 4] }), 'nifti1');
/** What macOS writes beside each file on disks that are not its own. */
const APPLE_DOUBLE = Uint8Array.from({ length: 204 }, (_, n) => [0, 5, 22, 7][n] ?? 0);

async function put(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

/** Slices of one series, of value 10·(k + 1). */
function slices(count = 6, series = '1.2.3.4', uids = series): Uint8Array<ArrayBuffer>[] {
  return Array.from({ length: count }, (_, k) =>
    dicomFile({
      series,
      uid: `${uids}.${k + 1}`,
      instance: k + 1,
      position: [0, 0, 2 * k],
      value: 10 * (k + 1),
    }),
  );
}

async function putSeries(folder: string, files: readonly Uint8Array[]): Promise<void> {
  for (const [k, bytes] of files.entries()) await put(join(folder, `IM${k}.dcm`), bytes);
}

interface Listed {
  names: string[];
  broken: string[];
  notes: string[];
}

async function list(folder: string): Promise<Listed> {
  const notes: string[] = [];
  const entries = await listVolumes(folder, { broken: true, onNote: (note) => notes.push(note) });
  const short = (path: string): string => (path === folder ? '.' : path.slice(folder.length + 1));
  return {
    names: entries.filter(({ error }) => error === undefined).map(({ path }) => short(path)),
    broken: entries.filter(({ error }) => error !== undefined).map(({ path }) => short(path)),
    notes,
  };
}

async function wholeSeries(t: ExecutionContext, folder: string, note: RegExp): Promise<void> {
  const { data, header } = await readVolume(folder);
  t.deepEqual(
    Array.from({ length: data.shape[2] }, (_, k) => data.get(0, 0, k)),
    [10, 20, 30, 40, 50, 60],
  );
  t.regex(header.notes.join(' '), note);
  t.false(/missing/.test(header.notes.join(' ')));
}

test('hidden files, of macOS and of others, are passed over', async (t) => {
  const folder = await tempFolder(t);
  await put(join(folder, 'a.nii'), nifti);
  await put(join(folder, '._a.nii'), APPLE_DOUBLE);
  await put(join(folder, 'sub', '._b.nii.gz'), APPLE_DOUBLE);
  await put(join(folder, 'sub', 'b.nii.gz'), gzipSync(nifti));
  await put(join(folder, '.DS_Store'), APPLE_DOUBLE);
  await put(join(folder, 'Thumbs.db'), APPLE_DOUBLE);
  await put(join(folder, '.git', 'annex', 'c.nii'), nifti);
  await put(join(folder, '__MACOSX', '._a.nii'), APPLE_DOUBLE);
  await put(join(folder, '.0a1b.tmp'), nifti);
  t.deepEqual(await list(folder), { names: ['a.nii', 'sub/b.nii.gz'], broken: [], notes: [] });
  // A folder may itself be hidden, and who names a file means it.
  t.deepEqual((await list(join(folder, '.git'))).names, ['annex/c.nii']);
  t.deepEqual((await readHeader(join(folder, '.0a1b.tmp'))).shape, [2, 3, 4]);
  const given = await listVolumes(
    [
      { name: 'x/._a.nii', bytes: APPLE_DOUBLE },
      { name: 'x/a.nii', bytes: nifti },
      { name: 'x/.DS_Store', bytes: APPLE_DOUBLE },
    ],
    { broken: true },
  );
  t.deepEqual(
    given.map(({ path }) => path),
    ['x/a.nii'],
  );
});

test('hidden files beside the slices of a series', async (t) => {
  const folder = await tempFolder(t);
  await putSeries(folder, slices());
  for (let k = 0; k < 6; k++) await put(join(folder, `._IM${k}.dcm`), APPLE_DOUBLE);
  await put(join(folder, '.DS_Store'), APPLE_DOUBLE);
  t.deepEqual(await list(folder), { names: ['.'], broken: [], notes: [] });
  await wholeSeries(t, folder, /^$/);
});

test('linked folders are followed, also out of the folder, and that is said', async (t) => {
  const store = await tempFolder(t);
  const folder = await tempFolder(t);
  await put(join(folder, 'p0', 'a.nii'), nifti);
  await put(join(store, '1', 'a.nii'), nifti);
  await put(join(store, '2', 'deep', 'a.nii'), nifti);
  await symlink(join(store, '1'), join(folder, 'p1'));
  await symlink(join(store, '2'), join(folder, 'p2'));
  const { names, broken, notes } = await list(folder);
  t.deepEqual(names, ['p0/a.nii', 'p1/a.nii', 'p2/deep/a.nii']);
  t.deepEqual(broken, []);
  t.is(notes.length, 2);
  t.regex(notes[0], /"p1" is a link that leads out to .*1; it was followed/);
  t.deepEqual((await readHeader(join(folder, 'p2/deep/a.nii'))).shape, [2, 3, 4]);
});

test('links that go in circles, to what is listed, or to what is above', async (t) => {
  const outer = await tempFolder(t);
  const folder = join(outer, 'data');
  const store = join(outer, 'store');
  await put(join(folder, 'real', 'a.nii'), nifti);
  await put(join(outer, 'other', 'b.nii'), nifti);
  await put(join(store, 'x', 'c.nii'), nifti);
  // To itself, to a sibling, up, down and up again by way of another folder.
  await symlink(folder, join(folder, 'loop'));
  await symlink(join(folder, 'real'), join(folder, 'again'));
  await symlink(outer, join(folder, 'up'));
  await symlink('/', join(folder, 'top'));
  await symlink(store, join(folder, 'out'));
  await symlink(store, join(folder, 'out2'));
  await symlink(store, join(store, 'self'));
  await symlink(folder, join(store, 'back'));
  await symlink(join(folder, 'circle2'), join(folder, 'circle1'));
  await symlink(join(folder, 'circle1'), join(folder, 'circle2'));
  const { names, notes } = await list(folder);
  t.deepEqual(names, ['out/x/c.nii', 'real/a.nii']);
  const said = notes.join('\n');
  t.regex(said, /"loop" is the same as "\.", which is listed already/);
  t.regex(said, /"again" is the same as "real"/);
  t.regex(said, /"up" is a link to .*, which holds the folder listed/);
  t.regex(said, /"top" is a link to \/, which holds/);
  t.regex(said, /"out2" is the same as "out"/);
  t.regex(said, /"out\/self" is the same as "out"/);
  t.regex(said, /"out\/back" is the same as "\."/);
  t.regex(said, /2 links lead to no file that is there: "circle1", "circle2"/);
  // The folder may be named by a link.
  await symlink(folder, join(outer, 'alias'));
  t.deepEqual((await list(join(outer, 'alias'))).names, ['out/x/c.nii', 'real/a.nii']);
});

test('links to files that are not there are told: an entry where the name promises a volume', async (t) => {
  const folder = await tempFolder(t);
  await put(join(folder, 'a.nii'), nifti);
  await symlink('../.git/annex/objects/k/k', join(folder, 'b.nii.gz'));
  await symlink('gone', join(folder, 'slice1'));
  await symlink('gone.json', join(folder, 'b.json'));
  const { names, broken, notes } = await list(folder);
  t.deepEqual(names, ['a.nii']);
  t.deepEqual(broken, ['b.nii.gz']);
  t.deepEqual(notes, ['1 link leads to no file that is there: "slice1".']);
});

// The superuser can read everything.
const asUser = process.getuid?.() === 0 ? test.skip : test;

asUser('a folder that cannot be read ends nothing', async (t) => {
  const folder = await tempFolder(t);
  await put(join(folder, 'a.nii'), nifti);
  await put(join(folder, 'locked', 'b.nii'), nifti);
  await chmod(join(folder, 'locked'), 0o000);
  const { names, notes } = await list(folder);
  await chmod(join(folder, 'locked'), 0o700);
  t.deepEqual(names, ['a.nii']);
  t.regex(notes.join(), /"locked" cannot be read: permission is denied/);
});

test('a slice that is cut short is left out where it is whole elsewhere, and named', async (t) => {
  const files = slices();
  for (const cut of [2, 30, 100]) {
    for (const name of ['A_partial.dcm', 'Z_partial.dcm']) {
      const folder = await tempFolder(t);
      await putSeries(folder, files);
      await put(join(folder, name), files[3].slice(0, -cut));
      await wholeSeries(
        t,
        folder,
        new RegExp(`left out: .*${name}: .*cut short|left out: .*${name}: .*ends before`),
      );
      const { names, broken } = await list(folder);
      t.deepEqual([names, broken], [['.'], [name]]);
      const [entry] = await listVolumes(folder);
      t.deepEqual(entry.header.shape, [5, 4, 6]);
      t.regex(entry.header.notes.join(' '), new RegExp(name));
    }
  }
});

test('a slice that is nowhere whole is missing, and said to be', async (t) => {
  const folder = await tempFolder(t);
  const files = slices();
  await putSeries(folder, [...files.slice(0, 3), files[3].slice(0, -20), ...files.slice(4)]);
  const { header } = await readVolume(folder);
  t.is(header.shape[2], 5);
  t.regex(header.notes.join(' '), /IM3\.dcm: was cut short/);
  t.regex(header.notes.join(' '), /1 slice is missing/);
  await t.throwsAsync(readVolume(folder, { geometry: 'strict' }), { code: 'geometry' });
  await t.throwsAsync(readVolume(join(folder, 'IM3.dcm')), { code: 'truncated' });
});

test('compressed slices that are cut short are found too', async (t) => {
  const folder = await tempFolder(t);
  const rle = slices().map(encapsulated);
  await putSeries(folder, rle);
  await wholeSeries(t, folder, /^$/);
  for (const cut of [1, 8, 9, 12, 40]) {
    await put(join(folder, 'A.dcm'), rle[2].slice(0, -cut));
    // Without its delimiter alone, the image is whole.
    await wholeSeries(t, folder, cut === 8 ? /repeats an image/ : /A\.dcm: was cut short/);
  }
});

/** The same file with its pixels as an RLE frame of literal runs. */
function encapsulated(file: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const text = Buffer.from(file)
    .toString('latin1')
    .replace('1.2.840.10008.1.2.1\0', '1.2.840.10008.1.2.5\0');
  const head = Buffer.from(text.slice(0, -52), 'latin1');
  const pixels = file.subarray(-40);
  const planes = [1, 0].map((byte) => [
    19,
    ...Array.from({ length: 20 }, (_, n) => pixels[2 * n + byte]),
    128,
  ]);
  const frame = Buffer.alloc(64 + 44);
  frame.writeUInt32LE(2, 0);
  frame.writeUInt32LE(64, 4);
  frame.writeUInt32LE(64 + 22, 8);
  frame.set(planes.flat(), 64);
  const item = (length: number): Buffer => {
    const out = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
    out.writeUInt32LE(length, 4);
    return out;
  };
  return new Uint8Array(
    Buffer.concat([
      head,
      Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]),
      item(0),
      item(frame.length),
      frame,
      Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]),
    ]),
  );
}

test('empty and foreign files among slices are left out and named', async (t) => {
  const folder = await tempFolder(t);
  await putSeries(folder, slices());
  await put(join(folder, 'empty.dcm'), '');
  await put(join(folder, 'text.dcm'), 'no image');
  await put(join(folder, 'notes.txt'), 'words');
  await wholeSeries(t, folder, /empty\.dcm: is empty \(0 bytes\)\. .*text\.dcm: is not DICOM/);
  const { names, broken } = await list(folder);
  t.deepEqual([names, broken], [['.'], ['empty.dcm', 'text.dcm']]);
});

test('a scout, a dose report and a screenshot beside a series are left out and named', async (t) => {
  const scout = dicomFile({
    series: '1.2.8',
    orientation: [1, 0, 0, 0, 0, -1],
    more: {
      [TAG.imageType]: ['CS', 'ORIGINAL\\PRIMARY\\LOCALIZER'],
      [TAG.description]: ['LO', 'Scout'],
    },
  });
  const plainScout = dicomFile({ series: '1.2.7', rows: 9, orientation: [0, 1, 0, 0, 0, -1] });
  const dose = dicomFile({
    series: '1.2.9',
    samples: 3,
    position: null,
    sopClass: SECONDARY_CAPTURE,
    modality: 'OT',
    more: { [TAG.description]: ['LO', 'Dose Report'] },
  });
  const within = dicomFile({
    uid: '1.2.6',
    samples: 3,
    position: null,
    sopClass: SECONDARY_CAPTURE,
  });
  const cases: [Uint8Array[], RegExp][] = [
    [[scout], /A localizer was left out: series 1, CT, Scout, localizer, 1 slice of 5×4/],
    [[plainScout], /An image that is no volume was left out: .*1 slice of 5×9/],
    [[dose], /An image that is no volume was left out: .*Dose Report/],
    [[within], /An image that is no volume was left out/],
    [[scout, plainScout, dose, within], /4 images that are no volumes were left out: .*Scout/],
  ];
  for (const [others, note] of cases) {
    const folder = await tempFolder(t);
    await putSeries(folder, slices());
    for (const [n, bytes] of others.entries()) await put(join(folder, `other${n}.dcm`), bytes);
    await wholeSeries(t, folder, note);
    const entries = await listVolumes(folder);
    t.is(entries.length, 1 + others.length);
    t.is(entries.filter(({ header }) => header.shape[2] === 6).length, 1);
  }
  // Beside two volumes nobody knows which one is meant.
  const folder = await tempFolder(t);
  await putSeries(join(folder, 'a'), slices(6, '1.2.3.4'));
  await putSeries(join(folder, 'b'), slices(6, '1.2.3.5'));
  await put(join(folder, 'scout.dcm'), scout);
  await t.throwsAsync(readVolume(folder), { code: 'series-required', message: /holds 2 DICOM/ });
});

test('copies of a series in several folders are all listed, and each says where the others are', async (t) => {
  const folder = await tempFolder(t);
  for (const name of ['a', 'b', 'c', 'd']) await putSeries(join(folder, name), slices());
  await putSeries(join(folder, 'e'), slices(6, '1.2.3.5'));
  const entries = await listVolumes(folder);
  t.deepEqual(
    entries.map(({ path }) => path.slice(folder.length + 1)),
    ['a', 'b', 'c', 'd', 'e'],
  );
  for (const { path, series, header, open } of entries) {
    t.deepEqual(header.shape, [5, 4, 6]);
    t.deepEqual((await readVolume(path, { series })).data.get(0, 0, 5), 60);
    const handle = open();
    t.is((await handle.read()).data.get(0, 0, 5), 60);
    await handle.close();
    const note = /Images of the same series are in 3 other folders too/;
    t[path.endsWith('e') ? 'notRegex' : 'regex'](header.notes.join(' '), note);
  }
});

test('patients in folders of their own are volumes of their own, also with one series UID', async (t) => {
  const folder = await tempFolder(t);
  const series = (patient: string, value: number): Uint8Array[] =>
    Array.from({ length: 6 }, (_, k) =>
      dicomFile({
        instance: k + 1,
        position: [0, 0, 2 * k],
        value: value + k,
        uid: `1.2.${patient}.${k}`,
        more: { [TAG.patient]: ['LO', patient] },
      }),
    );
  await putSeries(join(folder, 'a', 'ct'), series('1', 10));
  await putSeries(join(folder, 'b'), series('2', 20));
  const entries = await listVolumes(folder);
  t.deepEqual(
    entries.map(({ path }) => path.slice(folder.length + 1)),
    ['a/ct', 'b'],
  );
  for (const [n, { path, series: id, header }] of entries.entries()) {
    t.deepEqual(header.shape, [5, 4, 6]);
    t.is(header.volumes, 1);
    t.regex(header.notes.join(' '), /other patients have the same series instance UID/);
    t.is((await readVolume(path, { series: id })).data.get(0, 0, 0), 10 * (n + 1));
  }
});

test('copies whose folders are divided, and a series in several folders that is there once', async (t) => {
  const folder = await tempFolder(t);
  const files = slices();
  for (const copy of ['x', 'y']) {
    await putSeries(join(folder, copy, 'first'), files.slice(0, 3));
    await putSeries(join(folder, copy, 'second'), files.slice(3));
  }
  t.deepEqual((await list(folder)).names, ['x', 'y']);
  const [one, ...more] = await listVolumes(join(folder, 'x'));
  t.is(more.length, 0);
  t.deepEqual(one.header.shape, [5, 4, 6]);
  // One image twice where two parts meet makes no copies of them.
  const parts = await tempFolder(t);
  await putSeries(join(parts, 'first'), files.slice(0, 4));
  await putSeries(join(parts, 'second'), files.slice(3));
  t.deepEqual((await list(parts)).names, ['.']);
  await wholeSeries(t, parts, /1 file repeats an image/);
});

test('a header finds its voxels through the links of git-annex and DVC, and through no others', async (t) => {
  const store = await tempFolder(t);
  const meta = (file: string): string =>
    `NDims = 3\nDimSize = 2 2 2\nElementType = MET_UCHAR\nElementDataFile = ${file}\n`;
  const nrrd = (file: string): string =>
    `NRRD0004\ntype: uchar\ndimension: 3\nsizes: 2 2 2\nencoding: raw\ndata file: ${file}\n`;
  const voxels = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const annex = join(store, '.git/annex/objects/aX/9k/SHA256E-s8--00.raw/SHA256E-s8--00.raw');
  const dvc = join(store, 'cache/files/md5/d4/1d8cd98f00b204e9800998ecf8427e');
  const elsewhere = join(store, 'somewhere.raw');
  for (const path of [annex, dvc, elsewhere]) await put(path, voxels);
  const uid = '1.3.6.1.4.1.14519.5.2.1.6279.6001.1';
  for (const [header, text] of [
    [`${uid}.mhd`, meta(`${uid}.raw`)],
    [`${uid}.nhdr`, nrrd(`./${uid}.raw`)],
  ]) {
    for (const target of [annex, dvc, elsewhere]) {
      for (const isLink of [false, true]) {
        const folder = await tempFolder(t);
        const place = isLink ? join(store, `${header}-${isLink}`) : join(folder, header);
        await put(place, text);
        if (isLink) await symlink(place, join(folder, header));
        await symlink(target, join(folder, `${uid}.raw`));
        t.deepEqual([...(await readVolume(join(folder, header))).data.data], [...voxels]);
        t.deepEqual((await list(folder)).names, [header]);
      }
    }
  }
  // Files under other names are read from the stores only.
  const folder = await tempFolder(t);
  await put(join(folder, 'a.mhd'), meta('LIST\nb1.raw\nb2.raw'));
  for (const [path, part] of [
    [annex, voxels.subarray(0, 4)],
    [dvc, voxels.subarray(4)],
  ] as const) {
    await put(path, part);
  }
  await symlink(annex, join(folder, 'b1.raw'));
  await symlink(dvc, join(folder, 'b2.raw'));
  t.deepEqual([...(await readVolume(join(folder, 'a.mhd'))).data.data], [...voxels]);
  await symlink(elsewhere, join(folder, 'b3.raw'));
  await put(join(folder, 'c.mhd'), meta('b3.raw'));
  await t.throwsAsync(readVolume(join(folder, 'c.mhd')), { code: 'outside-folder' });
  await put(join(folder, 'sub', 'd.mhd'), meta('../b1.raw'));
  await t.throwsAsync(readVolume(join(folder, 'sub', 'd.mhd')), { code: 'outside-folder' });
});
