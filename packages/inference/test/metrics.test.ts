import { readFileSync } from 'node:fs';
import {
  averageSurfaceDistance,
  type Connectivity,
  connectedComponents,
  distanceTransform,
  hausdorffDistance,
  lesionCounts,
  lesionF1,
  scoreRegions,
  surfaceAreas,
  surfaceDice,
  surfaceDistances,
} from '@genesis/inference';
import test from 'ava';
import ndarray, { type NdArray } from 'ndarray';

interface Wanted {
  readonly tolerances: readonly number[];
  readonly cases: readonly {
    readonly shape: number[];
    readonly spacing: [number, number, number];
    readonly truth: string;
    readonly predicted: string;
    readonly deepmind: {
      readonly averageFirst: number;
      readonly averageSecond: number;
      readonly areaFirst: number;
      readonly areaSecond: number;
      readonly hd: number;
      readonly hd95: number;
      readonly surfaceDice: readonly number[];
      readonly dice: number;
    };
    readonly monai: {
      readonly hd: number;
      readonly hd95: number;
      readonly assd: number;
      readonly surfaceDice: readonly number[];
      readonly surfaceDiceSubvoxels: readonly number[];
    };
  }[];
  readonly distances: readonly {
    readonly shape: number[];
    readonly spacing: [number, number, number];
    readonly seeds: string;
    readonly squares: readonly number[];
  }[];
  readonly components: readonly {
    readonly shape: number[];
    readonly mask: string;
    readonly labels: Readonly<Record<string, readonly number[]>>;
  }[];
  readonly areas: readonly {
    readonly spacing: [number, number, number];
    readonly areas: readonly number[];
  }[];
}

/** What DeepMind's surface-distance, MONAI and scipy say; see test/reference/metrics_fixtures.py. */
const wanted: Wanted = JSON.parse(
  readFileSync(new URL('../../test/fixtures/metrics.json', import.meta.url), 'utf8'),
);

/** MONAI computes in float32. */
const FLOAT32 = 2e-6;
const EXACT = 1e-12;

function unpack(bits: string, shape: number[]): NdArray<Uint8Array> {
  const bytes = Buffer.from(bits, 'base64');
  const size = shape.reduce((product, side) => product * side, 1);
  const data = Uint8Array.from({ length: size }, (_, n) => (bytes[n >> 3] >> (7 - (n & 7))) & 1);
  return ndarray(data, shape);
}

/** The same values in another memory order. */
function turned(mask: NdArray<Uint8Array>): NdArray<Uint8Array> {
  const [nx, ny, nz] = mask.shape;
  const out = ndarray(new Uint8Array(mask.size), [nx, ny, nz], [1, nx, nx * ny]);
  for (let x = 0; x < nx; x++) {
    for (let y = 0; y < ny; y++) for (let z = 0; z < nz; z++) out.set(x, y, z, mask.get(x, y, z));
  }
  return out;
}

const near = (a: number | undefined, b: number, within: number): boolean =>
  a !== undefined && Math.abs(a - b) <= within * Math.max(1, Math.abs(b));

for (const [n, one] of wanted.cases.entries()) {
  const [truth, predicted] = [one.truth, one.predicted].map((bits) => unpack(bits, one.shape));

  test(`surface elements as DeepMind's surface-distance has them, case ${n}`, (t) => {
    const distances = surfaceDistances(truth, turned(predicted), { spacing: one.spacing });
    const sums = [distances.first, distances.second].map(({ distances: mm, areas }) => {
      const weights = areas ?? new Float64Array();
      return {
        area: weights.reduce((sum, area) => sum + area, 0),
        average:
          mm.reduce((sum, d, k) => sum + d * weights[k], 0) /
          weights.reduce((sum, area) => sum + area, 0),
      };
    });
    t.true(near(sums[0].area, one.deepmind.areaFirst, EXACT));
    t.true(near(sums[1].area, one.deepmind.areaSecond, EXACT));
    t.true(near(sums[0].average, one.deepmind.averageFirst, EXACT));
    t.true(near(sums[1].average, one.deepmind.averageSecond, EXACT));
    t.true(near(hausdorffDistance(distances), one.deepmind.hd, EXACT));
    t.true(near(hausdorffDistance(distances, 0.95), one.deepmind.hd95, EXACT));
    for (const [k, tolerance] of wanted.tolerances.entries()) {
      const found = surfaceDice(distances, tolerance);
      t.true(near(found, one.deepmind.surfaceDice[k], EXACT));
      t.true(near(found, one.monai.surfaceDiceSubvoxels[k], FLOAT32));
    }
    const together =
      (one.deepmind.averageFirst * sums[0].area + one.deepmind.averageSecond * sums[1].area) /
      (sums[0].area + sums[1].area);
    t.true(near(averageSurfaceDistance(distances), together, EXACT));
  });

  test(`border voxels as MONAI has them, case ${n}`, (t) => {
    const distances = surfaceDistances(truth, predicted, {
      spacing: one.spacing,
      surface: 'voxels',
    });
    t.true(near(hausdorffDistance(distances), one.monai.hd, FLOAT32));
    t.true(near(hausdorffDistance(distances, 0.95), one.monai.hd95, FLOAT32));
    t.true(near(averageSurfaceDistance(distances), one.monai.assd, FLOAT32));
    for (const [k, tolerance] of wanted.tolerances.entries()) {
      t.true(near(surfaceDice(distances, tolerance), one.monai.surfaceDice[k], FLOAT32));
    }
  });

  test(`a region is scored inside its box as in the whole, case ${n}`, (t) => {
    const [score] = scoreRegions(truth, predicted, [{ name: 'blob', values: [1] }], {
      spacing: one.spacing,
      tolerance: wanted.tolerances[1],
    });
    t.true(near(score.dice, one.deepmind.dice, EXACT));
    t.true(near(score.hd95, one.deepmind.hd95, EXACT));
    t.true(near(score.hd, one.deepmind.hd, EXACT));
    t.true(near(score.surfaceDice, one.deepmind.surfaceDice[1], EXACT));
  });
}

for (const [n, one] of wanted.distances.entries()) {
  test(`distances as scipy's, ${n}`, (t) => {
    const found = distanceTransform(turned(unpack(one.seeds, one.shape)), one.spacing);
    t.deepEqual(found.shape, one.shape);
    t.true(found.data.every((value, k) => near(value ** 2, one.squares[k], 1e-6)));
  });
}

test('without seeds all distances are infinite', (t) => {
  const found = distanceTransform(ndarray(new Uint8Array(24), [2, 3, 4]), [1, 1, 1]);
  t.true(found.data.every((value) => value === Infinity));
});

for (const [n, one] of wanted.components.entries()) {
  test(`connected parts as scipy's, ${n}`, (t) => {
    const mask = unpack(one.mask, one.shape);
    for (const connectivity of [6, 18, 26] as Connectivity[]) {
      const { labels, sizes } = connectedComponents(turned(mask), connectivity);
      const inside = [...labels.data].filter((_, k) => mask.data[k] !== 0);
      t.deepEqual(inside, [...one.labels[String(connectivity)]]);
      t.true(labels.data.every((label, k) => (label === 0) === (mask.data[k] === 0)));
      t.deepEqual(
        sizes,
        sizes.map((_, k) => inside.filter((label) => label === k + 1).length),
      );
    }
  });
}

test("areas of surface elements as DeepMind's table has them", (t) => {
  for (const { spacing, areas } of wanted.areas) {
    t.true(surfaceAreas(spacing).every((area, code) => near(area, areas[code], 1e-8)));
  }
});

/** Rows of digits along z as a label map [1, y, z]. */
function picture(...rows: string[]): NdArray<Uint8Array> {
  const data = Uint8Array.from(rows.join(''), Number);
  return ndarray(data, [1, rows.length, rows[0].length]);
}

const classes = [
  { name: 'one', values: [1] },
  { name: 'two', values: [2] },
  { name: 'both', values: [1, 2] },
];

test('classes and regions, volumes, sensitivity and precision', (t) => {
  const truth = picture('1100', '1122', '0000');
  const predicted = picture('1110', '1222', '0000');
  const [one, two, both] = scoreRegions(truth, predicted, classes, { spacing: [1, 2, 5] });
  t.is(one.dice, 6 / 8);
  t.is(one.iou, 3 / 5);
  t.is(one.sensitivity, 3 / 4);
  t.is(one.precision, 3 / 4);
  t.is(one.volumeError, 0);
  t.is(two.trueVolume, 0.02);
  t.is(two.predictedVolume, 0.03);
  t.is(two.volumeErrorPercent, 50);
  t.is(two.sensitivity, 1);
  t.is(two.precision, 2 / 3);
  t.is(both.dice, 12 / 13);
  t.is(both.trueLesions, 1);
});

test('a class that is in one of the maps only, or in none', (t) => {
  const truth = picture('0110', '0000');
  const predicted = picture('0000', '0022');
  const [one, two] = scoreRegions(truth, predicted, classes, { spacing: [1, 1, 1] });
  t.like(one, { dice: 0, iou: 0, sensitivity: 0, surfaceDice: 0, lesionF1: 0, foundLesions: 0 });
  t.is(one.precision, undefined);
  t.is(one.hd95, undefined);
  t.is(one.assd, undefined);
  t.is(one.volumeErrorPercent, -100);
  t.like(two, { dice: 0, precision: 0, lesionF1: 0, inventedLesions: 1 });
  t.is(two.sensitivity, undefined);
  t.is(two.volumeErrorPercent, undefined);
  const [none] = scoreRegions(truth, predicted, [{ name: 'three', values: [3] }], {
    spacing: [1, 1, 1],
  });
  for (const value of [none.dice, none.surfaceDice, none.hd, none.lesionF1, none.sensitivity]) {
    t.is(value, undefined);
  }
  t.is(none.volumeError, 0);
});

test('voxels that do not count are outside of both', (t) => {
  const truth = picture('0119', '0119');
  const predicted = picture('0111', '0100');
  const [one] = scoreRegions(truth, predicted, classes, { spacing: [1, 1, 1], ignore: 9 });
  t.is(one.dice, 6 / 7);
  t.is(one.predictedVolume, 0.003);
});

test('label values of any size, in arrays of any type', (t) => {
  const truth = ndarray(Int32Array.from([-3, 70000, 70000, 0]), [1, 2, 2]);
  const predicted = ndarray(Float32Array.from([-3, -3, 70000, 0]), [1, 2, 2]);
  const [low, high] = scoreRegions(
    truth,
    predicted,
    [
      { name: 'low', values: [-3] },
      { name: 'high', values: [70000] },
    ],
    { spacing: [1, 1, 1] },
  );
  t.is(low.dice, 2 / 3);
  t.is(high.dice, 2 / 3);
});

test('lesions are found by one voxel, or by a share of them', (t) => {
  const truth = picture('1110000', '0000000', '1001001');
  const predicted = picture('1000000', '0000100', '0000001');
  // The second predicted part touches by a corner.
  const found = lesionCounts(truth, predicted);
  t.deepEqual(found, { real: 4, found: 2, predicted: 3, invented: 1 });
  t.is(lesionF1(found), 4 / 7);
  t.is(lesionCounts(truth, predicted, { overlap: 0.5 }).found, 1);
});

test('maps of different shapes cannot be compared', (t) => {
  const error = t.throws(() =>
    scoreRegions(picture('01'), picture('011'), classes, { spacing: [1, 1, 1] }),
  );
  t.is(error?.message, 'the prediction has 1×1×3 voxels, but the truth has 1×1×2');
});
