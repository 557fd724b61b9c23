// Pairs per second of @genesis/transforms beside the reference code, MONAI and TorchIO, in one
// interleaved run: 64×64×32 crops, CPU time (one thread each), every transform at rate 1, pairs at the default rates.
// Commands (after `npx tsc -b packages/transforms`):
//   node tools/bench/transforms.mjs --python PYTHON --reference PATH/TO/utils.py
//   node tools/bench/transforms.mjs --workers        one worker beside two
//   node tools/bench/transforms.mjs --allocation     bytes allocated per pair
// utils.py is pytorch/utils.py of the Models Genesis repository; PYTHON has numpy, scipy,
// scikit-image, monai and torchio.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  bezierIntensity,
  createBatchPool,
  createRng,
  createTask,
  flip,
  genesis,
  inPainting,
  kernelsInUse,
  localShuffling,
  outPainting,
  selectKernels,
} from '@genesis/transforms';
import ndarray from 'ndarray';

const { values: args } = parseArgs({
  options: {
    python: { type: 'string' },
    reference: { type: 'string' },
    rounds: { type: 'string', default: '9' },
    workers: { type: 'boolean' },
    allocation: { type: 'boolean' },
  },
});
const rounds = Number(args.rounds);
const shape = [64, 64, 32];
const size = 64 * 64 * 32;

const volume = (shared = false) =>
  ndarray(
    new Float32Array(shared ? new SharedArrayBuffer(4 * size) : new ArrayBuffer(4 * size)),
    shape,
  );
const crop = volume();
createRng(0).fillUniform(crop.data);

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const ms = (seconds) => `${(seconds * 1e3).toFixed(3)} ms`.padStart(11);

/** Calls to time, by name: each makes or deforms one crop. */
function ours() {
  let n = 0;
  const out = { input: volume(), target: volume() };
  const task = (made) => () => made.make(crop, createRng(0, n++), { out });
  const transform = (made) => () =>
    made.apply(crop, made.draw(createRng(0, n++), shape), { out: out.input });
  return {
    pair: task(genesis()),
    flip: transform(flip({ rate: 1 })),
    localShuffling: transform(localShuffling({ rate: 1 })),
    bezierIntensity: transform(bezierIntensity({ rate: 1 })),
    // Always five boxes, as the peers; at the default rates there are 4.3 and 4.5.
    inPainting: transform(inPainting({ boxRate: 1 })),
    outPainting: transform(outPainting({ boxRate: 1 })),
    patchShuffling: task(createTask('patch-shuffling')),
    denoising: task(createTask('denoising')),
  };
}

/** CPU seconds per call, all threads of the process: what other processes do matters little. */
function time(call, count) {
  const start = process.cpuUsage();
  for (let i = 0; i < count; i++) call();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6 / count;
}

/** The Python side: answers a name and a count with seconds per call. */
async function startPython(python, reference) {
  const script = fileURLToPath(new URL('transforms_reference.py', import.meta.url));
  const child = spawn(python, [script, reference], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const names = (await lines.next()).value?.split('\t');
  if (names === undefined) throw new Error(`${script} did not start`);
  return {
    names,
    async time(name, count) {
      child.stdin.write(`${name}\t${count}\n`);
      return Number((await lines.next()).value);
    },
    end: () => child.stdin.end(),
  };
}

async function compare() {
  const python = await startPython(args.python, args.reference);
  const calls = ours();
  const found = new Map();
  const note = (name, seconds) => found.set(name, [...(found.get(name) ?? []), seconds]);
  for (const call of Object.values(calls)) time(call, 100);
  for (let round = 0; round < rounds; round++) {
    for (const other of python.names) {
      const name = other.replace(/^.*?\/|\s.*$/g, '');
      note(name, time(calls[name], name === 'pair' ? 120 : 30));
      note(other, await python.time(other, name === 'pair' ? 12 : 2));
    }
  }
  python.end();
  console.log(`kernels: ${kernelsInUse()}; medians of ${rounds} interleaved rounds, 64×64×32\n`);
  for (const name of Object.keys(calls)) {
    const own = median(found.get(name));
    console.log(`${name.padEnd(46)}${ms(own)} ${(1 / own).toFixed(0).padStart(7)}/s`);
    for (const other of python.names.filter((n) => n.replace(/^.*?\/|\s.*$/g, '') === name)) {
      const theirs = median(found.get(other));
      console.log(`  ${other.padEnd(44)}${ms(theirs)} ${(theirs / own).toFixed(1).padStart(7)}×`);
    }
  }
  selectKernels('typescript');
  const slow = ours().pair;
  time(slow, 100);
  console.log(
    `\npair, kernels in TypeScript${' '.repeat(19)}${ms(median([1, 2, 3].map(() => time(slow, 60))))}`,
  );
}

async function compareWorkers() {
  const crops = Array.from({ length: 8 }, () => {
    const shared = volume(true);
    shared.data.set(crop.data);
    return shared;
  });
  const pools = [1, 2].map((workers) =>
    createBatchPool({
      task: { name: 'genesis' },
      shape,
      batchSize: 8,
      workers,
      prefetch: 2 * workers,
      seed: 0,
      crops: ({ index }) => crops[index % 8],
    }),
  );
  const run = async (pool, epoch, count) => {
    const start = performance.now();
    const indices = Array.from({ length: count }, (_, i) => i);
    for await (const _ of pool.batches({ epoch, indices }));
    return count / ((performance.now() - start) / 1e3);
  };
  for (const pool of pools) await run(pool, 0, 400);
  const rates = [[], []];
  const cpu = [[], []];
  const own = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const [i, pool] of pools.entries()) {
      const before = process.cpuUsage();
      const loop = performance.eventLoopUtilization();
      rates[i].push(await run(pool, round, 800));
      const { user, system } = process.cpuUsage(before);
      cpu[i].push((user + system) / 1e3 / 800);
      own[i].push(performance.eventLoopUtilization(loop).active / 800);
    }
  }
  for (const pool of pools) await pool.close();
  const [one, two] = rates.map(median);
  console.log(
    `one worker ${one.toFixed(0)} pairs/s, two ${two.toFixed(0)}: ${(two / one).toFixed(2)}×`,
  );
  // On a busy machine the ratio says little. What two workers can reach on two idle cores: the second
  // adds no work, and the main thread has little.
  for (const i of [0, 1]) {
    const [all, main] = [median(cpu[i]), median(own[i])];
    console.log(
      `${i + 1} worker(s): ${all.toFixed(3)} ms of CPU a pair, main thread active ${main.toFixed(3)} ms`,
    );
  }
}

function allocation() {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  const measure = (call) => {
    time(call, 300);
    const found = Array.from({ length: 15 }, () => {
      gc();
      const before = process.memoryUsage();
      time(call, 10);
      const after = process.memoryUsage();
      return [
        (after.heapUsed - before.heapUsed) / 10,
        (after.arrayBuffers - before.arrayBuffers) / 10,
      ];
    });
    return [0, 1].map((i) => median(found.map((f) => f[i])));
  };
  const task = genesis();
  let n = 0;
  const [heap, buffers] = measure(ours().pair);
  console.log(`pair with out: ${heap.toFixed(0)} B of heap, ${buffers.toFixed(0)} B of buffers`);
  const [newHeap, newBuffers] = measure(() => task.make(crop, createRng(0, n++)));
  console.log(
    `pair without:  ${newHeap.toFixed(0)} B of heap, ${newBuffers.toFixed(0)} B of buffers`,
  );
}

if (args.workers) await compareWorkers();
else if (args.allocation) allocation();
else if (args.python && args.reference) await compare();
else throw new Error('Give --python and --reference, or --workers, or --allocation.');
