import { readFileSync } from 'node:fs';
import {
  createVolume,
  type IntensityScheme,
  normalizeIntensity,
  type PadOpts,
  padVolume,
  reorient,
  resampleLike,
  toOrder,
  type Vec3,
  type Volume,
  type VoxelArray,
} from '@genesis/volume-io';
import test from 'ava';

// biome-ignore lint/suspicious/noExplicitAny: fixtures are what the script wrote
const fixture = (name: string): any =>
  JSON.parse(
    readFileSync(new URL(`../../test/fixtures/ops/${name}.json`, import.meta.url), 'utf8'),
  );

/** Voxels with i fastest, whatever the strides. */
function values(volume: Volume): number[] {
  return Array.from(toOrder(volume, 'F').data.data);
}

function near(found: number[], expected: number[], tolerance: number): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  return found.reduce((n, v, i) => n + (Math.abs(v - expected[i]) <= tolerance ? 0 : 1), 0);
}

test('reorient gives what nibabel gives, for all 48 codes', (t) => {
  const { shape, affines, cases } = fixture('reorient');
  t.is(cases.length, 96);
  for (const [n, c] of cases.entries()) {
    const affine = affines[n < 48 ? 0 : 1];
    const source = createVolume(
      Int16Array.from({ length: 24 }, (_, i) => i),
      { shape, affine },
    );
    for (const volume of [source, toOrder(source, 'C')]) {
      const result = reorient(volume, c.code);
      t.is(result.orientation, c.code);
      t.deepEqual(result.data.shape, c.shape);
      t.deepEqual(values(result), c.data);
      t.is(near(Array.from(result.affine), c.affine, 1e-9), 0, c.code);
    }
  }
});

const arrays = { float32: Float32Array, int16: Int16Array, uint8: Uint8Array };
const resampling = fixture('resample');

for (const c of resampling.cases) {
  test(`resampleLike gives what SimpleITK gives: ${c.name}`, (t) => {
    const Type = arrays[c.dtype as keyof typeof arrays];
    const source = createVolume<VoxelArray>(Type.from(resampling.values[c.dtype]), {
      shape: resampling.shape,
      affine: resampling.affines[c.source],
    });
    const grid = { shape: c.shape as Vec3, affine: Float64Array.from(c.affine) };
    for (const volume of [source, toOrder(source, 'C'), reorient(source, 'SAL')]) {
      const result = resampleLike(volume, grid, {
        interpolation: c.interpolation,
        antialias: c.antialias,
        fill: c.fill,
      });
      t.deepEqual(result.affine, grid.affine);
      t.deepEqual(result.data.shape, c.shape);
      // ITK was given float64 voxels; integer results are that, rounded. At an exact half either side is right.
      const tolerance = c.dtype === 'float32' ? 1e-4 : c.dtype === 'int16' ? 0.5 + 1e-4 : 0;
      t.is(near(values(result), c.data, tolerance), 0);
    }
  });
}

test('the fixture’s grids reach outside the volume and hold values of it', (t) => {
  for (const c of resampling.cases) {
    const outside = c.data.filter((v: number) => v === c.fill).length;
    t.true(outside < 0.7 * c.data.length, c.name);
  }
  t.true(
    resampling.cases.some((c: { data: number[] }) => c.data.filter((v) => v === -77).length > 100),
  );
});

test('normalizeIntensity: percentiles and moments are numpy’s', (t) => {
  const { shape, values: stored, cases } = fixture('intensity');
  const data = Float32Array.from(stored, (v: number | null) => v ?? Number.NaN);
  const source = createVolume(data, { shape });
  for (const c of cases as { scheme: IntensityScheme; data: number[] }[]) {
    for (const volume of [source, reorient(toOrder(source, 'C'), 'RAS')]) {
      const result = normalizeIntensity(volume, c.scheme);
      t.is(near(values(result), c.data, 1e-6), 0, JSON.stringify(c.scheme));
    }
  }
});

test('padVolume gives what numpy.pad gives', (t) => {
  const { shape, values: stored, before, after, cases } = fixture('pad');
  const source = createVolume(Int32Array.from(stored), { shape });
  for (const c of cases as { mode: PadOpts['mode']; data: number[] }[]) {
    for (const volume of [source, toOrder(source, 'C')]) {
      const result = padVolume(volume, { before, after, mode: c.mode, value: -5 });
      t.deepEqual(values(result), c.data, c.mode);
    }
  }
});
