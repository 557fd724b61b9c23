import { centerStart, cutCrop } from '@genesis/inference';
import { createRng } from '@genesis/transforms';
import test from 'ava';
import fc from 'fast-check';
import ndarray from 'ndarray';
import { augment } from '#src/data/augment.js';
import { chooseCrop } from '#src/data/choose-crop.js';
import { formatCsv, parseCsv } from '#src/data/csv.js';
import { epochOrder } from '#src/data/epoch-order.js';
import { baseName, matchByName } from '#src/data/match-by-name.js';
import { prefetch } from '#src/data/prefetch.js';
import { splitVolumes } from '#src/data/split-volumes.js';
import { createVolumeCache } from '#src/data/volume-cache.js';
import { volumeName } from '#src/tasks/classification/read-class-table.js';
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

test('a split is complete and leaves no side empty', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 50 }),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      fc.nat(),
      (count, share, seed) => {
        const { train, validation } = splitVolumes(count, share, createRng(seed));
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
  t.throws(() => splitVolumes(1, 0.2, createRng(0)), { message: /only one usable volume/ });
  t.throws(() => splitVolumes(0, 0.2, createRng(0)), { message: /no usable volumes/ });
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

test('labels are matched by name, endings left aside only when needed', (t) => {
  const named = (...names: string[]) => names.map((name) => ({ name, path: `/d/${name}` }));
  const pairs = matchByName(named('a_0000', 'b'), named('b', 'a', 'c'));
  t.deepEqual(
    pairs.map(({ image, label }) => [image.name, label.name]),
    [
      ['a_0000', 'a'],
      ['b', 'b'],
    ],
  );
  t.deepEqual(
    matchByName(named('brain1_image'), named('brain1_label'))[0].label.name,
    'brain1_label',
  );
  t.throws(() => matchByName(named('a', 'x', 'y'), named('a')), {
    message: /\/d\/x has no label .*1 more/,
  });
  t.throws(() => matchByName(named('a'), named('a_seg', 'a_mask')), { message: /2 labels fit/ });
  t.throws(() => matchByName(named('a', 'a_0000'), named('a')), {
    message: /would both get the label/,
  });
  t.is(baseName('case7-label'), 'case7');
  t.is(baseName('mask'), 'mask');
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
  t.is(volumeName('scans\\case7.nii.gz'), 'case7');
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
