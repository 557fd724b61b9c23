import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRng, GenesisError } from '@genesis/core';
import { centerStart, cutCrop } from '@genesis/inference';
import { tempFolder } from '@genesis/testing';
import { createVolume, type Volume } from '@genesis/volume-io';
import test from 'ava';
import fc from 'fast-check';
import ndarray from 'ndarray';
import { augment } from '#src/data/augment.js';
import { checkOutputs } from '#src/data/check-outputs.js';
import { chooseCrop } from '#src/data/choose-crop.js';
import { decodeText, formatCsv, parseCsv } from '#src/data/csv.js';
import { epochOrder } from '#src/data/epoch-order.js';
import { compareData } from '#src/data/identify.js';
import { isLabelMap, labelValues } from '#src/data/label-values.js';
import { prefetch } from '#src/data/prefetch.js';
import { readableOnly } from '#src/data/readable.js';
import { splitCases } from '#src/data/split-cases.js';
import { createVolumeCache } from '#src/data/volume-cache.js';
import { readClassTable } from '#src/tasks/classification/read-class-table.js';
import { forEachCase } from '#src/tasks/common/for-each-case.js';
import { chooseClasses } from '#src/tasks/segmentation/label-classes.js';
import { findClassVoxels, placeCrop } from '#src/tasks/segmentation/place-crop.js';

const fixed = { seed: 20, numRuns: 100 };

test('an epoch takes every crop of every volume once, few volumes at a time', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(),
      (volumes, crops, mix, seed) => {
        const order = epochOrder(volumes, crops, mix, createRng(seed));
        const keys = new Set(order.map(({ volume, crop }) => `${volume}:${crop}`));
        if (keys.size !== volumes * crops || order.length !== volumes * crops) return false;
        for (let first = 0; first < order.length; first += mix * crops) {
          const group = order.slice(first, first + mix * crops);
          if (new Set(group.map(({ volume }) => volume)).size > mix) return false;
        }
        return true;
      },
    ),
    fixed,
  );
  t.deepEqual(epochOrder(5, 3, 2, createRng(0)), epochOrder(5, 3, 2, createRng(0)));
  t.notDeepEqual(epochOrder(5, 3, 2, createRng(0)), epochOrder(5, 3, 2, createRng(1)));
});

const caseNames = (count: number) => Array.from({ length: count }, (_, n) => `case${n}`);

test('a split is complete and leaves no side empty', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 50 }),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      fc.nat(),
      (count, share, seed) => {
        const { train, validation } = splitCases(caseNames(count), share, createRng(seed));
        const all = [...train, ...validation].sort((a, b) => a - b);
        return (
          train.length > 0 &&
          validation.length > 0 &&
          all.every((value, n) => value === n) &&
          all.length === count
        );
      },
    ),
    fixed,
  );
  t.throws(() => splitCases(['a'], 0.2, createRng(0)), { message: /only one usable volume/ });
  t.throws(() => splitCases([], 0.2, createRng(0)), { message: /no usable volumes/ });
});

test('what belongs together stays on one side of a split', (t) => {
  const groups = ['a', 'a', 'b', 'c', 'c', 'c', 'd'];
  for (let seed = 0; seed < 20; seed++) {
    const { train, validation } = splitCases(groups, 0.4, createRng(seed));
    const sides = [train, validation].map((side) => new Set(side.map((n) => groups[n])));
    t.true([...sides[0]].every((group) => !sides[1].has(group)));
    t.is(train.length + validation.length, groups.length);
  }
  t.throws(() => splitCases(['a', 'a', 'a'], 0.5, createRng(0)), { message: /belong to one case/ });
});

test('cutCrop copies any strides and gives 0 outside', (t) => {
  const values = Float32Array.from({ length: 60 }, (_, n) => n + 1);
  // i fastest, as files are.
  const volume = ndarray(values, [3, 4, 5], [1, 3, 12]);
  fc.assert(
    fc.property(
      fc.tuple(
        fc.integer({ min: -4, max: 5 }),
        fc.integer({ min: -4, max: 5 }),
        fc.integer({ min: -4, max: 5 }),
      ),
      fc.tuple(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
      ),
      (start, size) => {
        const crop = cutCrop(volume, start, size);
        for (let i = 0; i < size[0]; i++) {
          for (let j = 0; j < size[1]; j++) {
            for (let k = 0; k < size[2]; k++) {
              const [x, y, z] = [start[0] + i, start[1] + j, start[2] + k];
              const inside = x >= 0 && x < 3 && y >= 0 && y < 4 && z >= 0 && z < 5;
              if (crop.get(i, j, k) !== (inside ? volume.get(x, y, z) : 0)) return false;
            }
          }
        }
        return true;
      },
    ),
    fixed,
  );
  t.deepEqual(centerStart([5, 8, 4], [8, 8, 2]), [-1, 0, 1]);
  t.true(Object.is(centerStart([7], [8])[0], 0));
});

test('crops of a segmentation lie inside and hit the labelled voxel', (t) => {
  const shape = [20, 6, 30];
  const classes = ndarray(new Uint8Array(20 * 6 * 30), shape);
  classes.set(13, 2, 21, 2);
  const voxels = findClassVoxels(classes, 3);
  t.deepEqual([...voxels.byClass[2]], [(13 * 6 + 2) * 30 + 21]);
  const size = [8, 8, 8];
  for (let seed = 0; seed < 50; seed++) {
    const start = placeCrop(shape, size, voxels, 1, createRng(seed));
    t.is(start[1], -1);
    for (const axis of [0, 2]) t.true(start[axis] >= 0 && start[axis] + 8 <= shape[axis]);
    t.true([13, 2, 21].every((at, axis) => at >= start[axis] && at < start[axis] + 8));
  }
});

test('augmentation turns image and classes alike and keeps the order of intensities', (t) => {
  const image = ndarray(
    Float32Array.from({ length: 24 }, (_, n) => n / 23),
    [2, 3, 4],
  );
  const classes = ndarray(
    Uint8Array.from({ length: 24 }, (_, n) => n),
    [2, 3, 4],
  );
  let [mirrored, bent] = [0, 0];
  for (let seed = 0; seed < 40; seed++) {
    const opts = { flipAxes: ['x', 'z'] as const, intensityRate: 0.5 };
    const out = augment({ image, classes }, opts, createRng(seed));
    const labels = out.classes?.data ?? new Uint8Array();
    if (labels[0] !== 0) mirrored++;
    if (out.image.data[labels.indexOf(12)] !== image.data[12]) bent++;
    // The voxel with class n held intensity n / 23: sorted by class, intensities must still rise.
    const byClass = [...labels.keys()].sort((a, b) => labels[a] - labels[b]);
    const values = byClass.map((at) => out.image.data[at]);
    t.true(values.every((value, n) => n === 0 || value >= values[n - 1]));
  }
  t.true(mirrored > 20 && mirrored < 40, `${mirrored}`);
  t.true(bent > 8 && bent < 32, `${bent}`);
  t.is(image.data[1], Math.fround(1 / 23));
});

test('the automatic crop suits the volumes and stays small', (t) => {
  t.deepEqual(
    chooseCrop(
      [
        [35, 51, 35],
        [34, 52, 35],
        [36, 52, 38],
      ],
      8,
    ),
    [40, 56, 40],
  );
  const large = chooseCrop([[512, 512, 100]], 8);
  t.true(large.every((side) => side % 8 === 0));
  t.true(large[0] * large[1] * large[2] <= 64 * 64 * 32);
});

test('a volume that is broken is left out once, the next stands in for it', async (t) => {
  const told: string[] = [];
  const get = async (index: number): Promise<number> => {
    if (index === 5) throw new GenesisError('truncated', 'it ends early');
    return index * 10;
  };
  const opts = { get, indices: [4, 5, 6], pathOf: (n: number) => `v${n}` };
  const read = readableOnly({ ...opts, onWarning: (text) => told.push(text) });
  t.deepEqual(await read(1), { index: 6, value: 60 });
  t.deepEqual(await read(1), { index: 6, value: 60 });
  t.deepEqual(await read(0), { index: 4, value: 40 });
  t.is(told.length, 1);
  t.regex(told[0], /left out v5.*ends early/);
  await t.throwsAsync(() => readableOnly({ ...opts, strict: true })(1), { code: 'truncated' });
  const nan = async (): Promise<number> => {
    throw new GenesisError('non-finite', 'it holds NaN');
  };
  await t.throwsAsync(() => readableOnly({ ...opts, get: nan })(0), { code: 'non-finite' });
  await t.throwsAsync(() => readableOnly({ ...opts, get: () => get(5) })(0), { code: 'no-data' });
});

test('an output that is an input by any name is refused, an earlier one replaced only when asked', async (t) => {
  const folder = await tempFolder(t);
  const [input, old, link] = ['images/a.nii', 'old.nii', 'link.nii'].map((name) =>
    join(folder, name),
  );
  await mkdir(join(folder, 'images'));
  await writeFile(input, 'a');
  await writeFile(old, 'b');
  await symlink(input, link);
  const check = (output: string, overwrite = false) =>
    checkOutputs({ inputs: [join(folder, 'images')], outputs: [output], overwrite });
  for (const same of [input, link, join(folder, 'images', '..', 'images', 'a.nii')]) {
    await t.throwsAsync(() => check(same, true), { code: 'bad-argument', message: /is an input/ });
  }
  await t.throwsAsync(() => check(old), { code: 'bad-argument', message: /--overwrite/ });
  await t.notThrowsAsync(() => check(old, true));
  await t.notThrowsAsync(() => check(join(folder, 'new.nii')));
});

test('the file in which a header has its voxels is an input, whatever its name', async (t) => {
  const folder = await tempFolder(t);
  const path = (name: string): string => join(folder, name);
  await writeFile(path('scan.mhd'), 'NDims = 3\nElementDataFile = voxels.raw\n');
  await writeFile(path('list.nhdr'), 'NRRD0004\ndata file: LIST\nslice1.raw\nslice2.raw\n');
  for (const name of ['voxels.raw', 'slice1.raw', 'slice2.raw', 'other.raw']) {
    await writeFile(path(name), '1');
  }
  const check = (input: string, output: string) =>
    checkOutputs({ inputs: [path(input)], outputs: [path(output)], overwrite: true });
  await t.throwsAsync(check('scan.mhd', 'voxels.mhd'), { message: /voxels\.raw is an input/ });
  await t.throwsAsync(check('list.nhdr', 'slice2.mhd'), { message: /slice2\.raw is an input/ });
  await t.notThrowsAsync(check('scan.mhd', 'other.mhd'));
});

test('a folder of outputs within that of inputs holds no inputs', async (t) => {
  const folder = await tempFolder(t);
  await mkdir(join(folder, 'out'));
  for (const name of ['a.nii', 'out/a.nii']) await writeFile(join(folder, name), name);
  const check = (out: string, output: string) =>
    checkOutputs({
      inputs: [folder],
      outputs: [join(folder, output)],
      folder: join(folder, out),
      overwrite: true,
    });
  await t.notThrowsAsync(check('out', 'out/a.nii'));
  await t.throwsAsync(check('out', 'a.nii'), { message: /is an input/ });
  await t.throwsAsync(check('.', 'out/a.nii'), { message: /is an input/ });
});

test('one case that fails is left out; what is wrong for every case is said once', async (t) => {
  const cases = ['a', 'b', 'c'].map((name) => ({ name }));
  const told: string[] = [];
  const run = (error: Error): Promise<void> =>
    forEachCase(cases, { strict: false, onWarning: (text) => told.push(text) }, async (one) => {
      if (one.name !== 'c') throw error;
      return undefined;
    });
  await run(new GenesisError('corrupt', 'is damaged', { file: 'x.nii' }));
  t.deepEqual(told, [
    'left out a: is damaged',
    'left out b: is damaged',
    '2 of 3 cases are left out',
  ]);
  told.length = 0;
  const wrong = new GenesisError('bad-argument', 'an overlap of 1 is outside 0…0.95');
  t.is(await t.throwsAsync(run(wrong)), wrong);
  t.deepEqual(told, []);
  // An argument that does not suit one file may suit another.
  await run(new GenesisError('bad-argument', 'has no component 2', { file: 'x.nii' }));
  t.is(told.length, 3);
});

test('a case that has another class than before is a change; runs that did not keep it are none', (t) => {
  const record = (label?: string) => [{ key: 'a', bytes: 1, header: 'x', label }];
  t.deepEqual(compareData(record('benign'), record('malignant')), [
    'a was benign and is malignant',
  ]);
  t.deepEqual(compareData(record('benign'), record('benign')), []);
  t.deepEqual(compareData(record(), record('benign')), []);
});

test('what has changed in the data of a run is said', (t) => {
  const before = [
    { key: 'a', bytes: 1, header: 'x' },
    { key: 'b', bytes: 1, header: 'x' },
    { key: 'c', bytes: 1, header: 'x' },
  ];
  t.deepEqual(compareData(before, before), []);
  t.deepEqual(
    compareData(before, [
      { key: 'b', bytes: 2, header: 'x' },
      { key: 'c', bytes: 1, header: 'y' },
      { key: 'd', bytes: 1, header: 'x' },
    ]),
    ['a is gone', 'd was added', 'b has another size', 'c has another header'],
  );
});

test('the background is 0 where it occurs; another is said', (t) => {
  t.deepEqual(chooseClasses([-1, 0, 1], undefined).values, [0, -1, 1]);
  t.regex(chooseClasses([-1, 0, 1], undefined).warning ?? '', /labels -1 are classes/);
  t.deepEqual(chooseClasses([-1, 0, 1], -1), { values: [0, 1], warning: undefined });
  t.deepEqual(chooseClasses([1, 2], undefined).values, [1, 2]);
  t.regex(chooseClasses([1, 2], undefined).warning ?? '', /the lowest, 1, is taken/);
  t.deepEqual(chooseClasses([0, 3, 7], undefined), { values: [0, 3, 7], warning: undefined });
});

test('an image that was cut off at both ends is no label map, however much of it is one value', (t) => {
  const shape = [24, 24, 24];
  const wave = (scale: number, low: number, high: number): Volume =>
    createVolume(
      ndarray(
        Int16Array.from({ length: 24 ** 3 }, (_, n) => {
          const [i, j, k] = [n % 24, Math.floor(n / 24) % 24, Math.floor(n / 576)];
          const value = scale * Math.sin(i / 5) * Math.cos(j / 6) * Math.sin(1 + k / 7);
          return Math.round(Math.max(low, Math.min(high, value)));
        }),
        shape,
      ),
    );
  t.false(isLabelMap(wave(900, -100, 100)));
  t.false(isLabelMap(wave(900, -1000, 1000)));
  // Coarse steps: what a map of many regions looks like.
  const regions = wave(40, -100, 100);
  for (let n = 0; n < regions.data.data.length; n++) {
    const [i, j, k] = [n % 24, Math.floor(n / 24) % 24, Math.floor(n / 576)];
    regions.data.data[n] = 1 + (i >> 2) + 6 * (j >> 2) + 36 * (k >> 2);
  }
  t.true(isLabelMap(regions));
  t.is(labelValues(regions, 'l').length, 216);
});

test('label maps look like label maps', (t) => {
  const volume = (values: (n: number) => number) =>
    createVolume(
      ndarray(
        Int16Array.from({ length: 4096 }, (_, n) => values(n)),
        [16, 16, 16],
      ),
    );
  t.deepEqual(
    labelValues(
      volume((n) => (n < 100 ? -1 : n >> 6)),
      'l',
    ).length,
    64,
  );
  t.throws(
    () =>
      labelValues(
        volume((n) => (n * 7919) % 200),
        'ct.nii',
      ),
    {
      message: /ct\.nii is no label map.*as those of an image/,
    },
  );
  t.throws(
    () =>
      labelValues(
        volume((n) => n),
        'ct.nii',
      ),
    { message: /more than 255/ },
  );
});

test('a table with a column of its own numbers is read by its names', async (t) => {
  const table = join(await tempFolder(t), 't.csv');
  await writeFile(table, 'ID,Group,Name,Label,Age\n0,x,a.nii.gz,benign,61\n1,x,b,malignant,48\n');
  const rows = await readClassTable(table);
  t.deepEqual(
    rows.map(({ key, label }) => [key, label]),
    [
      ['a', 'benign'],
      ['b', 'malignant'],
    ],
  );
});

test('CSV: separators, quotes, line ends, byte-order mark', (t) => {
  t.deepEqual(parseCsv('\uFEFFname,label\r\na, 1\r\n"b,""c""",2\n\n'), [
    ['name', 'label'],
    ['a', '1'],
    ['b,"c"', '2'],
  ]);
  t.deepEqual(parseCsv('a;1\nb;2'), [
    ['a', '1'],
    ['b', '2'],
  ]);
  t.deepEqual(parseCsv('a\t1'), [['a', '1']]);
  t.deepEqual(parseCsv('sep=;\r\na,b;1\r\n'), [['a,b', '1']]);
  const utf16 = Buffer.from('\uFEFFname\tlabel\r\nMüller\t1\r\n', 'utf16le');
  const table = [
    ['name', 'label'],
    ['Müller', '1'],
  ];
  t.deepEqual(parseCsv(decodeText(utf16)), table);
  t.deepEqual(parseCsv(decodeText(utf16.subarray(2))), table);
  t.deepEqual(parseCsv(decodeText(Buffer.from(utf16).swap16())), table);
  t.deepEqual(parseCsv(decodeText(Buffer.from('name,label\nMüller,1', 'latin1'))), table);
  t.deepEqual(parseCsv(decodeText(Buffer.from('name,label\nMüller,1', 'utf8'))), table);
  t.deepEqual(parseCsv(''), []);
  fc.assert(
    fc.property(
      fc.array(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ',', '"', ' ', '\n', ';') }), {
          minLength: 2,
          maxLength: 2,
        }),
        { minLength: 1 },
      ),
      (rows) => {
        const all = [['x', 'y'], ...rows];
        const kept = all.filter((row) => row.some((field) => field !== ''));
        return JSON.stringify(parseCsv(formatCsv(all))) === JSON.stringify(kept);
      },
    ),
    fixed,
  );
});

test('the cache loads once, forgets the longest unused, and tries again after a failure', async (t) => {
  const loads: number[] = [];
  let fails = true;
  const cache = createVolumeCache(
    async (index) => {
      loads.push(index);
      if (index === 9 && fails) throw new Error('no');
      return index;
    },
    () => 10,
    25,
  );
  await Promise.all([cache.get(1), cache.get(1), cache.get(2)]);
  t.deepEqual(loads, [1, 2]);
  await cache.get(1);
  await cache.get(3);
  t.true(cache.has(1) && cache.has(3) && !cache.has(2));
  t.is(cache.bytes, 20);
  await t.throwsAsync(cache.get(9));
  fails = false;
  t.is(await cache.get(9), 9);
});

test('prefetch keeps the order and passes failures on in their turn', async (t) => {
  const seen: number[] = [];
  for await (const value of prefetch(4, async (n) => n * 2)) seen.push(value);
  t.deepEqual(seen, [0, 2, 4, 6]);
  const failing = prefetch(3, async (n) => {
    if (n === 1) throw new Error('one');
    return n;
  });
  t.is((await failing.next()).value, 0);
  await t.throwsAsync(failing.next(), { message: 'one' });
});
