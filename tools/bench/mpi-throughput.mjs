// Training steps of two ranks of one thread beside one process of two threads, with the same global batch, interleaved; and the share
// of the step that two ranks wait for gradients, with and without overlap.
//
//   node tools/bench/mpi-throughput.mjs [rounds]

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('mpi-step.mjs', import.meta.url));
const NET = { width: 16, levels: 4, crop: [32, 32, 32], steps: 6 };

const run = (command, args) => {
  const env = { ...process.env, OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' };
  const stdout = execFileSync(command, args, { encoding: 'utf8', env });
  return JSON.parse(stdout.trim().split('\n').at(-1));
};
const alone = (opts) => run(process.execPath, [script, JSON.stringify({ ...NET, ...opts })]);
const ranks = (opts) =>
  run('mpirun', [
    ...['-np', '2', '--bind-to', 'none', process.execPath, script],
    JSON.stringify({ ...NET, ...opts }),
  ]);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const found = {
  'one process, two threads': [],
  'two ranks, overlap': [],
  'two ranks, no overlap': [],
  'two ranks, float16': [],
};
const kinds = [
  () => alone({ threads: 2, share: 2 }),
  () => ranks({ threads: 1, share: 1 }),
  () => ranks({ threads: 1, share: 1, overlap: false }),
  () => ranks({ threads: 1, share: 1, reduceAs: 'float16' }),
];
for (let round = 0; round < Number(process.argv[2] ?? 3); round++) {
  for (const [n, name] of Object.keys(found).entries()) found[name].push(kinds[n]());
}
const base = median(found['one process, two threads'].map(({ step }) => step));
for (const [name, all] of Object.entries(found)) {
  const step = median(all.map((one) => one.step));
  const exposed = median(all.map((one) => one.exposed / one.step));
  console.log(
    `${name.padEnd(26)} ${(1000 * step).toFixed(1).padStart(8)} ms a step, ${(base / step).toFixed(2)}×, ${(100 * exposed).toFixed(1)} % waiting for gradients`,
  );
}
