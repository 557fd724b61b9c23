// Fixtures: test/reference/fixtures.py
import {
  type BezierCurve,
  type BezierFactors,
  bezierIntensity,
  type ExplicitShuffling,
  type FlipFactors,
  flip,
  type GenesisFactors,
  genesis,
  type InPaintingFactors,
  inPainting,
  type KernelsName,
  type LocalShufflingFactors,
  localShuffling,
  type OutPaintingFactors,
  outPainting,
  type Shape3,
  selectKernels,
} from '@genesis/transforms';
import test from 'ava';
import ndarray from 'ndarray';
import { type Place, readFixture } from './support/fixture.js';
import { largestDifference, values } from './support/volumes.js';

const TOLERANCE = 1e-6;
const kernels: KernelsName[] = ['wasm', 'typescript'];

interface Shuffling {
  windows: Place;
  permutations: Place;
}

interface PairCase {
  crop: Place;
  flip: FlipFactors['axes'];
  shuffling: Shuffling | null;
  curve: [BezierCurve['points'], boolean] | null;
  inside: { start: Shape3; size: Shape3; values: Place }[];
  outside: { boxes: { start: Shape3; size: Shape3 }[]; values: Place } | null;
  input: Place;
  target: Place;
}

const pairs = readFixture<{ pairs: PairCase[] }>('reference-pairs');

function shufflingOf(shuffling: Shuffling | null, array: (p: Place) => ArrayLike<number>) {
  if (shuffling === null) return { windows: [], permutations: [] };
  const windows = array(shuffling.windows);
  return { windows, permutations: array(shuffling.permutations) } satisfies ExplicitShuffling;
}

function factorsOf(pair: PairCase): GenesisFactors {
  return {
    flip: { axes: pair.flip },
    localShuffling: shufflingOf(pair.shuffling, pairs.array),
    bezierIntensity: {
      curves: pair.curve === null ? [] : [{ points: pair.curve[0], increasing: pair.curve[1] }],
    },
    inPainting: {
      boxes: pair.inside.map(({ start, size, values: place }) => ({
        start,
        size,
        noise: { values: pairs.array(place) },
      })),
    },
    outPainting: {
      boxes: pair.outside?.boxes ?? [],
      noise:
        pair.outside === null ? { seed: [0, 0] } : { values: pairs.array(pair.outside.values) },
    },
  };
}

for (const name of kernels) {
  test.serial(`${name}: the preset with the reference's factors gives its pairs`, (t) => {
    selectKernels(name);
    for (const pair of pairs.manifest.pairs) {
      const { input, target } = genesis().apply(pairs.volume(pair.crop), factorsOf(pair));
      t.true(largestDifference(values(input), pairs.array(pair.input)) <= TOLERANCE);
      t.true(largestDifference(values(target), pairs.array(pair.target)) <= TOLERANCE);
    }
  });

  test.serial(`${name}: so do the five transforms one after another`, (t) => {
    selectKernels(name);
    for (const pair of pairs.manifest.pairs) {
      const f = factorsOf(pair);
      let volume = pairs.volume(pair.crop);
      volume = flip().apply(volume, f.flip satisfies FlipFactors);
      volume = localShuffling().apply(volume, f.localShuffling satisfies LocalShufflingFactors);
      volume = bezierIntensity().apply(volume, f.bezierIntensity satisfies BezierFactors);
      volume = inPainting().apply(volume, f.inPainting satisfies InPaintingFactors);
      volume = outPainting().apply(volume, f.outPainting satisfies OutPaintingFactors);
      t.true(largestDifference(values(volume), pairs.array(pair.input)) <= TOLERANCE);
    }
  });

  test.serial(`${name}: intensity maps, the steepest ones too`, (t) => {
    selectKernels(name);
    const { manifest, array } = readFixture<{
      values: Place;
      cases: { points: BezierCurve['points']; increasing: boolean; output: Place }[];
    }>('reference-curves');
    const data = Float32Array.from(array(manifest.values));
    const volume = ndarray(data, [1, 1, data.length]);
    let worst = 0;
    for (const { points, increasing, output } of manifest.cases) {
      const mapped = bezierIntensity().apply(volume, { curves: [{ points, increasing }] });
      const difference = largestDifference(mapped.data, array(output));
      t.true(difference <= TOLERANCE, `${points} ${increasing}: ${difference}`);
      worst = Math.max(worst, difference);
    }
    t.log(`largest difference ${worst.toExponential(2)}`);
  });
}

test('local shuffling with the reference’s windows and permutations is the same to the bit', (t) => {
  const { manifest, array } = readFixture<{ crop: Place; shuffling: Shuffling; output: Place }>(
    'reference-shuffling',
  );
  const crop = Float32Array.from(array(manifest.crop), (v) => v / 255);
  const volume = ndarray(crop, manifest.crop.shape);
  const shuffled = localShuffling().apply(volume, shufflingOf(manifest.shuffling, array));
  t.is(
    largestDifference(
      shuffled.data,
      Float32Array.from(array(manifest.output), (v) => v / 255),
    ),
    0,
  );
  t.true(largestDifference(shuffled.data, crop) > 0.1);
});

test('the fixtures show every kind of deformation', (t) => {
  const all = pairs.manifest.pairs;
  t.true(all.some((p) => p.flip.length > 0));
  t.true(all.some((p) => p.shuffling !== null));
  t.true(all.some((p) => p.curve?.[1] === true));
  t.true(all.some((p) => p.curve?.[1] === false));
  t.true(all.some((p) => p.inside.length > 0));
  t.true(all.some((p) => p.outside !== null));
});
