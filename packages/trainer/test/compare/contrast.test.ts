import test from 'ava';
import { byArm, pairScores } from '#src/compare/arm-table.js';
import { contrast } from '#src/compare/contrast.js';
import { labelSavings } from '#src/compare/label-saving.js';
import { summarizeArm } from '#src/compare/summarize-arm.js';
import { verdictOf } from '#src/compare/verdict.js';
import { madeUpRecord } from './records.js';

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
/** Differences that vary a little from seed to seed. */
const gain = (seed: number): number => 0.02 + 0.001 * ((seed * 5) % 7);

const records = seeds.flatMap((seed) => {
  const base = [0.5 + 0.01 * seed, 0.7, 0.62 + 0.005 * seed];
  return [
    madeUpRecord({ arm: 'scratch', seed, scores: base, curve: [0.2, 0.4, 0.5, 0.5, 0.5] }),
    madeUpRecord({
      arm: 'pre',
      seed,
      scores: base.map((score) => score + gain(seed)),
      curve: [0.3, 0.51, 0.55, 0.55, 0.56],
    }),
  ];
});
const [scratch, pre] = byArm(records);

test('arms are paired by seed and case; what one of them lacks is left out', (t) => {
  const first = byArm([
    madeUpRecord({ arm: 'a', seed: 2, scores: [0.1, 0.2, 0.3] }),
    madeUpRecord({ arm: 'a', seed: 1, scores: [0.2, null, 0.4] }),
    madeUpRecord({ arm: 'a', seed: 3, scores: [0.9, 0.9, 0.9] }),
  ])[0];
  const second = byArm([
    madeUpRecord({ arm: 'b', seed: 1, scores: [0.1, 0.1, 0.1] }),
    madeUpRecord({ arm: 'b', seed: 2, scores: [0, 0.1, 0.3] }),
  ])[0];
  const paired = pairScores(first, second);
  t.deepEqual(paired.seeds, [1, 2]);
  t.deepEqual(paired.cases, ['case 0', 'case 2']);
  t.deepEqual(
    paired.differences.map((row) => row.map((value) => Number(value.toFixed(6)))),
    [
      [0.1, 0.3],
      [0.1, 0],
    ],
  );
});

test('an effect that is there in each of eight seeds is found, with its size and its speed', (t) => {
  const found = contrast(pre, scratch, { smallestEffect: 0.01 });
  const mean = seeds.reduce((sum, seed) => sum + gain(seed), 0) / 8;
  t.true(Math.abs(found.mean - mean) < 1e-12);
  t.is(found.signFlip.p, 2 / 2 ** 8);
  t.true(found.interval.low > 0.015 && found.interval.high < 0.03);
  t.true(found.seedInterval !== undefined && found.seedInterval.low > 0.015);
  t.is(found.superiority.probability, 1);
  t.is(found.overCases.wins, 3);
  t.is(found.verdict.kind, 'better');
  t.is(found.verdict.text, 'better, by more than 1.0 points');
  // The mean of the last three of scratch is 0.5, which the other passes at its second validation.
  t.is(found.efficiency.stepRatio, 200 / 500);
  t.is(found.efficiency.censored, 0);
  const back = contrast(scratch, pre, { smallestEffect: 0.01 });
  t.is(back.verdict.kind, 'worse');
  t.is(back.efficiency.stepRatio, Number.POSITIVE_INFINITY);
  t.is(back.efficiency.censored, 8);
});

test('the same summary comes out of the same records', (t) => {
  t.deepEqual(
    contrast(pre, scratch, { smallestEffect: 0.01 }),
    contrast(pre, scratch, { smallestEffect: 0.01 }),
  );
});

const between = { low: -0.004, high: 0.005, level: 0.95 };
const verdicts = [
  [{ n: 5, mean: 0.1, p: 0.06, equivalence: 0.9 }, 'too-few'],
  [{ n: 10, mean: 0.001, p: 0.6, equivalence: 0.01 }, 'equivalent'],
  [{ n: 10, mean: 0.001, p: 0.6, equivalence: 0.2 }, 'no-evidence'],
  [{ n: 10, mean: 0.004, p: 0.01, equivalence: 0.01 }, 'better'],
  [{ n: 10, mean: -0.004, p: 0.01, equivalence: 0.2 }, 'worse'],
] as const;

for (const [input, kind] of verdicts) {
  test(`the verdict of ${JSON.stringify(input)} is ${kind}`, (t) => {
    t.is(verdictOf({ ...input, interval: between, smallestEffect: 0.01 }).kind, kind);
  });
}

test('an arm is summarized: seeds, classes, the worst case, classes that were not found', (t) => {
  const [arm] = byArm([
    madeUpRecord({ arm: 'a', seed: 1, scores: [0.05, 0.15, null] }),
    madeUpRecord({ arm: 'a', seed: 2, scores: [0.02, 0.1, 0.09] }),
  ]);
  const summary = summarizeArm(arm);
  t.deepEqual(
    summary.bySeed.map((value) => Number(value.toFixed(6))),
    [0.1, 0.07],
  );
  t.is(summary.worst.name, 'case 0');
  t.is(summary.notFound, 1);
  t.is(summary.seconds, 120);
});

test('labels that are saved are read off the other arm’s curve', (t) => {
  const arms = byArm([
    madeUpRecord({ arm: 'scratch', seed: 1, labels: 3, scores: [0.4] }),
    madeUpRecord({ arm: 'scratch', seed: 1, labels: 12, scores: [0.6] }),
    madeUpRecord({ arm: 'pre', seed: 1, labels: 3, scores: [0.5] }),
    madeUpRecord({ arm: 'pre', seed: 1, labels: 12, scores: [0.7] }),
  ]).map(summarizeArm);
  const [at3, at12] = labelSavings(arms, 'scratch');
  // Halfway between 3 and 12 on a logarithmic scale.
  t.true(Math.abs((at3.equalAt ?? 0) - 6) < 1e-9);
  t.is(at12.equalAt, undefined);
});
