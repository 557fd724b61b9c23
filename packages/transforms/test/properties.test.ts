import {
  bezierIntensity,
  compose,
  createRng,
  flip,
  genesis,
  inPainting,
  localShuffling,
  outPainting,
  type Transform,
  TransformsError,
  type VolumeArray,
  type VolumeOpts,
} from '@genesis/transforms';
import test from 'ava';
import fc from 'fast-check';
import ndarray from 'ndarray';
import { bits, largestDifference, randomVolume, strided, values } from './support/volumes.js';

type Make = (opts?: VolumeOpts & { rate?: number }) => Transform<unknown>;

const transforms: [string, Make][] = [
  ['flip', (opts) => flip({ axes: [0, 1, 2], ...opts })],
  ['localShuffling', (opts) => localShuffling({ windows: 300, ...opts })],
  ['bezierIntensity', (opts) => bezierIntensity(opts)],
  ['inPainting', (opts) => inPainting(opts)],
  ['outPainting', (opts) => outPainting(opts)],
  [
    'compose',
    ({ rate = 1, ...opts } = {}) =>
      compose(
        flip({ ...opts, rate }),
        localShuffling({ ...opts, rate, windows: 300 }),
        bezierIntensity({ ...opts, rate }),
        inPainting({ ...opts, rate }),
      ),
  ],
];

const side = fc.integer({ min: 1, max: 14 });
const cases = fc.record({
  shape: fc.tuple(side, side, side),
  seed: fc.integer({ min: 0, max: 1e6 }),
});
const check = { seed: 20, numRuns: 40 };

for (const [name, make] of transforms) {
  test(`${name}: shape, dtype and range are kept and the volume is not touched`, (t) => {
    const transform = make({ rate: 1 });
    fc.assert(
      fc.property(cases, ({ shape, seed }) => {
        const volume = randomVolume(shape, seed);
        const before = volume.data.slice();
        const factors = transform.draw(createRng(seed), shape);
        const result = transform.apply(volume, factors);
        t.deepEqual(result.shape, [...shape]);
        t.is(result.dtype, 'float32');
        t.not(result.data, volume.data);
        t.deepEqual(bits(volume.data), bits(before));
        t.true(result.data.every((v) => v >= 0 && v <= 1));
      }),
      check,
    );
  });

  test(`${name}: at rate 0 nothing happens`, (t) => {
    const transform = make({ rate: 0 });
    fc.assert(
      fc.property(cases, ({ shape, seed }) => {
        const volume = randomVolume(shape, seed);
        const factors = transform.draw(createRng(seed), shape);
        t.deepEqual(bits(transform.apply(volume, factors).data), bits(volume.data));
      }),
      check,
    );
  });

  test(`${name}: factors are plain data, and replay`, (t) => {
    const transform = make({ rate: 1 });
    const volume = randomVolume([12, 11, 10]);
    const factors = transform.draw(createRng(0), volume.shape);
    const replayed = JSON.parse(JSON.stringify(factors)) as unknown;
    t.deepEqual(replayed, factors);
    t.deepEqual(
      bits(transform.apply(volume, replayed).data),
      bits(transform.apply(volume, factors).data),
    );
    t.deepEqual(transform.draw(createRng(0), volume.shape), factors);
  });

  test(`${name}: any strides, and any place for the result`, (t) => {
    const transform = make({ rate: 1 });
    fc.assert(
      fc.property(cases, ({ shape, seed }) => {
        const volume = randomVolume(shape, seed);
        const factors = transform.draw(createRng(seed), shape);
        const wanted = values(transform.apply(volume, factors));

        const odd = strided(volume);
        t.deepEqual(bits(values(transform.apply(odd, factors))), bits(wanted));
        const out = strided(randomVolume(shape, 9));
        t.is(transform.apply(volume, factors, { out }), out);
        t.deepEqual(bits(values(out)), bits(wanted));
        // Between the voxels of `out` nothing is written.
        t.is(out.data[0], -7);

        t.is(transform.apply(odd, factors, { out: odd }), odd);
        t.deepEqual(bits(values(odd)), bits(wanted));
      }),
      { ...check, numRuns: 15 },
    );
  });

  test(`${name}: channels first and last are the same channels`, (t) => {
    const last = randomVolume([9, 8, 12, 3], 1);
    const first = last.transpose(3, 0, 1, 2);
    const a = make({ rate: 1 });
    const b = make({ rate: 1, channelAxis: 'first' });
    const factors = a.draw(createRng(4), last.shape);
    t.deepEqual(b.draw(createRng(4), first.shape), factors);
    const result = b.apply(first, factors);
    t.deepEqual(result.shape, [3, 9, 8, 12]);
    t.deepEqual(bits(values(result.transpose(1, 2, 3, 0))), bits(values(a.apply(last, factors))));
  });

  test(`${name}: values outside 0…1 and NaN are refused, or rescaled when asked`, (t) => {
    const bad = randomVolume([6, 7, 8]);
    for (const value of [-0.001, 1.001, Number.NaN, Number.POSITIVE_INFINITY]) {
      bad.set(1, 2, 3, value);
      const transform = make({ rate: 1 });
      const factors = transform.draw(createRng(1), bad.shape);
      const error = t.throws(() => transform.apply(bad, factors), { instanceOf: TransformsError });
      t.is(error.code, 'range');
      t.regex(error.message, /0…1/);

      const rescaling = make({ rate: 1, range: 'rescale' });
      t.true(rescaling.apply(bad, factors).data.every((v) => v >= 0 && v <= 1));
    }
  });

  test(`${name}: what is not a float32 volume is refused`, (t) => {
    const transform = make({ rate: 1 });
    const factors = transform.draw(createRng(1), [4, 4, 4]);
    const apply = (volume: unknown, out?: VolumeArray) => () =>
      transform.apply(volume as VolumeArray, factors, { out });
    t.is(t.throws(apply(ndarray(new Float64Array(64), [4, 4, 4])))?.name, 'TransformsError');
    t.throws(apply(ndarray(new Float32Array(64), [8, 8])), { code: 'shape' });
    t.throws(apply(ndarray(new Float32Array(0), [0, 4, 4])), { code: 'shape' });
    t.throws(apply(randomVolume([4, 4, 4]), randomVolume([4, 4, 5])), { code: 'shape' });
  });
}

test('rescaling maps the finite extremes to 0 and 1 and leaves a volume in 0…1 alone', (t) => {
  const volume = ndarray(
    Float32Array.of(-1000, 0, 1000, Number.NaN, Infinity, -Infinity),
    [1, 2, 3],
  );
  const transform = flip({ rate: 0, range: 'rescale' });
  t.deepEqual([...transform.apply(volume, { axes: [] }).data], [0, 0.5, 1, 0, 1, 0]);
  const fine = ndarray(Float32Array.of(0.25, 0.5), [1, 1, 2]);
  t.deepEqual([...transform.apply(fine, { axes: [] }).data], [0.25, 0.5]);
  const constant = ndarray(Float32Array.of(7, 7), [1, 1, 2]);
  t.deepEqual([...transform.apply(constant, { axes: [] }).data], [0, 0]);
});

test('shuffling keeps the values inside every window that nothing overwrites', (t) => {
  const volume = randomVolume([40, 40, 30], 2);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
      const transform = localShuffling({ rate: 1, windows: 1 });
      const factors = transform.draw(createRng(seed), volume.shape);
      const result = transform.apply(volume, factors);
      t.deepEqual(result.data.slice().sort(), volume.data.slice().sort());
      const moved = [...result.data].flatMap((v, i) => (v === volume.data[i] ? [] : [i]));
      // All moved voxels lie in a box of the largest window.
      for (const [size, limit] of [
        [40 * 30, 4],
        [30, 4],
        [1, 3],
      ]) {
        const at = moved.map((i) => Math.floor(i / size) % (size === 1 ? 30 : 40));
        if (at.length > 0) t.true(Math.max(...at) - Math.min(...at) < limit);
      }
    }),
    { seed: 3, numRuns: 100 },
  );
});

test('a window of two voxels is swapped half the time, of three in all six ways', (t) => {
  const two = ndarray(Float32Array.of(0, 1), [2, 1, 1]);
  const three = ndarray(Float32Array.of(0, 0.5, 1), [1, 3, 1]);
  const counts = new Map<string, number>();
  let swapped = 0;
  const n = 6000;
  for (let seed = 0; seed < n; seed++) {
    // A permutation is a function of the seed and the window's number.
    const factors = (y: number, x: number) => ({
      count: 1,
      maxSize: [x, y, 1] as const,
      seed: [seed, 0] as const,
    });
    const a = localShuffling().apply(two, factors(1, 2)).data;
    if (a[0] === 1) swapped++;
    const b = String(localShuffling().apply(three, factors(3, 1)).data);
    counts.set(b, (counts.get(b) ?? 0) + 1);
  }
  // The window is one or two voxels long with equal probability: a quarter is swapped.
  t.true(Math.abs(swapped / n - 1 / 4) < 3.3 * Math.sqrt(3 / 16 / n));
  t.is(counts.size, 6);
  // Windows of 3 voxels (probability 1/3) give each order 1/6; the two cyclic ones come from nothing else.
  for (const cyclic of ['0.5,1,0', '1,0,0.5']) {
    t.true(Math.abs((counts.get(cyclic) ?? 0) / n - 1 / 18) < 3.3 * Math.sqrt(1 / 18 / n));
  }
});

test('the largest window is a tenth of each side', (t) => {
  const draw = (...shape: number[]) => localShuffling().draw(createRng(1), shape);
  t.deepEqual((draw(64, 64, 32) as { maxSize: unknown }).maxSize, [6, 6, 3]);
  t.deepEqual((draw(60, 19, 9) as { maxSize: unknown }).maxSize, [6, 1, 1]);
});

test('boxes of small volumes have at least a voxel and stay inside', (t) => {
  for (let n = 1; n <= 12; n++) {
    const shape = [n, n, n];
    for (let seed = 0; seed < 30; seed++) {
      const inner = inPainting({ boxRate: 1 }).draw(createRng(seed), shape);
      const outer = outPainting({ boxRate: 1 }).draw(createRng(seed), shape);
      t.is(inner.boxes.length, 5);
      t.is(outer.boxes.length, 5);
      for (const { start, size } of [...inner.boxes, ...outer.boxes]) {
        for (let axis = 0; axis < 3; axis++) {
          const after = n - start[axis] - size[axis];
          t.true(size[axis] >= 1);
          // As far from the border as the reference wants, or as fits.
          const margin = Math.min(3, Math.floor((n - size[axis]) / 2));
          t.true(start[axis] >= margin && after >= margin);
        }
      }
    }
  }
});

test('painted noise is uniform, different in each box and channel', (t) => {
  const volume = ndarray(new Float32Array(64 * 64 * 32 * 2), [64, 64, 32, 2]);
  const transform = outPainting({ maxBoxes: 1 });
  const result = transform.apply(volume, transform.draw(createRng(3), volume.shape));
  const noise = result.data.filter((v) => v > 0);
  const n = noise.length;
  t.true(n > 0.7 * volume.size);
  t.true(Math.abs(noise.reduce((a, b) => a + b, 0) / n - 0.5) < 3.3 * Math.sqrt(1 / 12 / n));
  t.true(new Set(bits(noise)).size > 0.98 * n);
});

test('the preset is the transforms one after another, bit for bit', (t) => {
  const crop = randomVolume([32, 30, 20], 8);
  const task = genesis({ localShuffling: { rate: 1 } });
  for (let seed = 0; seed < 20; seed++) {
    const { input, target, factors } = task.make(crop, createRng(seed));
    const flipped = flip().apply(crop, factors.flip);
    t.deepEqual(bits(target.data), bits(flipped.data));
    let volume = localShuffling().apply(flipped, factors.localShuffling);
    volume = bezierIntensity().apply(volume, factors.bezierIntensity);
    volume = inPainting().apply(volume, factors.inPainting);
    volume = outPainting().apply(volume, factors.outPainting);
    t.deepEqual(bits(input.data), bits(volume.data));
  }
});

test('with all rates 0 the preset gives the crop twice', (t) => {
  const crop = randomVolume([10, 10, 10]);
  const off = { rate: 0 };
  const task = genesis({ flip: off, localShuffling: off, bezierIntensity: off, paintRate: 0 });
  const { input, target } = task.make(crop, createRng(0));
  t.deepEqual(bits(input.data), bits(crop.data));
  t.deepEqual(bits(target.data), bits(crop.data));
  t.not(input.data, target.data);
});

test('one curve a channel, or one for all', (t) => {
  const volume = randomVolume([4, 4, 4, 2]);
  for (let i = 0; i < 64; i++) volume.data[2 * i + 1] = volume.data[2 * i];
  const equal = (curves: 'shared' | 'per-channel'): boolean => {
    const transform = bezierIntensity({ rate: 1, curves });
    const { data } = transform.apply(volume, transform.draw(createRng(0), volume.shape));
    return (
      largestDifference(
        data.filter((_, i) => i % 2 === 0),
        data.filter((_, i) => i % 2 === 1),
      ) === 0
    );
  };
  t.true(equal('shared'));
  t.false(equal('per-channel'));
});

test('options and factors that make no sense are refused', (t) => {
  const volume = randomVolume([8, 8, 8]);
  const option = { instanceOf: TransformsError, code: 'option' };
  t.throws(() => flip({ rate: 1.5 }), option);
  t.throws(() => flip({ axes: [] }), option);
  t.throws(() => localShuffling({ windows: -1 }), option);
  t.throws(() => bezierIntensity({ rate: Number.NaN }), option);
  t.throws(() => inPainting({ sides: [0.5, 0.2] }), option);
  t.throws(() => outPainting({ maxBoxes: 0 }), option);
  t.throws(() => genesis({ paintRate: 2 }), option);
  t.throws(() => compose(), option);

  const factors = { instanceOf: TransformsError, code: 'factors' };
  t.throws(() => flip().apply(volume, { axes: [3 as 2] }), factors);
  const box = { start: [6, 0, 0] as const, size: [3, 1, 1] as const };
  t.throws(
    () => inPainting().apply(volume, { boxes: [{ ...box, noise: { seed: [0, 0] } }] }),
    factors,
  );
  t.throws(() => outPainting().apply(volume, { boxes: [box], noise: { seed: [0, 0] } }), factors);
  t.throws(
    () =>
      inPainting().apply(volume, {
        boxes: [{ start: [0, 0, 0], size: [2, 2, 2], noise: { values: [1] } }],
      }),
    factors,
  );
  t.throws(
    () => localShuffling().apply(volume, { windows: [7, 0, 0, 2, 1, 1], permutations: [0, 1] }),
    factors,
  );
  t.throws(
    () => localShuffling().apply(volume, { windows: [0, 0, 0, 2, 1, 1], permutations: [0, 2] }),
    factors,
  );
  t.throws(
    () => localShuffling().apply(volume, { count: 1, maxSize: [9, 1, 1], seed: [0, 0] }),
    factors,
  );
  const curve = { points: [0, 0, 1, 1.5] as const, increasing: true };
  t.throws(() => bezierIntensity().apply(volume, { curves: [curve] }), factors);
});
