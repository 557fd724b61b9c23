import { createRng } from '@genesis/transforms';
import test from 'ava';
import ndarray, { type NdArray } from 'ndarray';
import { singleDeformations } from '#src/tasks/pretrain/single-deformations.js';

/** A crop whose 64 grey values each stand in many voxels. */
function sample(seed: number) {
  const data = new Float32Array(32 * 32 * 16);
  createRng(seed).fillUniform(data);
  const target = ndarray(
    data.map((value) => Math.floor(value * 64) / 64),
    [32, 32, 16],
  ) as NdArray<Float32Array>;
  return { volume: `v${seed}`, input: target, target };
}

const changedShare = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, n) => sum + (value === b[n] ? 0 : 1), 0) / a.length;

test('every sample is shown by each deformation, and by that one alone', (t) => {
  const shown = singleDeformations([sample(0), sample(1)], {}, 0);
  t.deepEqual(
    shown.map(({ deformation, volume }) => `${deformation}, ${volume}`),
    ['v0', 'v1'].flatMap((volume) =>
      ['non-linear intensity', 'local shuffling', 'in-painting', 'out-painting'].map(
        (name) => `${name}, ${volume}`,
      ),
    ),
  );
  for (const [n, { deformation, input, target }] of shown.entries()) {
    t.deepEqual(target.data, sample(n >> 2).target.data, 'nothing is flipped');
    const changed = changedShare(input.data, target.data);
    const gray = new Set(target.data);
    const strange = input.data.filter((value) => !gray.has(value)).length / input.data.length;
    if (deformation === 'non-linear intensity') {
      const curve = new Map<number, number>();
      target.data.forEach((value, v) => {
        t.true((curve.get(value) ?? input.data[v]) === input.data[v], 'one value for each grey');
        curve.set(value, input.data[v]);
      });
      t.true(changed > 0.5);
    } else if (deformation === 'local shuffling') {
      t.is(strange, 0, 'no value that was not there');
      t.true(changed > 0.1);
    } else if (deformation === 'in-painting') {
      t.true(changed > 0.005 && changed < 0.5 && Math.abs(strange - changed) < 0.01);
    } else {
      t.true(changed > 0.3 && changed < 1 && Math.abs(strange - changed) < 0.01);
    }
  }
});

test("the bounds are the run's own, and the seed decides", (t) => {
  const bounded = singleDeformations([sample(0)], { localShuffling: { windows: 0 } }, 0);
  t.deepEqual(bounded[1].input.data, bounded[1].target.data);
  const [first, again, other] = [0, 0, 1].map((seed) => singleDeformations([sample(0)], {}, seed));
  t.deepEqual(first[3].input.data, again[3].input.data);
  t.notDeepEqual(first[3].input.data, other[3].input.data);
});
