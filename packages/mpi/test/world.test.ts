import { fileURLToPath } from 'node:url';
import { launchedBy, mpiStatus } from '@genesis/mpi';
import { hasMpirun, runRanks } from '@genesis/testing';
import test from 'ava';

const { usable } = mpiStatus();
const withMpi = usable && hasMpirun ? test : test.skip;
const skipped = usable && hasMpirun ? '' : ' (no MPI here)';

const script = (name: string): string =>
  fileURLToPath(new URL(`../../test/ranks/${name}.mjs`, import.meta.url));

async function said<T>(ranks: number, name: string, env = {}): Promise<T[]> {
  const { code, stdout, stderr } = await runRanks(ranks, [script(name)], { env });
  if (code !== 0) throw new Error(stderr);
  const all = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T & { rank: number });
  return all.sort((a, b) => a.rank - b.rank);
}

for (const size of [1, 2, 3]) {
  withMpi(`collectives on ${size} ranks${skipped}`, async (t) => {
    const ranks = Array.from({ length: size }, (_, n) => n);
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    const all = await said<Record<string, unknown>>(size, 'collectives');
    t.is(all.length, size);
    all.forEach((one, rank) => {
      const total = sum(ranks.map((r) => r + 1));
      t.deepEqual(one, {
        rank,
        size,
        hosts: size,
        local: [rank, size],
        sums: [
          total,
          1000 * total,
          sum(ranks),
          sum(ranks.map((r) => 2 ** -40 + r)),
          sum(ranks.map((r) => 0 - r)),
          size - 1,
          0,
        ],
        sync: [sum(ranks), size],
        broadcast: [size + 6, 65535],
        gathered: ranks.map((r) => 'é'.repeat(r)),
        group: [
          ranks.filter((r) => r % 2 === rank % 2 && r > rank).length,
          ranks.filter((r) => r % 2 === rank % 2).length,
          sum(ranks.filter((r) => r % 2 === rank % 2)),
        ],
        ticked: true,
        errors: ['bad-argument', 'bad-argument', 'bad-argument', 'bad-argument'],
      });
    });
  });
}

for (const size of [2, 3]) {
  withMpi(`sums of halves, with error feedback, on ${size} ranks${skipped}`, async (t) => {
    type Said = {
      whole: boolean;
      special: unknown[];
      large: number[];
      without: number;
      withFeedback: number;
    };
    const all = await said<Said>(size, 'halves');
    for (const one of all) {
      t.true(one.whole);
      t.deepEqual(one.special, ['NaN', 0, 0]);
      // Each rank sends at most its part of the largest half, and keeps the rest.
      const limit = ((63 / 64) * 65504) / size;
      t.true(Math.abs(one.large[0] - size * limit) <= 64, String(one.large));
      t.true(Math.abs(one.large[1] - (1e6 - limit)) <= 64, String(one.large));
      t.true(one.without < 5e-4 && one.without > 1e-5, String(one.without));
      // The rounding of the sum itself is nobody's to make good.
      t.true(one.withFeedback < 0.75 * one.without, `${one.withFeedback} ${one.without}`);
      t.deepEqual(one.withFeedback, all[0].withFeedback);
    }
  });
}

for (const mode of ['both', 'worker', 'leave']) {
  withMpi(`worker threads: ${mode}${skipped}`, async (t) => {
    const { code, stdout, stderr } = await runRanks(2, [script('workers'), mode]);
    t.is(code, 0, stderr);
    const line = mode === 'worker' ? '0 false' : '0 2';
    t.deepEqual(stdout.trim().split('\n'), [line, line]);
  });
}

for (const [how, expected] of [
  ['throw', /this rank cannot go on/],
  ['abort', /./],
  ['kill', /rank 1 .*signal 9|KILLED|signal 9/i],
] as const) {
  withMpi(`a rank that ends ends all: ${how}${skipped}`, async (t) => {
    const { code, stdout, stderr } = await runRanks(3, [script('failures'), how]);
    t.not(code, 0);
    t.false(stdout.includes('not reached'));
    t.regex(stderr + stdout, expected);
  });
}

withMpi(`process.exit before anything was done finalises${skipped}`, async (t) => {
  const { code, stderr } = await runRanks(2, [script('failures'), 'exit']);
  t.is(code, 0, stderr);
});

test('who has started a process stands in its environment', (t) => {
  t.is(launchedBy({}), undefined);
  t.deepEqual(launchedBy({ OMPI_COMM_WORLD_SIZE: '4' }), { launcher: 'Open MPI', size: 4 });
  t.deepEqual(launchedBy({ PMI_SIZE: '2' }), { launcher: 'PMI', size: 2 });
  t.deepEqual(launchedBy({ PMIX_RANK: '0', SLURM_STEP_NUM_TASKS: '8' }), {
    launcher: 'PMIx',
    size: 8,
  });
  t.is(launchedBy({ SLURM_STEP_NUM_TASKS: '8' }), undefined, 'srun without MPI');
  t.is(launchedBy({ OMPI_COMM_WORLD_SIZE: 'x' }), undefined);
});
