// The augmentations of @genesis/transforms beside batchgeneratorsv2, TorchIO and MONAI, in one interleaved run: CPU time of
// one thread, one channel, every transform at rate 1, the presets at theirs.
// Commands (after `npx tsc -b packages/transforms`):
//   node tools/bench/transforms-augment.mjs --python PYTHON [--side 128] [--rounds 7]
//   node tools/bench/transforms-augment.mjs --workers [--side 64]     one worker beside two, and bare threads beside them
// PYTHON has numpy, scipy, SimpleITK, torch, batchgeneratorsv2, torchio and monai.
//
// Two numbers for single transforms: `alone` reads a volume, changes it and writes it to another array that is there;
// `in a pipeline` is what the transform adds to one that reads and writes anyway. Each is set beside what does the same:
// batchgeneratorsv2 changes intensities in place (`in place`, beside the pipeline) and is timed with a copy into another
// array that is there before (`copied`, beside alone); its mirror and transposition, TorchIO and MONAI make new arrays, and
// are set beside both.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import * as transforms from '@genesis/transforms';
import ndarray from 'ndarray';

const { values: args } = parseArgs({
  options: {
    python: { type: 'string' },
    side: { type: 'string', default: '128' },
    rounds: { type: 'string', default: '7' },
    only: { type: 'string' },
    workers: { type: 'boolean' },
  },
});
const side = Number(args.side);
const rounds = Number(args.rounds);
const patch = [side, side, side];
const { compose, createRng, spatial } = transforms;

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
const ms = (seconds) => `${(seconds * 1e3).toFixed(2)} ms`.padStart(11);

function noise(n, Buffer = ArrayBuffer) {
  const data = new Float32Array(new Buffer(4 * n ** 3));
  createRng(n).fillUniform(data);
  return ndarray(data, [n, n, n]);
}

function balls(n, Buffer = ArrayBuffer) {
  const data = new Uint8Array(new Buffer(n ** 3));
  const middle = (n - 1) / 2;
  let i = 0;
  for (let x = 0; x < n; x++)
    for (let y = 0; y < n; y++)
      for (let z = 0; z < n; z++) {
        const radius = Math.hypot(x - middle, y - middle, z - middle);
        data[i++] = Number(radius < 0.4 * side) + Number(radius < 0.2 * side);
      }
  return ndarray(data, [n, n, n]);
}

const large = Math.round(1.6 * side);
const largePair = (Buffer) => ({ image: noise(large, Buffer), label: balls(large, Buffer) });

/** CPU seconds per call, all threads of the process: what other processes do matters little. */
function time(call, count) {
  const start = process.cpuUsage();
  for (let i = 0; i < count; i++) call();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6 / count;
}

const byName = (name, opts) =>
  transforms.createAugmentation({
    name: name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    opts,
  });

/** What to time, by name; `base` is what a pipeline costs that does nothing else. */
function ours() {
  const whole = largePair();
  const crop = { image: noise(side) };
  const cropPair = { ...crop, label: balls(side) };
  const out = { image: noise(side), label: balls(side) };
  let seed = 0;
  const call = (augmentation, pair) => {
    const opts = { out: pair.label === undefined ? { image: out.image } : out };
    return () =>
      augmentation.apply(pair, augmentation.draw(createRng(seed++), pair.image.shape), opts);
  };
  // The image is read, worked on (one voxel) and written; the label is handed on.
  const nothing = transforms.cutOut({ boxes: 1, sides: 0, fill: 0.5 });
  const turn = { rotation: {}, scaling: {} };
  const calls = {
    preset: call(transforms.nnunet({ patch }), whole),
    torchioMr: call(transforms.torchioMr(), cropPair),
    spatial: call(spatial({ patch, ...turn }), whole),
    affine: call(spatial({ patch, ...turn, labels: 'nearest' }), whole),
    elastic: call(spatial({ elastic: {}, labels: 'nearest' }), cropPair),
    mirror: call(transforms.mirror({ rate: 1 }), cropPair),
    transposition: call(transforms.transposition(), cropPair),
  };
  const pipelines = { base: call(nothing, crop), basePair: call(nothing, cropPair) };
  for (const [name, opts] of Object.entries({ mirror: { rate: 1 }, transposition: {} }))
    pipelines[name] = call(compose(nothing, byName(name, opts)), cropPair);
  for (const [name, opts] of Object.entries({
    gaussianNoise: {},
    ricianNoise: {},
    gaussianBlur: {},
    sharpening: {},
    brightness: {},
    contrast: {},
    lowResolution: {},
    gamma: {},
    cutOut: { boxes: 2, fill: 0.5 },
    biasField: {},
    histogramShift: {},
    ghosting: {},
    spikes: {},
    motion: {},
  })) {
    calls[name] = call(byName(name, opts), crop);
    pipelines[name] = call(compose(nothing, byName(name, opts)), crop);
  }
  return { calls, pipelines };
}

async function startPython(python) {
  const script = fileURLToPath(new URL('transforms-augment-reference.py', import.meta.url));
  const child = spawn(python, [script, args.side], { stdio: ['pipe', 'pipe', 'inherit'] });
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

/** What depends on what is drawn, with so many calls a round of ours and of a peer: the mean of all rounds counts. */
const varied = {
  preset: [60, 12],
  torchioMr: [60, 12],
  spatial: [12, 4],
  affine: [12, 4],
};
const typical = (name, list) => (name in varied ? mean(list) : median(list));

const baseOf = (name) => (name === 'mirror' || name === 'transposition' ? 'basePair' : 'base');

async function compare() {
  const python = await startPython(args.python);
  const { calls, pipelines } = ours();
  const names = Object.keys(calls).filter(
    (name) => !args.only || args.only.split(',').includes(name),
  );
  const peers = (name) => python.names.filter((other) => other.split('/')[1] === name);
  const found = new Map();
  const note = (name, seconds) => found.set(name, [...(found.get(name) ?? []), seconds]);
  // What a round added, not what medians of different rounds differ by.
  const leastAdded = (name) => {
    const bases = found.get(`${baseOf(name)} ${name}`);
    return median(found.get(`+${name}`).map((seconds, round) => seconds - bases[round]));
  };
  for (const name of names) time(calls[name], side > 64 ? 4 : 40);
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const [own, others] = varied[name] ?? [6, 2];
      note(name, time(calls[name], own));
      if (name in pipelines) {
        note(`${baseOf(name)} ${name}`, time(pipelines[baseOf(name)], 4));
        note(`+${name}`, time(pipelines[name], 4));
      }
      for (const other of peers(name)) note(other, await python.time(other, others));
    }
  }
  python.end();
  console.log(
    `${transforms.kernelsInUse()}; ${rounds} interleaved rounds, ${patch.join('×')}: medians; means of what depends on what is drawn\n`,
  );
  for (const name of names) {
    const own = typical(name, found.get(name));
    // What is lost among the noise of the pipeline itself is no number.
    const least = name in pipelines ? leastAdded(name) : 0;
    const hasAdded =
      name in pipelines && least > 0.05 * median(found.get(`${baseOf(name)} ${name}`));
    const added = hasAdded ? least : null;
    const pipeline = added === null ? '' : `   in a pipeline ${ms(added)}`;
    if (name in pipelines && added === null)
      console.log(`${name}: too little to tell in a pipeline`);
    console.log(`${name.padEnd(34)}${ms(own)}${pipeline}`);
    for (const other of peers(name)) {
      const theirs = typical(name, found.get(other));
      const against = (seconds) => `${(theirs / seconds).toFixed(1).padStart(7)}×`;
      const ratio = other.includes(' in place/') ? '       –' : against(own);
      const isAlone = added === null || other.includes(' copied/');
      const inPipeline = isAlone ? '' : against(added).padStart(17);
      console.log(`  ${other.padEnd(32)}${ms(theirs)}${ratio}${inPipeline}`);
    }
  }
}

/** What a thread does in the given time: rounds of arithmetic, or of copying 32 MB. */
const BARE = `
const { parentPort, workerData: { copies, ms } } = require('node:worker_threads');
const [from, to] = [new Float64Array(2 ** 22), new Float64Array(2 ** 22)];
parentPort.on('message', () => {
  let [rounds, sum] = [0, 0];
  for (const end = performance.now() + ms; performance.now() < end; rounds++) {
    if (copies) to.set(from);
    else for (let i = 1; i < 1e6; i++) sum += Math.imul(i, i) % 7;
  }
  parentPort.postMessage(rounds + Math.min(0, sum));
});`;

/** How much two threads that share nothing do beside one, on this machine and now. */
async function bareThreads(copies) {
  const workerData = { copies, ms: 400 };
  const threads = [0, 1].map(() => new Worker(BARE, { eval: true, workerData }));
  const run = async (count) => {
    const done = threads.slice(0, count).map((thread) => once(thread, 'message'));
    for (const thread of threads.slice(0, count)) thread.postMessage(null);
    const rounds = await Promise.all(done);
    return rounds.reduce((sum, [found]) => sum + found, 0);
  };
  await run(2);
  const ratios = [];
  for (let round = 0; round < rounds; round++) {
    const one = await run(1);
    ratios.push((await run(2)) / one);
  }
  for (const thread of threads) await thread.terminate();
  return median(ratios);
}

async function compareWorkers() {
  const pairs = Array.from({ length: 4 }, () => largePair(SharedArrayBuffer));
  const pools = [1, 2].map((workers) =>
    transforms.createPairPool({
      augmentation: { name: 'nnunet', opts: { patch } },
      shape: patch,
      label: 'uint8',
      batchSize: 2,
      workers,
      prefetch: 2 * workers,
      seed: 0,
      pairs: ({ index }) => pairs[index % 4],
    }),
  );
  const count = side > 64 ? 64 : 256;
  const run = async (pool, epoch) => {
    const start = performance.now();
    const indices = Array.from({ length: count }, (_, i) => i);
    for await (const _ of pool.batches({ epoch, indices }));
    return count / ((performance.now() - start) / 1e3);
  };
  for (const pool of pools) await run(pool, 0);
  const rates = [[], []];
  const cpu = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const [i, pool] of pools.entries()) {
      const before = process.cpuUsage();
      rates[i].push(await run(pool, round));
      const { user, system } = process.cpuUsage(before);
      cpu[i].push((user + system) / 1e3 / count);
    }
  }
  for (const pool of pools) await pool.close();
  const [one, two] = rates.map(median);
  console.log(
    `${patch.join('×')}, batch 2: one worker ${one.toFixed(1)} samples/s, two ${two.toFixed(1)}: ${(two / one).toFixed(2)}×`,
  );
  // On a busy machine the ratio says little; that the second worker adds no work does.
  console.log(`CPU a sample: ${cpu.map((own) => `${median(own).toFixed(2)} ms`).join(', ')}`);
  const [counting, copying] = [await bareThreads(false), await bareThreads(true)];
  console.log(
    `two bare threads beside one: arithmetic ${counting.toFixed(2)}×, copies of 32 MB ${copying.toFixed(2)}×`,
  );
}

if (args.workers) await compareWorkers();
else if (args.python) await compare();
else throw new Error('Give --python, or --workers.');
