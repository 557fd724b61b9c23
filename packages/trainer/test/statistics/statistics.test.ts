import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import {
  areaUnderCurve,
  bcaInterval,
  bootstrapInterval,
  censoredMedian,
  effectSize,
  equivalenceTest,
  holm,
  mean,
  meanInterval,
  pairedPower,
  runsNeeded,
  signFlipTest,
  standardDeviation,
  stepsToReach,
  superiority,
  twoLevelBootstrap,
  wilcoxonSignedRank,
} from '#src/statistics/index.js';

interface Sample {
  readonly differences: number[];
  readonly mean: number;
  readonly sd: number;
  readonly interval: [number, number];
  readonly signFlip: number | null;
  readonly wilcoxon: number;
  readonly positive: number;
  readonly tost: number;
  readonly dzInterval: [number, number];
  readonly wilson: [number, number];
  readonly bca: [number, number];
}

interface Fixture {
  readonly samples: Sample[];
  readonly holm: { readonly p: number[]; readonly adjusted: number[] };
  readonly power: readonly {
    readonly dz: number;
    readonly runs: number;
    readonly power10: number;
  }[];
}

const fixture = JSON.parse(
  readFileSync(
    new URL('../../../test/statistics/fixtures/statistics.json', import.meta.url),
    'utf8',
  ),
) as Fixture;

function near(t: ExecutionContext, given: number, wanted: number, tolerance = 1e-7): void {
  t.true(Math.abs(given - wanted) <= tolerance, `${given} is not ${wanted}`);
}

for (const [n, sample] of fixture.samples.entries()) {
  const { differences } = sample;
  test(`sample ${n} of ${differences.length}: as scipy and statsmodels say`, (t) => {
    near(t, mean(differences), sample.mean, 1e-14);
    near(t, standardDeviation(differences), sample.sd, 1e-14);
    const interval = meanInterval(differences);
    near(t, interval.low, sample.interval[0], 1e-8);
    near(t, interval.high, sample.interval[1], 1e-8);
    const flip = signFlipTest(differences);
    if (sample.signFlip !== null) near(t, flip.p, sample.signFlip, 1e-12);
    t.is(flip.exact, differences.length <= 20);
    const ranks = wilcoxonSignedRank(differences);
    near(t, ranks.p, sample.wilcoxon, 1e-12);
    t.is(ranks.positive, sample.positive);
    near(t, equivalenceTest(differences, 0.02), sample.tost);
    const { interval: dz } = effectSize(differences);
    near(t, dz.low, sample.dzInterval[0], 1e-6);
    near(t, dz.high, sample.dzInterval[1], 1e-6);
    const wilson = superiority(differences).interval;
    near(t, wilson.low, sample.wilson[0]);
    near(t, wilson.high, sample.wilson[1]);
    // Other random numbers: the ends of an interval of 10,000 replicates vary by about 2 % of its length.
    const bca = bcaInterval(differences, { resamples: 50_000, seed: 3 });
    const length = sample.bca[1] - sample.bca[0];
    near(t, bca.low, sample.bca[0], 0.03 * length);
    near(t, bca.high, sample.bca[1], 0.03 * length);
  });
}

test('Holm adjusts as statsmodels does', (t) => {
  const { p, adjusted } = fixture.holm;
  for (const [n, value] of holm(p).entries()) near(t, value, adjusted[n], 1e-12);
  t.deepEqual(holm([0.01, Number.NaN, 0.02]), [0.02, Number.NaN, 0.02]);
});

test('power and the runs that it takes are those of statsmodels', (t) => {
  for (const { dz, runs, power10 } of fixture.power) {
    t.is(runsNeeded(dz), runs, `d_z ${dz}`);
    near(t, pairedPower(dz, 10), power10, 1e-6);
  }
  t.is(runsNeeded(0), Number.POSITIVE_INFINITY);
});

test('no set of five differences is significant, six can be', (t) => {
  t.is(signFlipTest([1, 1, 1, 1, 1]).p, 2 / 32);
  t.is(signFlipTest([1, 2, 3, 4, 5, 6]).p, 2 / 64);
  t.is(signFlipTest([0, 0, 0]).p, 1);
});

test('the two-level interval is wider than that of runs or cases alone, and its coverage is right', (t) => {
  // Runs and cases that vary as much as each other; a fixed generator makes 200 such tables.
  let state = 1;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  let covered = 0;
  for (let trial = 0; trial < 200; trial++) {
    const cases = Array.from({ length: 30 }, normal);
    const table = Array.from({ length: 12 }, () => {
      const run = normal();
      return cases.map((one) => 0.5 + run + one);
    });
    const { low, high } = twoLevelBootstrap(table, { resamples: 1000, seed: trial });
    if (low <= 0.5 && 0.5 <= high) covered++;
    if (trial > 0) continue;
    const means = table.map(mean);
    const runs = bootstrapInterval(means, { seed: 1 });
    t.true(high - low > runs.high - runs.low);
  }
  // 95 % asked for; the percentile bootstrap of 12 runs falls somewhat short of it.
  t.true(covered >= 176 && covered <= 198, `${covered} of 200`);
});

test('the same seed draws the same interval', (t) => {
  const table = [
    [0.1, 0.2, 0.3, 0.45, 0.61, 0.02, 0.77],
    [0.2, 0.1, 0.5, 0.33, 0.08, 0.91, 0.14],
  ];
  t.deepEqual(twoLevelBootstrap(table, { seed: 4 }), twoLevelBootstrap(table, { seed: 4 }));
  t.notDeepEqual(twoLevelBootstrap(table, { seed: 4 }), twoLevelBootstrap(table, { seed: 5 }));
});

test('learning curves: area, steps to reach a value, censored ones', (t) => {
  const curve = [
    { step: 0, value: 0 },
    { step: 10, value: 0.4 },
    { step: 30, value: 0.6 },
  ];
  near(t, areaUnderCurve(curve), (2 + 10) / 30, 1e-12);
  t.is(stepsToReach(curve, 0.5), 30);
  t.is(stepsToReach(curve, 0.7), undefined);
  t.is(censoredMedian([10, undefined, 20]), 20);
  t.is(censoredMedian([10, undefined, undefined]), Number.POSITIVE_INFINITY);
});
