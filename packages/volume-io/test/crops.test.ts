import {
  type CropSamplerOpts,
  chestPhantom,
  createCropSampler,
  createVolume,
  crop,
  drawCrops,
  normalizeIntensity,
  otsuThreshold,
  reorient,
  toOrder,
  type Vec3,
  VolumeIoError,
} from '@genesis/volume-io';
import test from 'ava';
import fc from 'fast-check';
import ndarray from 'ndarray';

function lcg(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
}

const ct = normalizeIntensity(chestPhantom({ seed: 0, shape: [96, 80, 64] }).image, { kind: 'ct' });

function values(shape: Vec3, seed: number): Float32Array {
  const random = lcg(seed);
  return Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, random);
}

test('scores are those of counting voxel by voxel', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(
        fc.tuple(
          fc.integer({ min: 4, max: 14 }),
          fc.integer({ min: 4, max: 14 }),
          fc.integer({ min: 6, max: 16 }),
        ),
        fc.tuple(
          fc.integer({ min: 1, max: 4 }),
          fc.integer({ min: 1, max: 4 }),
          fc.integer({ min: 1, max: 4 }),
        ),
        fc.integer({ min: 2, max: 5 }),
        fc.integer({ min: 0, max: 1000 }),
        fc.constantFrom('RAS', 'LPI', 'SAR', 'PIR'),
        (shape, size, lookAhead, seed, code) => {
          const volume = reorient(createVolume(values(shape, seed), { shape }), code);
          const sampler = createCropSampler(volume, {
            size,
            lookAhead,
            threshold: 0.8,
            border: 'scaled',
          });
          const { lo, hi } = sampler.range!;
          for (const p of [lo, hi, lo.map((n, d) => (n + hi[d]) >> 1) as Vec3]) {
            let sum = 0;
            for (let i = 0; i < size[0]; i++) {
              for (let j = 0; j < size[1]; j++) {
                for (let k = 0; k < size[2]; k++) {
                  let d = lookAhead - 1;
                  for (let n = lookAhead - 1; n >= 0; n--) {
                    if (p[2] + k + n >= volume.data.shape[2]) continue;
                    if (volume.data.get(p[0] + i, p[1] + j, p[2] + k + n) >= Math.fround(0.8))
                      d = n;
                  }
                  sum += 1 - d / (lookAhead - 1);
                }
              }
            }
            const voxels = size[0] * size[1] * size[2];
            if (Math.abs(sampler.score(p) - sum / voxels) > 1e-12) return false;
            if (sampler.accepts(p) !== sum <= 0.15 * voxels) return false;
          }
          return true;
        },
      ),
      { seed: 7, numRuns: 150 },
    ),
  );
});

test('a voxel exactly at the threshold counts, in float32 too', (t) => {
  // −150 HU is 0.425, which float32 holds a little above or below.
  const hu = new Int16Array(8 * 8 * 12).fill(-1000);
  const volume = createVolume(hu, { shape: [8, 8, 12] });
  volume.data.set(3, 3, 5, -150);
  const sampler = createCropSampler(normalizeIntensity(volume, { kind: 'ct' }), {
    size: [4, 4, 4],
  });
  t.is(sampler.score([0, 0, 2]), (1 + 0.5) / 64);
});

test('every rule draws the number asked for, within its range, the same for the same numbers', (t) => {
  const options: CropSamplerOpts[] = [
    { rule: 'reference', size: [8, 8, 8] },
    { rule: 'lung', size: [32, 32, 16] },
    { rule: 'foreground', size: [32, 32, 16] },
    { rule: 'any', size: [96, 80, 64] },
  ];
  for (const opts of options) {
    const a = drawCrops(ct, { ...opts, count: 6, random: lcg(0) });
    const b = drawCrops(ct, { ...opts, count: 6, random: lcg(0) });
    t.is(a.positions.length, 6, opts.rule);
    t.deepEqual(a, b);
    const sampler = createCropSampler(ct, opts);
    for (const [n, p] of a.positions.entries()) {
      t.true(sampler.accepts(p));
      t.deepEqual(a.crops[n].shape, opts.size);
      t.is(a.crops[n].get(1, 2, 3), ct.data.get(p[0] + 1, p[1] + 2, p[2] + 3));
    }
  }
});

test('the reference rule keeps lung and rejects the heart', (t) => {
  const sampler = createCropSampler(ct, { size: [8, 8, 8], border: [0, 0, 0] });
  const { image, labels } = chestPhantom({ seed: 0, shape: [96, 80, 64] });
  const center = (label: number): Vec3 => {
    const sum = [0, 0, 0];
    let n = 0;
    for (let k = 0; k < 64; k++) {
      for (let j = 0; j < 80; j++) {
        for (let i = 0; i < 96; i++) {
          if (labels.data.get(i, j, k) !== label) continue;
          sum[0] += i;
          sum[1] += j;
          sum[2] += k;
          n++;
        }
      }
    }
    return sum.map((s) => Math.round(s / n) - 4) as Vec3;
  };
  t.true(image.data.size > 0);
  t.true(sampler.accepts(center(3)));
  t.false(sampler.accepts(center(6)));
});

test('lung: the limit is raised where too few places pass, and says so; where enough do, it is the reference’s', (t) => {
  const opts = { size: [32, 32, 16] as Vec3 };
  const strict = createCropSampler(ct, { ...opts, rule: 'reference' });
  const lung = createCropSampler(ct, { ...opts, rule: 'lung' });
  t.is(strict.raisedLimit, undefined);
  t.true((lung.raisedLimit ?? 0) > 0.15, `${lung.raisedLimit}`);
  const { lo, hi } = lung.range!;
  let [places, passing, strictly] = [0, 0, 0];
  for (let i = lo[0]; i <= hi[0]; i += 2) {
    for (let j = lo[1]; j <= hi[1]; j += 2) {
      for (let k = lo[2]; k <= hi[2]; k += 2) {
        places++;
        if (lung.accepts([i, j, k])) passing++;
        if (strict.accepts([i, j, k])) strictly++;
        t.is(lung.accepts([i, j, k]), lung.score([i, j, k]) <= (lung.raisedLimit ?? 0));
      }
    }
  }
  t.true(
    strictly < 0.1 * places && Math.abs(passing / places - 0.1) < 0.05,
    `${passing} of ${places}`,
  );
  const small = createCropSampler(ct, { size: [4, 4, 4], rule: 'lung' });
  t.is(small.raisedLimit, undefined);
  const same = createCropSampler(ct, { size: [4, 4, 4], rule: 'reference' });
  t.deepEqual(small.draw(20, lcg(5)), same.draw(20, lcg(5)));
});

test('borders: the reference’s for large volumes, in proportion for small ones', (t) => {
  const range = (shape: Vec3, opts: CropSamplerOpts) =>
    createCropSampler(createVolume(new Uint8Array(shape[0] * shape[1] * shape[2]), { shape }), opts)
      .range;
  const large: Vec3 = [512, 512, 100];
  t.deepEqual(range(large, { rule: 'reference' }), { lo: [100, 100, 30], hi: [347, 347, 34] });
  t.deepEqual(range(large, { border: 'reference' }), { lo: [100, 100, 30], hi: [347, 347, 34] });
  t.deepEqual(range([256, 256, 99], { rule: 'reference' }), {
    lo: [47, 47, 15],
    hi: [144, 144, 48],
  });
  t.deepEqual(range([64, 64, 32], { rule: 'reference' }), { lo: [0, 0, 0], hi: [0, 0, 0] });
  t.is(range([512, 512, 95], { border: 'reference' }), undefined);
  t.deepEqual(range([70, 70, 40], { rule: 'any' }), { lo: [0, 0, 0], hi: [5, 5, 7] });
});

test('foreground: crops of a dark volume sit on the bright part', (t) => {
  const shape: Vec3 = [60, 60, 40];
  const mr = createVolume(new Float32Array(60 * 60 * 40), { shape });
  for (let k = 20; k < 38; k++) {
    for (let j = 5; j < 30; j++)
      for (let i = 30; i < 55; i++) mr.data.set(i, j, k, 400 + ((i * j * k) % 90));
  }
  const { positions, crops } = drawCrops(mr, {
    rule: 'foreground',
    size: [16, 16, 8],
    count: 20,
    random: lcg(3),
  });
  t.is(positions.length, 20);
  for (const c of crops) {
    const part = c.data.filter((v) => v > 0).length / c.size;
    t.true(part >= 0.5, `${part}`);
  }
});

test('Otsu’s threshold parts two classes and passes over NaN', (t) => {
  const shape: Vec3 = [10, 10, 10];
  const data = Float32Array.from({ length: 1000 }, (_, n) =>
    n % 4 === 0 ? 100 + (n % 7) : 10 + (n % 5),
  );
  data[1] = Number.NaN;
  data[2] = Number.POSITIVE_INFINITY;
  const threshold = otsuThreshold(createVolume(data, { shape }).data);
  t.true(threshold > 14 && threshold <= 100, `${threshold}`);
  t.is(otsuThreshold(createVolume(new Uint8Array(1000).fill(9), { shape }).data), 9);
  t.is(otsuThreshold(ndarray(data)), threshold, 'of values without places too');
});

test('crop copies any layout and type, and writes into out', (t) => {
  const shape: Vec3 = [21, 18, 23];
  const source = createVolume(values(shape, 5), { shape });
  for (const volume of [source, toOrder(source, 'C'), reorient(source, 'SLP')]) {
    const size: Vec3 = [9, 7, 11];
    const out = ndarray(new Float32Array(9 * 7 * 11), size);
    const c = crop(volume, [2, 3, 4], size, out);
    t.is(c, out);
    t.deepEqual(c.stride, [77, 11, 1]);
    for (let i = 0; i < 9; i++) {
      for (let j = 0; j < 7; j++) {
        for (let k = 0; k < 11; k++) {
          if (c.get(i, j, k) !== volume.data.get(2 + i, 3 + j, 4 + k)) t.fail(`${i}, ${j}, ${k}`);
        }
      }
    }
  }
  const bytes = createVolume(new Uint8Array(27).fill(200), { shape: [3, 3, 3] });
  t.deepEqual(Array.from(crop(bytes, [1, 1, 1], [2, 1, 1]).data), [200, 200]);
});

test('what cannot be cropped is said in one sentence', (t) => {
  const small = createVolume(new Float32Array(1000), { shape: [10, 10, 10] });
  const code = { instanceOf: VolumeIoError, code: 'bad-argument' };
  t.throws(() => createCropSampler(small), {
    ...code,
    message: /crop 64×64×32 is larger than the volume 10×10×10/,
  });
  t.throws(() => createCropSampler(small, { size: [4, 4, 0] }), code);
  t.throws(() => createCropSampler(small, { size: [4, 4, 4], border: [4, 4, 0] }), {
    ...code,
    message: /no room/,
  });
  t.is(
    createCropSampler(small, { size: [4, 4, 4], border: 'reference' }).draw(1, () => 0).length,
    0,
  );
  t.throws(() => crop(small, [8, 0, 0], [4, 4, 4]), { ...code, message: /not inside/ });
  t.throws(() => crop(small, [0.5, 0, 0], [4, 4, 4]), code);
  t.throws(() => crop(small, [0, 0, 0], [2, 2, 2], ndarray(new Float32Array(9), [3, 3, 1])), code);
  const sampler = createCropSampler(small, { size: [4, 4, 4], rule: 'any' });
  t.throws(() => sampler.accepts([9, 0, 0]), code);
});
