// Reading a 512×512×275 int16 volume to float32, and a 64×64×32 region of it, beside nibabel and SimpleITK.
//
//     node tools/bench/volume-io.mjs [FOLDER] [ROUNDS]        (PYTHON: an interpreter with nibabel and SimpleITK)
//
// The programs take turns, each with the file in the page cache; medians, and in brackets the best, and their ratios are printed.
// Peak memory is that of a fresh process which reads once, less what it used before.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readRegion, readVolume } from '@genesis/volume-io';

const folder = process.argv[2] ?? join(tmpdir(), 'genesis-bench-volume-io');
const rounds = Number(process.argv[3] ?? 7);
/** A region takes less than a millisecond, and training reads thousands of them, so it is read more often. */
const regionRounds = 40 * rounds;
const decoded = 512 * 512 * 275 * 4;

if (folder === '--memory') {
  const before = status('VmRSS');
  await readVolume(process.argv[3], { dtype: 'float32' });
  console.log(status('VmHWM') - before);
  process.exit();
}

const python = spawn(
  process.env.PYTHON ?? 'python3',
  [new URL('volume-io.py', import.meta.url).pathname, folder],
  { stdio: ['pipe', 'pipe', 'inherit'] },
);
const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
await lines.next();

const tasks = [
  ['gz/ct.nii.gz', 'whole'],
  ['ct.nii', 'whole'],
  ['ct.mha', 'whole'],
  ['ct.nii', 'whole, ours into an array used before'],
  ['ct.nii', 'region'],
  ['ct.mha', 'region'],
];
const start = [203, 187, 121];
let used;
console.log(
  '| file | task | volume-io | nibabel | SimpleITK | nibabel ÷ ours | SimpleITK ÷ ours |',
);
console.log('|---|---|---|---|---|---|---|');
for (const [name, task] of tasks) {
  const path = join(folder, name);
  const times = { ours: [], nibabel: [], SimpleITK: [] };
  const libraries = name.endsWith('.mha') ? ['SimpleITK'] : ['nibabel', 'SimpleITK'];
  for (let round = 0; round < (task === 'region' ? regionRounds : rounds); round++) {
    const mine = await ours(path, task);
    times.ours.push(mine.seconds);
    for (const library of libraries) {
      const theirs = await ask({ path, task, library, start });
      times[library].push(theirs.seconds);
      if (Math.abs(theirs.sum - mine.sum) > 1e-6 * Math.abs(theirs.sum))
        throw new Error(`${name}: sums differ`);
    }
  }
  const { ours: mine, nibabel, SimpleITK } = times;
  const cells = [mine, nibabel, SimpleITK].map((t) => `${ms(median(t))} (${ms(best(t))})`);
  const ratios = [nibabel, SimpleITK].map(
    (t) => `${ratio(median(t), median(mine))} (${ratio(best(t), best(mine))})`,
  );
  console.log(`| ${[name, task, ...cells, ...ratios].join(' | ')} |`);
}
python.stdin.end();

console.log('\n| file | peak memory ÷ decoded float32 volume |\n|---|---|');
for (const name of ['gz/ct.nii.gz', 'ct.nii', 'ct.mha']) {
  const self = new URL(import.meta.url).pathname;
  const peak = Number(
    execFileSync(process.execPath, [self, '--memory', join(folder, name)], { encoding: 'utf8' }),
  );
  console.log(`| ${name} | ${(peak / decoded).toFixed(2)} |`);
}

async function ours(path, task) {
  const opts = { dtype: 'float32' };
  if (task.includes('used before')) opts.out = used ??= new Float32Array(decoded / 4).fill(1);
  const begin = performance.now();
  const volume =
    task === 'region'
      ? await readRegion(path, { start, size: [64, 64, 32] }, opts)
      : await readVolume(path, opts);
  const seconds = (performance.now() - begin) / 1000;
  let sum = 0;
  for (const v of volume.data.data) sum += v;
  return { seconds, sum };
}

async function ask(request) {
  python.stdin.write(`${JSON.stringify(request)}\n`);
  return JSON.parse((await lines.next()).value);
}

function median(values) {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function best(values) {
  return values.length === 0 ? Number.NaN : Math.min(...values);
}

function ms(seconds) {
  return Number.isNaN(seconds) ? '–' : `${(seconds * 1000).toFixed(seconds < 0.1 ? 2 : 0)} ms`;
}

function ratio(theirs, mine) {
  return Number.isNaN(theirs) ? '–' : `${(theirs / mine).toFixed(2)}×`;
}

function status(field) {
  if (!existsSync('/proc/self/status')) return Number.NaN;
  const line = readFileSync('/proc/self/status', 'utf8')
    .split('\n')
    .find((l) => l.startsWith(field));
  return Number(/\d+/.exec(line)[0]) * 1024;
}
