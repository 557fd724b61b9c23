import {
  applyAffine,
  chestPhantom,
  createVolume,
  cropVolume,
  normalizeIntensity,
  padVolume,
  reorient,
  resampleLike,
  resampleToSpacing,
  toOrder,
  type Vec3,
  type Volume,
  VolumeIoError,
  type VoxelArray,
} from '@genesis/volume-io';
import test from 'ava';
import fc from 'fast-check';
import { CODES, flat, runs, sameGeometry, volumes } from './any-volume.js';

/** Every voxel, by where it lies in the world. */
function byPlace(volume: Volume): Map<string, number> {
  const map = new Map<string, number>();
  const [nx, ny, nz] = volume.data.shape as Vec3;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) {
        const p = applyAffine(volume.affine, [i, j, k]);
        map.set(p.map((x) => Math.round(x * 1e4)).join(), volume.data.get(i, j, k));
      }
    }
  }
  return map;
}

test('reorient keeps every voxel in its place, and leads back', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(volumes, fc.constantFrom(...CODES), (volume, code) => {
        const there = reorient(volume, code);
        const back = reorient(there, volume.orientation);
        const places = byPlace(there);
        for (const [place, value] of byPlace(volume)) if (places.get(place) !== value) return false;
        return (
          there.orientation === code &&
          sameGeometry(back, volume) &&
          flat(back).join() === flat(volume).join()
        );
      }),
      runs,
    ),
  );
});

test('toOrder changes memory alone', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(volumes, fc.constantFrom('C' as const, 'F' as const), (volume, order) => {
        const result = toOrder(volume, order);
        const [nx, ny, nz] = volume.data.shape as Vec3;
        const places = byPlace(result);
        const stride = order === 'C' ? [ny * nz, nz, 1] : [1, nx, nx * ny];
        return (
          result.data.offset === 0 &&
          stride.every((s, d) => s === result.data.stride[d]) &&
          result.data.data.constructor === volume.data.data.constructor &&
          result.data.data !== volume.data.data &&
          sameGeometry(result, volume) &&
          [...byPlace(volume)].every(([place, value]) => places.get(place) === value)
        );
      }),
      { ...runs, numRuns: 60 },
    ),
  );
});

test('cropping undoes padding; both keep every voxel in its place', (t) => {
  const widths = fc.tuple(
    fc.integer({ min: 0, max: 4 }),
    fc.integer({ min: 0, max: 4 }),
    fc.integer({ min: 0, max: 4 }),
  );
  t.notThrows(() =>
    fc.assert(
      fc.property(
        volumes,
        widths,
        widths,
        fc.constantFrom('constant' as const, 'edge' as const),
        (volume, before, after, mode) => {
          const padded = padVolume(volume, { before, after, mode, value: 5 });
          const places = byPlace(padded);
          for (const [place, value] of byPlace(volume))
            if (places.get(place) !== value) return false;
          const back = cropVolume(padded, { start: before, size: [...volume.data.shape] as Vec3 });
          return (
            sameGeometry(back, volume) &&
            flat(back).join() === flat(volume).join() &&
            back.data.data.constructor === volume.data.data.constructor
          );
        },
      ),
      runs,
    ),
  );
});

test('normalizeIntensity: windows, constants, what is not a number', (t) => {
  const ct = createVolume(Int16Array.of(-3000, -1000, -150, 0, 999, 1000, 3071, 500), {
    shape: [2, 2, 2],
  });
  t.deepEqual(
    flat(normalizeIntensity(ct, { kind: 'ct' })),
    [0, 0, 0.425, 0.5, 0.9995, 1, 1, 0.75].map(Math.fround),
  );
  t.deepEqual(
    flat(normalizeIntensity(ct, { kind: 'mr' })),
    [0, 0, 0, 0, 0.24975, 0.25, 0.76775, 0.125].map(Math.fround),
  );
  const same = createVolume(new Uint16Array(8).fill(7), { shape: [2, 2, 2] });
  for (const kind of ['percentile', 'zscore'] as const)
    t.deepEqual(flat(normalizeIntensity(same, { kind })), Array(8).fill(0));
  const odd = createVolume(
    Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 500),
    { shape: [4, 1, 1] },
  );
  const result = normalizeIntensity(odd, { kind: 'ct' });
  t.deepEqual(flat(result), [0, 1, 0, 0.75]);
  t.regex(result.header.notes.at(-1)!, /3 voxels were NaN or infinite/);
  t.deepEqual(flat(normalizeIntensity(odd, { kind: 'ct' }, { nonFinite: 'keep' })), [
    Number.NaN,
    1,
    0,
    0.75,
  ]);
  t.deepEqual(flat(normalizeIntensity(odd, { kind: 'zscore' })), [0, 0, 0, 0]);
  t.throws(() => normalizeIntensity(odd, { kind: 'ct' }, { nonFinite: 'error' }), {
    instanceOf: VolumeIoError,
    code: 'non-finite',
  });
  const nothing = createVolume(Float32Array.of(Number.NaN, Number.NaN), { shape: [2, 1, 1] });
  t.deepEqual(flat(normalizeIntensity(nothing, { kind: 'percentile' })), [0, 0]);
});

test('operations do not change their input', (t) => {
  const volume = chestPhantom({ seed: 2, shape: [20, 20, 16] }).image;
  const before = JSON.stringify([flat(volume), Array.from(volume.affine), volume.header]);
  reorient(volume, 'PIL');
  cropVolume(volume, { start: [1, 2, 3], size: [4, 5, 6] });
  padVolume(volume, { before: [1, 1, 1] });
  resampleToSpacing(volume, [30, 9, 40]).data.set(0, 0, 0, 77);
  normalizeIntensity(volume, { kind: 'percentile' });
  const floats = createVolume(Float32Array.from(volume.data.data), { shape: [20, 20, 16] });
  normalizeIntensity(floats, { kind: 'percentile' });
  t.deepEqual(flat(floats), flat(volume));
  t.is(JSON.stringify([flat(volume), Array.from(volume.affine), volume.header]), before);
});

test('what makes no sense is said in one sentence', (t) => {
  const volume = createVolume(new Uint8Array(60), { shape: [3, 4, 5] });
  const refused = { instanceOf: VolumeIoError, code: 'bad-argument' };
  for (const code of ['', 'RA', 'RRS', 'XYZ', 'RASL'])
    t.throws(() => reorient(volume, code), refused);
  t.throws(() => cropVolume(volume, { start: [0, 0, 1], size: [3, 4, 5] }), {
    ...refused,
    message: /3×4×5 at 0, 0, 1 is not inside/,
  });
  t.throws(() => cropVolume(volume, { start: [0, 0, 0], size: [0, 4, 5] }), refused);
  t.throws(() => padVolume(volume, { before: [-1, 0, 0] }), refused);
  t.throws(() => padVolume(volume, { before: [3, 0, 0], mode: 'reflect' }), refused);
  t.throws(() => padVolume(volume, { before: [1, 0, 0], value: -1000 }), {
    instanceOf: VolumeIoError,
    code: 'range',
    message: /-1000 cannot be stored in uint8/,
  });
  t.throws(() => resampleToSpacing(volume, [1, 0, 1]), refused);
  t.throws(() => resampleLike(volume, volume, { fill: 0.5 }), {
    instanceOf: VolumeIoError,
    code: 'range',
  });
  t.throws(() => resampleLike(volume, { shape: [1, 1, 0], affine: volume.affine }), refused);
  t.throws(() => normalizeIntensity(volume, { kind: 'ct', min: 5, max: 5 }), refused);
  t.throws(() => normalizeIntensity(volume, { kind: 'percentile', low: 60, high: 40 }), refused);
});

test('percentiles are the same whether counted or selected', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -128, max: 127 }), { minLength: 1, maxLength: 60 }),
        fc.tuple(
          fc.double({ min: 0, max: 49, noNaN: true }),
          fc.double({ min: 50, max: 100, noNaN: true }),
        ),
        fc.constantFrom('all' as const, 'nonzero' as const),
        (list, [low, high], over) => {
          const shape: Vec3 = [list.length, 1, 1];
          const scheme = { kind: 'percentile', low, high, over } as const;
          const [a, b, c] = [Int8Array, Int16Array, Float64Array].map((Type) =>
            flat(
              normalizeIntensity(
                createVolume<VoxelArray>((Type as Float64ArrayConstructor).from(list), { shape }),
                scheme,
              ),
            ),
          );
          return a.join() === c.join() && b.join() === c.join();
        },
      ),
      runs,
    ),
  );
});
