import { createRng } from '@genesis/core';
import {
  applyAffine,
  chestPhantom,
  createVolume,
  cropVolume,
  regionResampler,
  reorient,
  resampleLike,
  resampleToSpacing,
  scaleAffine,
  type Vec3,
  type Volume,
  VolumeIoError,
} from '@genesis/volume-io';
import test from 'ava';
import fc from 'fast-check';
import { CODES, flat, runs, sameGeometry, volumes } from './any-volume.js';

test('resampling to the same grid changes nothing', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(
        volumes,
        fc.constantFrom('linear' as const, 'nearest' as const),
        (volume, interpolation) => {
          const spaced = resampleToSpacing(volume, volume.spacing, { interpolation });
          const like = resampleLike(volume, volume, { interpolation });
          const expected = flat(volume).join();
          return (
            sameGeometry(spaced, volume) &&
            sameGeometry(like, volume) &&
            flat(spaced).join() === expected &&
            flat(like).join() === expected
          );
        },
      ),
      runs,
    ),
  );
});

test('resampling onto another orientation of the grid is reorienting', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(volumes, fc.constantFrom(...CODES), (volume, code) => {
        const turned = reorient(volume, code);
        return flat(resampleLike(volume, turned)).join() === flat(turned).join();
      }),
      runs,
    ),
  );
});

test('linear resampling is exact on a linear function of the place, on any grid', (t) => {
  const shape: Vec3 = [12, 11, 10];
  const affine = [1.5, 0.2, 0, -9, -0.2, 1.2, 0.3, 4, 0, -0.3, 2, 1, 0, 0, 0, 1];
  const volume = createVolume(new Float64Array(12 * 11 * 10), { shape, affine });
  const f = ([x, y, z]: Vec3): number => 3 * x - 2 * y + 0.7 * z + 11;
  for (let k = 0; k < 10; k++) {
    for (let j = 0; j < 11; j++) {
      for (let i = 0; i < 12; i++)
        volume.data.set(i, j, k, f(applyAffine(volume.affine, [i, j, k])));
    }
  }
  t.notThrows(() =>
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -0.15, max: 0.15, noNaN: true }), { minLength: 9, maxLength: 9 }),
        fc.boolean(),
        (m, along) => {
          // New voxel (i, j, k) lies at old voxel (3, 3, 3) + a small matrix · (i, j, k).
          const step = along
            ? [m[0] + 0.5, 0, 0, 0, m[1] + 0.5, 0, 0, 0, m[2] + 0.5]
            : m.map((v, n) => v + (n % 4 ? 0 : 0.3));
          const grid = createVolume(new Uint8Array(5 * 4 * 6), {
            shape: [5, 4, 6],
            affine: compose(volume.affine, step, [3, 3, 3]),
          });
          const result = resampleLike(volume, grid, { fill: Number.NaN });
          for (let k = 0; k < 6; k++) {
            for (let j = 0; j < 4; j++) {
              for (let i = 0; i < 5; i++) {
                const difference =
                  result.data.get(i, j, k) - f(applyAffine(grid.affine, [i, j, k]));
                if (!(Math.abs(difference) < 1e-5)) return false;
              }
            }
          }
          return true;
        },
      ),
      runs,
    ),
  );
});

test('turned and sheared grids get what eight neighbours give, whichever axis stays', (t) => {
  const real = (min: number, max: number): fc.Arbitrary<number> =>
    fc.double({ min, max, noNaN: true });
  t.notThrows(() =>
    fc.assert(
      fc.property(
        volumes,
        fc.constantFrom(0, 1, 2),
        fc.constantFrom(0, 1, 2),
        real(-1.5, 1.5),
        fc.tuple(real(0.3, 1.8), real(-0.4, 0.4), real(-0.4, 0.4)),
        fc.tuple(real(-2, 4), real(-2, 4), real(-2, 4)),
        fc.constantFrom<number | 'edge'>(7, 'edge'),
        (any, old, fresh, turn, [step, shearA, shearB], shift, fill) => {
          const volume = createVolume(any.data, { affine: Float64Array.from(IDENTITY) });
          const [p, q] = [0, 1, 2].filter((d) => d !== old) as [number, number];
          const [a, b] = [0, 1, 2].filter((d) => d !== fresh) as [number, number];
          const m = new Float64Array(16);
          m[15] = 1;
          m[old * 4 + fresh] = step;
          m[p * 4 + a] = Math.cos(turn);
          m[p * 4 + b] = -Math.sin(turn);
          m[q * 4 + a] = Math.sin(turn);
          m[q * 4 + b] = Math.cos(turn);
          m[p * 4 + fresh] = shearA;
          m[q * 4 + fresh] = shearB;
          for (const d of [0, 1, 2]) m[d * 4 + 3] = shift[d]!;
          const grid = { shape: [6, 5, 4] as Vec3, affine: m };
          const result = resampleLike(volume, grid, { fill, antialias: false });
          const float = /Float/.test(volume.data.data.constructor.name);
          for (let k = 0; k < 4; k++) {
            for (let j = 0; j < 5; j++) {
              for (let i = 0; i < 6; i++) {
                const want = trilinear(volume, applyAffine(m, [i, j, k]), fill);
                const got = result.data.get(i, j, k);
                if (Math.abs(got - want) > (float ? 1e-4 : 0.5001)) return false;
              }
            }
          }
          return true;
        },
      ),
      runs,
    ),
  );
});

test('a tilted grid gets what eight neighbours give, though only some planes are kept at a time', (t) => {
  const shape: Vec3 = [9, 8, 70];
  const data = Int16Array.from({ length: 9 * 8 * 70 }, (_, n) => (n * 7919) % 2003);
  const volume = createVolume(data, { shape, affine: Float64Array.from(IDENTITY) });
  for (const way of [1, -1]) {
    // The last axis goes up or down through all planes, the others lean.
    const affine = Float64Array.from([
      0.8,
      0.1,
      0.03,
      0,
      -0.1,
      0.7,
      0.02,
      1,
      0.2,
      0.3 * way,
      0.9 * way,
      way > 0 ? -3 : 71,
      0,
      0,
      0,
      1,
    ]);
    const result = resampleLike(
      volume,
      { shape: [7, 6, 80], affine },
      { fill: 'edge', antialias: false },
    );
    let worst = 0;
    for (let k = 0; k < 80; k++) {
      for (let j = 0; j < 6; j++) {
        for (let i = 0; i < 7; i++) {
          const want = trilinear(volume, applyAffine(affine, [i, j, k]), 'edge');
          worst = Math.max(worst, Math.abs(result.data.get(i, j, k) - want));
        }
      }
    }
    t.true(worst < 0.5001, `${worst}`);
  }
});

test('a turned grid meets no NaN that has no weight in it', (t) => {
  const data = new Float32Array(4 * 4 * 4).fill(Number.NaN);
  const volume = createVolume(data, { shape: [4, 4, 4], affine: Float64Array.from(IDENTITY) });
  volume.data.set(1, 2, 1, 5);
  const quarter = Float64Array.of(0, -1, 0, 1, 1, 0, 0, 2, 0, 0, 0.5, 1, 0, 0, 0, 1);
  const slight = Float64Array.of(0.9, -0.1, 0, 1, 0.1, 0.9, 0, 2, 0, 0, 0.5, 1, 0, 0, 0, 1);
  for (const affine of [quarter, slight]) {
    const result = resampleLike(volume, { shape: [2, 2, 2], affine });
    t.is(result.data.get(0, 0, 0), 5);
    t.true(Number.isNaN(result.data.get(0, 0, 1)));
  }
});

test('shrinking: antialiasing keeps the mean and takes out what the new grid cannot hold', (t) => {
  const shape: Vec3 = [64, 48, 40];
  const checks = createVolume(
    Float32Array.from(
      { length: 64 * 48 * 40 },
      (_, n) => (((n % 64) + Math.floor(n / 64)) % 2) * 100,
    ),
    { shape },
  );
  const spread = (volume: Volume): number => {
    const v = flat(volume);
    const mean = v.reduce((a, b) => a + b) / v.length;
    return Math.sqrt(v.reduce((a, b) => a + (b - mean) ** 2, 0) / v.length);
  };
  const smooth = resampleToSpacing(checks, [3, 3, 3]);
  t.true(spread(smooth) < 5, `${spread(smooth)}`);
  t.true(spread(resampleToSpacing(checks, [3, 3, 3], { antialias: false })) > 20);
  const v = flat(smooth);
  t.true(Math.abs(v.reduce((a, b) => a + b) / v.length - 50) < 1);
  const { image, labels } = chestPhantom({ seed: 0, shape: [64, 64, 48] });
  const mean = (volume: Volume): number => flat(volume).reduce((a, b) => a + b) / volume.data.size;
  t.true(Math.abs(mean(resampleToSpacing(image, [12, 12, 12])) - mean(image)) < 8);
  const kept = new Set(flat(labels));
  t.true(
    flat(resampleToSpacing(labels, [7, 8, 9], { interpolation: 'nearest' })).every((v) =>
      kept.has(v),
    ),
  );
});

test('resampleToSpacing keeps the outer corner and the extent', (t) => {
  const { image } = chestPhantom({ seed: 0, shape: [40, 30, 20] });
  const result = resampleToSpacing(image, [5, 7, 20]);
  t.deepEqual(result.data.shape, [77, 55, 14]);
  t.deepEqual(
    result.spacing.map((s) => Math.round(s * 1e9) / 1e9),
    [5, 7, 20],
  );
  const corner = applyAffine(image.affine, [-0.5, -0.5, -0.5]);
  const found = applyAffine(result.affine, [-0.5, -0.5, -0.5]);
  t.true(corner.every((x, d) => Math.abs(x - found[d]) < 1e-9));
  t.true(result.data.data instanceof Int16Array);
  t.is(result.header.notes.at(-1), 'resampled to 5 × 7 × 20 mm (linear)');
  t.deepEqual(result.header.dims, [77, 55, 14]);
});

test('integers are rounded and held in range; NaN stays where it has weight', (t) => {
  const volume = createVolume(Uint8Array.of(0, 255, 0, 10), { shape: [4, 1, 1] });
  const grid = {
    shape: [3, 1, 1] as Vec3,
    affine: Float64Array.of(1, 0, 0, 0.3, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
  };
  t.deepEqual(flat(resampleLike(volume, grid)), [77, 179, 3]);
  const floats = createVolume(Float32Array.of(1, Number.NaN, 3, 4, 5), { shape: [5, 1, 1] });
  const half = {
    shape: [4, 1, 1] as Vec3,
    affine: Float64Array.of(1, 0, 0, 0.5, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
  };
  t.deepEqual(flat(resampleLike(floats, half)), [Number.NaN, Number.NaN, 3.5, 4.5]);
  t.deepEqual(flat(resampleLike(floats, floats)), flat(floats));
});

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** By the definition. The place is in old voxels. */
function trilinear(volume: Volume, place: Vec3, fill: number | 'edge'): number {
  const shape = volume.data.shape as Vec3;
  if (fill !== 'edge' && !place.every((x, d) => x >= -0.5 && x < shape[d] - 0.5)) return fill;
  const at = place.map((x, d) => Math.max(0, Math.min(shape[d] - 1, x)));
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    const near = at.map(Math.floor);
    const index = near.map((n, d) => Math.min(shape[d] - 1, n + ((corner >> d) & 1)));
    const weight = at.reduce((product, x, d) => {
      const part = x - near[d];
      return product * ((corner >> d) & 1 ? part : 1 - part);
    }, 1);
    sum += weight * volume.data.get(index[0], index[1], index[2]);
  }
  return sum;
}

function compose(a: Float64Array, m: number[], at: Vec3): number[] {
  const out = Array.from(a);
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 3; c++) {
      out[r * 4 + c] = [0, 1, 2].reduce((s, n) => s + a[r * 4 + n] * m[n * 3 + c], 0);
    }
    out[r * 4 + 3] = a[r * 4 + 3] + [0, 1, 2].reduce((s, n) => s + a[r * 4 + n] * at[n], 0);
  }
  return out;
}

test('resampled part by part, from no more than is needed, a volume is bit for bit the same', (t) => {
  const rng = createRng(0);
  const side = fc.integer({ min: 1, max: 12 });
  const size = fc.double({ min: 0.3, max: 3, noNaN: true });
  fc.assert(
    fc.property(
      fc.tuple(side, side, side),
      fc.tuple(size, size, size),
      fc.tuple(size, size, size),
      fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat(), fc.nat(), fc.nat()),
      (shape, spacing, wanted, [a, b, c, d, e, f]) => {
        const voxels = new Float32Array(shape[0] * shape[1] * shape[2]);
        rng.fillUniform(voxels);
        const affine = [1, 0.1, 0, -9, -0.1, 1, 0.2, 4, 0, -0.2, 1, 70, 0, 0, 0, 1];
        for (let n = 0; n < 12; n++) if (n % 4 < 3) affine[n] *= spacing[n % 4];
        const old = createVolume(voxels, { shape, affine });
        const grid = resampleToSpacing(old, wanted);
        const whole = resampleLike(old, grid, { fill: 'edge' });
        const region = [a, b, c].map((n, axis) => n % grid.data.shape[axis]) as Vec3;
        const extent = [d, e, f].map(
          (n, axis) => 1 + (n % (grid.data.shape[axis] - region[axis])),
        ) as Vec3;
        const resampler = regionResampler(
          { shape, affine: old.affine },
          { shape: [...grid.data.shape] as Vec3, affine: grid.affine },
        );
        const needed = ([0, 1, 2] as const).map((axis) =>
          resampler.needs(axis, region[axis], region[axis] + extent[axis]),
        );
        const start = needed.map(([from]) => from) as Vec3;
        const part = cropVolume(old, {
          start,
          size: needed.map(([from, to]) => to - from) as Vec3,
        });
        const found = resampler.resample(part.data, start, { start: region, size: extent });
        const expected = cropVolume(whole, { start: region, size: extent });
        return flat(createVolume(found)).join() === flat(expected).join();
      },
    ),
    runs,
  );
  const turned = reorient(createVolume(new Float32Array(8), { shape: [2, 2, 2] }), 'SPL');
  t.throws(
    () =>
      regionResampler(
        { shape: [2, 2, 2], affine: scaleAffine([1, 1, 1]) },
        { shape: [2, 2, 2], affine: turned.affine },
      ),
    {
      instanceOf: VolumeIoError,
      message: /do not run along each other/,
    },
  );
});
