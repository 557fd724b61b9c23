import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import {
  applyAffine,
  listVolumes,
  readHeader,
  readRegion,
  readVolume,
  type Vec3,
  type Volume,
  VolumeIoError,
} from '@genesis/volume-io';
import test from 'ava';

const FIXTURES = fileURLToPath(new URL('../../test/fixtures/dicom', import.meta.url));

interface Expected {
  path?: string;
  shape: [number, number, number];
  affine: number[] | null;
  values: string;
  volumes?: number;
  components?: number;
  dtype?: string;
  series?: string | number;
  notes?: string[];
}

const expected: Record<string, Expected> = JSON.parse(
  readFileSync(join(FIXTURES, 'expected.json'), 'utf8'),
);

function valuesOf(item: Expected): Float64Array {
  const bytes = Uint8Array.from(inflateSync(Buffer.from(item.values, 'base64')));
  return new Float64Array(bytes.buffer);
}

function arrayName(volume: Volume): string {
  return volume.data.data.constructor.name.replace('Array', '').toLowerCase();
}

for (const [name, item] of Object.entries(expected)) {
  test(`${name}: voxels, affine and notes as the reference has them`, async (t) => {
    const path = join(FIXTURES, item.path ?? name);
    const choice = item.series === undefined ? {} : { series: item.series };
    const header = await readHeader(path, choice);
    t.deepEqual(header.shape, item.shape);
    t.is(header.format, 'dicom');
    const parts = Math.max(item.volumes ?? 1, item.components ?? 1);
    const all = valuesOf(item);
    const size = all.length / parts;
    for (let part = 0; part < parts; part++) {
      const which = item.volumes ? { volumeIndex: part } : { component: part };
      const volume = await readVolume(path, { ...choice, ...which });
      const values = all.subarray(part * size, (part + 1) * size);
      t.deepEqual(volume.data.shape, item.shape);
      if (item.dtype) t.is(arrayName(volume), item.dtype);
      const whole = values.every(Number.isInteger);
      const given = Float64Array.from(volume.data.data);
      const wrong = given.findIndex(
        (v, n) => !(Math.abs(v - values[n]) <= (whole ? 0 : 1e-6 * Math.abs(values[n]))),
      );
      t.is(wrong, -1, `voxel ${wrong}: ${given[wrong]} instead of ${values[wrong]}`);
      t.deepEqual(volume.affine, header.affine);
      if (item.affine) {
        for (const [n, v] of item.affine.entries()) {
          t.true(Math.abs(volume.affine[n] - v) < 1e-4, `affine[${n}] ${volume.affine[n]} ≠ ${v}`);
        }
      }
      if (item.notes?.length === 0) t.deepEqual(volume.header.notes, []);
      for (const note of item.notes ?? []) {
        t.true(
          volume.header.notes.some((n) => n.includes(note)),
          volume.header.notes.join(' '),
        );
      }
    }
  });
}

test('several series in a folder: an error lists them, listVolumes names them, each can be chosen', async (t) => {
  const path = join(FIXTURES, 'mixed');
  const error = await t.throwsAsync(readVolume(path), { instanceOf: VolumeIoError });
  t.is(error.code, 'series-required');
  const entries = await listVolumes(path);
  t.is(entries.length, 3);
  for (const { series, path: place } of entries) {
    t.true(error.message.includes(series!));
    const volume = await readVolume(place, { series: series! });
    t.is(volume.header.format, 'dicom');
  }
  t.is((await readVolume(path, { series: 'Fixture 20' })).data.shape[2], 2);
  await t.throwsAsync(readVolume(path, { series: 'nothing' }), { code: 'bad-argument' });
});

test("'strict' refuses missing and uneven slices", async (t) => {
  for (const name of ['missing', 'uneven']) {
    await t.throwsAsync(readVolume(join(FIXTURES, name), { geometry: 'strict' }), {
      code: 'geometry',
    });
  }
  await t.notThrowsAsync(readVolume(join(FIXTURES, 'tilt'), { geometry: 'strict' }));
});

test('4-D, colours: a choice is needed', async (t) => {
  await t.throwsAsync(readVolume(join(FIXTURES, 'times')), { code: 'volume-required' });
  await t.throwsAsync(readVolume(join(FIXTURES, 'rgb.dcm')), { code: 'component-required' });
  const gray = await readVolume(join(FIXTURES, 'rgb.dcm'), { component: 'luminance' });
  const rgb = valuesOf(expected['rgb.dcm']);
  const size = rgb.length / 3;
  const first = 0.3 * rgb[0] + 0.59 * rgb[size] + 0.11 * rgb[2 * size];
  t.true(Math.abs(Number(gray.data.get(0, 0, 0)) - first) < 1e-4);
});

test('a requested type is given, or refused when values do not fit', async (t) => {
  const path = join(FIXTURES, 'even');
  const values = valuesOf(expected.even);
  const float = await readVolume(path, { dtype: 'float32' });
  t.true(float.data.data instanceof Float32Array);
  t.deepEqual(Float64Array.from(float.data.data), values);
  const wide = await readVolume(path, { dtype: 'int64' });
  t.is(wide.data.data[3], BigInt(values[3]));
  await t.throwsAsync(readVolume(path, { dtype: 'uint16' }), { code: 'range' });
  await t.throwsAsync(readVolume(join(FIXTURES, 'dose.dcm'), { dtype: 'int32' }), {
    code: 'range',
  });
});

test('the same series from a list of files in any order', async (t) => {
  const folder = join(FIXTURES, 'even');
  const entries = ['21', '10', '03', '07', '06', '00', '01', '02', '04', '05', '08', '09'];
  const files = entries.flatMap((name) => {
    try {
      return [
        { name: `${name}.dcm`, bytes: new Uint8Array(readFileSync(join(folder, `${name}.dcm`))) },
      ];
    } catch {
      return [];
    }
  });
  t.is(files.length, 5);
  const volume = await readVolume(files.reverse());
  t.deepEqual(Float64Array.from(volume.data.data), valuesOf(expected.even));
});

test('a header is read without the pixel data', async (t) => {
  const bytes = readFileSync(join(FIXTURES, 'enhanced.dcm'));
  const cut = new Uint8Array(bytes.subarray(0, bytes.length - 4));
  t.deepEqual((await readHeader(cut)).shape, [12, 10, 5]);
  await t.throwsAsync(readVolume(cut), { code: 'truncated' });
});

test('a region is that part of the whole, of folders, files and zips', async (t) => {
  const region = { start: [3, 2, 1] as Vec3, size: [5, 4, 3] as Vec3 };
  for (const name of ['even', 'even.zip', 'enhanced.dcm', 'enhanced-rle.dcm']) {
    const path = join(FIXTURES, name);
    const whole = await readVolume(path);
    const part = await readRegion(path, region);
    t.deepEqual(part.data.shape, region.size);
    for (let k = 0; k < 3; k++) {
      for (let j = 0; j < 4; j++) {
        for (let i = 0; i < 5; i++) {
          t.is(part.data.get(i, j, k), whole.data.get(i + 3, j + 2, k + 1));
        }
      }
    }
    const origin = [3, 7, 11].map((n) => part.affine[n]);
    t.deepEqual(origin, applyAffine(whole.affine, region.start));
    await t.throwsAsync(readRegion(path, { ...region, start: [0, 0, 3] }), {
      code: 'bad-argument',
    });
  }
});

/** A Blob that counts the bytes taken of it. */
class CountingBlob extends Blob {
  taken = 0;
  override slice(start = 0, end = this.size): Blob {
    this.taken += Math.max(0, Math.min(end, this.size) - start);
    return super.slice(start, end);
  }
}

test('listing and headers read the heads of large files only', async (t) => {
  const small = readFileSync(join(FIXTURES, 'even/00.dcm'));
  const head = new Uint8Array(small.subarray(0, small.length - 240));
  const view = new DataView(head.buffer);
  const at = (element: number): number => {
    for (let n = 132; n < head.length - 8; n++) {
      if (view.getUint16(n, true) === 0x28 && view.getUint16(n + 2, true) === element) return n + 8;
    }
    throw new Error('no such element');
  };
  view.setUint16(at(0x10), 1024, true);
  view.setUint16(at(0x11), 1024, true);
  view.setUint32(head.length - 4, 2 ** 21, true);
  const blob = new CountingBlob([head, new Uint8Array(2 ** 21)]);
  const files = [
    { name: 'a.dcm', bytes: blob },
    { name: 'b.dcm', bytes: new Uint8Array(readFileSync(join(FIXTURES, 'even/03.dcm'))) },
  ];
  t.deepEqual((await readHeader(blob)).shape, [1024, 1024, 1]);
  const once = blob.taken;
  t.true(once < 65536, `${once} bytes read for a header`);
  t.is((await listVolumes(files)).length, 2);
  t.true(blob.taken - once < 65536, `${blob.taken - once} bytes read for a list`);
});

test('an aborted read stops', async (t) => {
  const signal = AbortSignal.abort();
  await t.throwsAsync(readVolume(join(FIXTURES, 'even'), { signal }), { code: 'aborted' });
});
