import { appendFileSync, existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tempFolder } from '@genesis/testing';
import {
  createVolume,
  encodeVolume,
  listVolumes,
  openVolume,
  type ReadVolumeOpts,
  readVolume,
  toOrder,
  type Vec3,
  type Volume,
} from '@genesis/volume-io';
import test from 'ava';
import type { ByteSource, FolderListing, FolderSource } from '#src/bytes/api.js';
import { BytesSource } from '#src/bytes/bytes-source.js';
import { listFolder } from '#src/volume/list-folder.js';

const FIXTURES = fileURLToPath(new URL('../../test/fixtures', import.meta.url));

interface Case {
  name: string;
  main: string;
  files: Record<string, string>;
  opts: ReadVolumeOpts;
}

const cases: Case[] = JSON.parse(readFileSync(join(FIXTURES, 'formats.json'), 'utf8'));

const flat = (volume: Volume): number[] => Array.from(toOrder(volume, 'F').data.data);

/** Files below a folder that this process has open; undefined where the system does not tell. */
function openBelow(folder: string): string[] | undefined {
  if (!existsSync('/proc/self/fd')) return undefined;
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path.startsWith(folder) ? [path] : [];
    } catch {
      return [];
    }
  });
}

/** A folder in memory that counts what is asked of it. */
class CountingFolder implements FolderSource {
  readonly name = 'counted';
  readonly opened = new Map<string, number>();
  /** Reads from the first byte on, but for the 1024 bytes that formats are recognised by. */
  heads = 0;
  openNow = 0;

  constructor(private readonly files: ReadonlyMap<string, Uint8Array>) {}

  async list(): Promise<FolderListing> {
    return { names: [...this.files.keys()].sort(), missing: [], notes: [] };
  }

  async open(name: string): Promise<ByteSource> {
    this.opened.set(name, (this.opened.get(name) ?? 0) + 1);
    this.openNow++;
    const source = new BytesSource(this.files.get(name) ?? new Uint8Array(0), name);
    return {
      name,
      size: source.size,
      read: (start, length) => {
        if (start === 0 && length !== 1024) this.heads++;
        return source.read(start, length);
      },
      readInto: (start, target) => source.readInto(start, target),
      sibling: (sibling) => source.sibling(sibling),
      close: async () => {
        this.openNow--;
      },
    };
  }
}

test('a handle reads a volume any number of times, and parts of it, until it is closed', async (t) => {
  const folder = await tempFolder(t);
  const path = join(folder, 'a.nii');
  const values = Int16Array.from({ length: 120 }, (_, n) => n * 7 - 300);
  const made = createVolume(values, { shape: [4, 5, 6], spacing: [1, 2, 3] });
  await writeFile(path, await encodeVolume(made, 'nifti1'));
  const handle = await openVolume(path);
  t.deepEqual(handle.header.shape, [4, 5, 6]);
  t.deepEqual(handle.header.spacing, [1, 2, 3]);
  const [first, second] = await Promise.all([handle.read(), handle.read({ dtype: 'float32' })]);
  t.deepEqual(flat(first), [...values]);
  const typed: Float32Array = second.data.data;
  t.deepEqual([...typed], [...values]);
  const part = await handle.region({ start: [1, 2, 3], size: [2, 2, 2] });
  t.is(part.data.get(1, 0, 1), first.data.get(2, 2, 4));
  t.deepEqual([...part.affine.filter((_, n) => n % 4 === 3)], [1, 4, 9, 1]);
  await handle.close();
  await handle.close();
  t.deepEqual(openBelow(folder) ?? [], []);
  await t.throwsAsync(handle.read(), { code: 'bad-argument', message: /has been closed/ });
  await t.throwsAsync(handle.region({ start: [0, 0, 0], size: [1, 1, 1] }), {
    code: 'bad-argument',
  });
});

test('closing waits for the reads under way', async (t) => {
  const values = new Int16Array(200 * 200 * 40).fill(9);
  const folder = await tempFolder(t);
  const path = join(folder, 'a.nii.gz');
  const made = createVolume(values, { shape: [200, 200, 40] });
  await writeFile(path, await encodeVolume(made, 'nifti1', { compress: true }));
  const handle = await openVolume(path);
  const reading = handle.read();
  await handle.close();
  t.is((await reading).data.get(199, 199, 39), 9);
  t.deepEqual(openBelow(folder) ?? [], []);
});

test('what a read has to say is in the header of its volume, not in that of the handle', async (t) => {
  const big = BigUint64Array.of(2n ** 60n + 1n, 1n);
  const handle = await openVolume(
    await encodeVolume(createVolume(big, { shape: [2, 1, 1] }), 'nifti1'),
  );
  const before = [...handle.header.notes];
  for (let n = 0; n < 2; n++) {
    const volume = await handle.read();
    t.is(volume.header.notes.filter((note) => note.includes('rounded')).length, 1);
  }
  t.deepEqual(handle.header.notes, before);
  await handle.close();
});

test('geometry is held once: a copy with another affine is no volume', (t) => {
  const volume = createVolume(new Uint8Array(8), { shape: [2, 2, 2], spacing: [1, 2, 3] });
  const affine = Float64Array.of(0, 2, 0, 0, -1, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 1);
  // @ts-expect-error: it would say spacing and orientation of the old one.
  const copy: Volume<Uint8Array> = { ...volume, affine };
  t.is(copy.spacing as Vec3 | undefined, undefined);
  const moved = createVolume(volume.data, { affine, header: volume.header });
  t.deepEqual(moved.spacing, [1, 2, 5]);
  t.is(moved.orientation, 'PRS');
  t.deepEqual(moved.header.spacing, [1, 2, 5]);
  volume.affine.set(affine);
  t.deepEqual(volume.spacing, [1, 2, 5]);
  t.is(volume.orientation, 'PRS');
});

test('every volume of every format is listed with its header and read from its entry', async (t) => {
  const folder = await tempFolder(t);
  for (const { name, files } of cases) {
    for (const [file, base64] of Object.entries(files)) {
      const path = join(folder, name.replaceAll('.', '_'), file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, Buffer.from(base64, 'base64'));
    }
  }
  const entries = new Map((await listVolumes(folder)).map((entry) => [entry.path, entry]));
  t.deepEqual(openBelow(folder) ?? [], []);
  let read = 0;
  for (const { name, main, opts } of cases) {
    const path = join(folder, name.replaceAll('.', '_'), main);
    const entry = entries.get(path);
    // Pairs are listed by their header, archives of several arrays are not, and some files have no header of their own.
    if (!entry || opts.series !== undefined) continue;
    read++;
    const expected = await readVolume(path, opts);
    const handle = entry.open();
    for (let n = 0; n < 2; n++) {
      const volume = await handle.read(opts);
      t.deepEqual(flat(volume), flat(expected), name);
      t.deepEqual(volume.header, expected.header, name);
    }
    await handle.close();
    t.deepEqual(openBelow(folder) ?? [], [], name);
    const shape = expected.data.shape as Vec3;
    const start = shape.map((n) => n >> 1) as Vec3;
    const size = shape.map((n, d) => n - start[d]) as Vec3;
    const again = entry.open();
    const part = await again.region({ start, size }, opts);
    t.deepEqual(flat(part), flat(createVolume(expected.data.lo(...start))), name);
    await again.close();
  }
  t.deepEqual(openBelow(folder) ?? [], []);
  t.true(read > 130, `${read} of ${cases.length}`);
});

/** The files of DICOM fixtures in one flat folder. */
function flatFolder(names: readonly string[]): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const name of names) {
    for (const file of readdirSync(join(FIXTURES, 'dicom', name))) {
      const bytes = readFileSync(join(FIXTURES, 'dicom', name, file));
      files.set(`${name}-${file}`, new Uint8Array(bytes));
    }
  }
  return files;
}

test('a flat folder of several series is gone through once, and reading a series reads no head again', async (t) => {
  const names = ['even', 'tilt', 'uneven', 'slopes', 'missing'];
  const files = flatFolder(names);
  const folder = new CountingFolder(files);
  const entries = await listFolder(folder, { broken: true });
  t.true(entries.length >= 4, `${entries.length} series`);
  t.is(folder.heads, files.size);
  t.deepEqual(new Set(folder.opened.values()), new Set([1]));
  t.is(folder.openNow, 0);

  folder.opened.clear();
  let slices = 0;
  for (const entry of entries) {
    if (entry.error !== undefined) return t.fail(entry.error);
    t.is(folder.opened.size, slices);
    const handle = entry.open();
    t.deepEqual(handle.header, entry.header);
    t.is(folder.opened.size, slices, 'opening touches no file');
    const volume = await handle.read();
    await handle.close();
    t.deepEqual(volume.data.shape, entry.header.shape);
    slices += entry.files ?? 1;
  }
  t.is(folder.heads, files.size);
  t.deepEqual(new Set(folder.opened.values()), new Set([1]));
  t.is(folder.opened.size, files.size);
});

test('series are read from their entries as they are from their folder', async (t) => {
  const root = join(FIXTURES, 'dicom');
  let read = 0;
  for (const entry of await listVolumes(root)) {
    const { series, path, header } = entry;
    if (header.volumes > 1 || header.components > 1) continue;
    const expected = await readVolume(path, { series });
    const handle = entry.open();
    const volume = await handle.read();
    t.deepEqual(flat(volume), flat(expected), path);
    t.deepEqual(volume.affine, expected.affine);
    await handle.close();
    read++;
  }
  t.true(read > 20, `${read} series`);
});

test('a file that changed since it was listed is not read by its old header', async (t) => {
  const folder = await tempFolder(t);
  const path = join(folder, 'a.nii');
  await writeFile(
    path,
    await encodeVolume(createVolume(new Uint8Array(8), { shape: [2, 2, 2] }), 'nifti1'),
  );
  const [entry] = await listVolumes(folder);
  appendFileSync(path, 'more');
  const handle = entry.open();
  await t.throwsAsync(handle.read(), { code: 'corrupt', message: /a\.nii: has changed since/ });
  await handle.close();
});

test('two handles of one entry are closed each by itself', async (t) => {
  const folder = await tempFolder(t);
  await writeFile(
    join(folder, 'a.nii'),
    await encodeVolume(createVolume(new Uint8Array(8).fill(3), { shape: [2, 2, 2] }), 'nifti1'),
  );
  const [entry] = await listVolumes(folder);
  const [one, two] = [entry.open(), entry.open()];
  await one.read();
  await one.close();
  t.is((await two.read()).data.get(1, 1, 1), 3);
  await two.close();
  t.deepEqual(openBelow(folder) ?? [], []);
});
