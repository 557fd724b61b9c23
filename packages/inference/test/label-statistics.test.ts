import { readFileSync } from 'node:fs';
import { labelStatistics } from '@genesis/inference';
import { createVolume, reorient, type Volume } from '@genesis/volume-io';
import test, { type ExecutionContext } from 'ava';
import ndarray from 'ndarray';

interface Fixture {
  readonly shape: number[];
  readonly affine: number[];
  readonly labels: number[];
  readonly image: number[];
  readonly found: readonly {
    readonly label: number;
    readonly voxels: number;
    readonly volume: number;
    readonly centroid: readonly number[];
    readonly first: number[];
    readonly size: number[];
    readonly mean: number;
    readonly sd: number;
    readonly min: number;
    readonly max: number;
  }[];
}

const fixture = JSON.parse(
  readFileSync(new URL('../../test/fixtures/label-statistics.json', import.meta.url), 'utf8'),
) as Fixture;

const affine = Float64Array.from(fixture.affine);
const labels = createVolume(ndarray(Uint8Array.from(fixture.labels), fixture.shape), { affine });
const image = createVolume(ndarray(Float32Array.from(fixture.image), fixture.shape), { affine });

function near(t: ExecutionContext, a: number | undefined, b: number, relative = 1e-9): void {
  t.true(Math.abs((a ?? Number.NaN) - b) <= relative * Math.max(1, Math.abs(b)), `${a} and ${b}`);
}

test('statistics of labels are those of SimpleITK', (t) => {
  const values = fixture.found.map(({ label }) => label);
  const found = labelStatistics(labels as Volume, [image as Volume], values);
  for (const [n, expected] of fixture.found.entries()) {
    const { voxels, volume, centroid, box, intensities } = found[n];
    t.is(voxels, expected.voxels);
    near(t, volume, expected.volume);
    for (const axis of [0, 1, 2] as const) near(t, centroid?.[axis], expected.centroid[axis]);
    t.deepEqual(box?.first, expected.first as [number, number, number]);
    t.deepEqual(box?.size, expected.size as [number, number, number]);
    const [intensity] = intensities;
    near(t, intensity?.mean, expected.mean);
    // ITK adds up squares of values near 100000 and loses digits of their spread.
    near(t, intensity?.sd, expected.sd, 1e-4);
    t.is(intensity?.min, expected.min);
    t.is(intensity?.max, expected.max);
  }
});

test('they do not depend on how the axes are turned, but the box follows them', (t) => {
  const turned = reorient(labels, 'SLP') as Volume;
  const [plain] = labelStatistics(labels as Volume, [], [5]);
  const [found] = labelStatistics(turned, [reorient(image, 'SLP') as Volume], [5]);
  t.is(found.voxels, plain.voxels);
  for (const axis of [0, 1, 2] as const) {
    near(t, found.centroid?.[axis], plain.centroid?.[axis] ?? Number.NaN, 1e-9);
  }
  t.deepEqual([...(found.box?.size ?? [])].sort(), [...(plain.box?.size ?? [])].sort());
  near(t, found.intensities[0]?.mean, fixture.found[1].mean);
});

test('a label that is nowhere has no place; values that are not finite do not count', (t) => {
  const values = Float32Array.of(1, Number.NaN, 3, Number.POSITIVE_INFINITY);
  const small = createVolume(ndarray(Uint8Array.of(1, 1, 1, 2), [4, 1, 1])) as Volume;
  const of = createVolume(ndarray(values, [4, 1, 1])) as Volume;
  const [one, two, none] = labelStatistics(small, [of], [1, 2, 3]);
  t.deepEqual(one.intensities, [{ mean: 2, sd: Math.SQRT2, min: 1, max: 3 }]);
  t.deepEqual(two.intensities, [undefined]);
  t.is(two.volume, 1e-3);
  t.deepEqual(none, { voxels: 0, volume: 0, intensities: [undefined] });
});

test('an image of another shape is refused', (t) => {
  const other = createVolume(ndarray(new Float32Array(8), [2, 2, 2])) as Volume;
  t.throws(() => labelStatistics(labels as Volume, [other], [1]), { code: 'bad-argument' });
});
