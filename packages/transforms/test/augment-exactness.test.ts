// With their factors taken over, augmentations give what batchgeneratorsv2, TorchIO, MONAI, scipy.ndimage and SimpleITK give.
// Fixtures: test/reference/augment_fixtures.py
import {
  type AugmentationSpec,
  createAugmentation,
  type KernelsName,
  type LabelArray,
  type Pair,
  selectKernels,
} from '@genesis/transforms';
import test from 'ava';
import ndarray from 'ndarray';
import { type Place, readFixture } from './support/fixture.js';

/** Of the range of the expected image. */
const TOLERANCE = 1e-4;
/** A cubic spline of scipy is in double; ours in float. */
const CUBIC_TOLERANCE = 1e-5;
/** Labels may differ where the score of the second comes so close to that of the first. */
const TIE = 1e-3;

interface Case {
  peer: string;
  spec: AugmentationSpec;
  factors: unknown;
  image: Place;
  output: Place;
  label?: Place;
  outputLabel?: Place;
  /** Voxels that are so close to the border are not compared. */
  inside?: number;
}

const { manifest, array, volume } = readFixture<{ cases: Case[] }>('augment');

/** Factors with the arrays that lie in the fixture's binary file. */
function withArrays(factors: unknown): unknown {
  if (Array.isArray(factors)) return factors.map(withArrays);
  if (typeof factors !== 'object' || factors === null) return factors;
  if ('offset' in factors && 'dtype' in factors) return array(factors as Place);
  return Object.fromEntries(
    Object.entries(factors).map(([key, value]) => [key, withArrays(value)]),
  );
}

function labelOf(place: Place): LabelArray {
  return ndarray(Uint8Array.from(array(place)), place.shape) as LabelArray;
}

/** Whether a voxel is so far from the border. */
function isInside(i: number, [nx, ny, nz]: readonly number[], margin: number): boolean {
  const at = [Math.floor(i / (ny * nz)), Math.floor(i / nz) % ny, i % nz];
  return at.every((k, axis) => k >= margin && k < [nx, ny, nz][axis] - margin);
}

/** The largest difference as part of the range. */
function difference(
  ours: ArrayLike<number>,
  theirs: ArrayLike<number>,
  shape: number[],
  margin: number,
): number {
  let [low, high, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < theirs.length; i++) {
    if (!isInside(i, shape, margin)) continue;
    low = Math.min(low, theirs[i]);
    high = Math.max(high, theirs[i]);
    const d = Math.abs(ours[i] - theirs[i]);
    if (!(d <= largest)) largest = d;
  }
  return largest / (high - low);
}

/**
 * By how much the best score beats the second, at every voxel: the labels' indicators are resampled linearly, as images.
 * A label map is a tie where that is nothing.
 */
function leads(spec: AugmentationSpec, factors: unknown, label: LabelArray): Float32Array {
  const values = [...new Set(label.data)];
  const { labelFill = 0, ...opts } = (spec as { opts?: { labelFill?: number } }).opts ?? {};
  if (!values.includes(labelFill)) values.push(labelFill);
  const scores = values.map((value) => {
    const indicator = Float32Array.from(label.data, (v) => Number(v === value));
    const image = ndarray(indicator, [...label.shape]);
    const augmentation = createAugmentation({
      ...spec,
      opts: { ...opts, order: 1, fill: Number(value === labelFill) },
    } as AugmentationSpec);
    return augmentation.apply({ image }, factors).image.data;
  });
  return scores[0].map((_, i) => {
    const [best, second = 0] = scores.map((score) => score[i]).sort((a, b) => b - a);
    return best - second;
  });
}

for (const name of ['wasm', 'typescript'] as KernelsName[]) {
  const worst = new Map<string, number>();
  const ties = { voxels: 0, different: 0, compared: 0 };
  for (const [n, given] of manifest.cases.entries()) {
    test.serial(`${name}: ${n} ${given.peer} ${JSON.stringify(given.spec)}`, (t) => {
      selectKernels(name);
      const factors = withArrays(given.factors);
      const pair: Pair = { image: volume(given.image) };
      if (given.label !== undefined) pair.label = labelOf(given.label);
      const result = createAugmentation(given.spec).apply(pair, factors);
      t.deepEqual(result.image.shape, given.output.shape);
      const { inside = 0 } = given;
      const { shape } = given.output;
      const found = difference(result.image.data, array(given.output), shape, inside);
      const isCubic = given.peer.includes('order 3');
      t.true(found <= (isCubic ? CUBIC_TOLERANCE : TOLERANCE), `${found}`);
      worst.set(given.peer, Math.max(found, worst.get(given.peer) ?? 0));
      if (given.outputLabel === undefined || pair.label === undefined) return;
      const wanted = array(given.outputLabel);
      const labels = (result.label as LabelArray).data;
      const isMajority =
        given.spec.name === 'spatial' && !JSON.stringify(given.spec).includes('nearest"');
      const lead = isMajority ? leads(given.spec, factors, pair.label) : null;
      for (let i = 0; i < wanted.length; i++) {
        if (!isInside(i, shape, inside)) continue;
        ties.compared++;
        const isTie = lead !== null && lead[i] <= TIE;
        if (isTie) ties.voxels++;
        if (labels[i] === wanted[i]) continue;
        ties.different++;
        if (!isTie) t.fail(`label ${labels[i]} instead of ${wanted[i]} at ${i}, lead ${lead?.[i]}`);
      }
    });
  }

  test.serial(`${name}: the largest differences`, (t) => {
    for (const [peer, found] of worst) t.log(`${peer}: ${found.toExponential(1)}`);
    t.log(
      `labels: ${ties.compared} voxels compared, ${ties.voxels} ties, ${ties.different} of them settled otherwise`,
    );
    t.true(ties.different <= ties.voxels);
  });
}
