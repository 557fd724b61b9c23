// Speed of every convolution of the 3-D U-Net beside PyTorch's, per layer shape and direction.
//
//   node packages/tfjs-backend-native/scripts/build.mjs --benches
//   node tools/bench/conv-shapes.mjs --python PYTHON [--python PYTHON2 …] [--bench PROGRAM]
//        [--batch 1] [--threads 2] [--rounds 5] [--network unet|small] [--clock wall|cpu] [--json FILE]
//
// The first command builds the benchmark; PROGRAM is another build of it. All stay
// alive and take turns in every round, so that a busy machine slows both; the table gives medians. GFLOP/s count
// the multiplications of direct convolution (Winograd's may exceed the machine's peak). On a machine that others
// use, --clock cpu --threads 1 compares processor time instead. The ratio is to the
// fastest of the given PyTorch versions, and the last line weighs every layer by its time.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: args } = parseArgs({
  options: {
    bench: {
      type: 'string',
      default: fileURLToPath(
        new URL('../../packages/tfjs-backend-native/build/native/conv-bench', import.meta.url),
      ),
    },
    python: { type: 'string', multiple: true, default: [] },
    batch: { type: 'string', default: '1' },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '5' },
    network: { type: 'string', default: 'unet' },
    clock: { type: 'string', default: 'wall' },
    json: { type: 'string' },
  },
});
const DIRECTIONS = ['forward', 'input-grad', 'filter-grad'];

/** 3×3×3 "same" layer of a size. */
const same = ([d, h, w], inC, outC) => ({
  name: `${inC}→${outC} @${d}×${h}×${w}`,
  numbers: [d, h, w, inC, d, h, w, outC, 3, 1, 1],
});

/** Transposed 2×2×2 layer up to a size: as a convolution, its input gradient is the layer's forward pass. */
const up = ([d, h, w], channels) => ({
  name: `${channels}→${channels} ↑@${d}×${h}×${w}`,
  numbers: [d, h, w, channels, d / 2, h / 2, w / 2, channels, 2, 2, 0],
});

const point = ([d, h, w], inC, outC) => ({
  name: `${inC}→${outC} 1³ @${d}×${h}×${w}`,
  numbers: [d, h, w, inC, d, h, w, outC, 1, 1, 0],
});

/** Layers of the reference U-Net with a first width, on an input size. */
function network(width, size) {
  const at = (level) => size.map((n) => n / 2 ** level);
  const layers = [];
  let channels = 1;
  for (let level = 0; level < 4; level++) {
    const wide = width * 2 ** level;
    layers.push(same(at(level), channels, wide), same(at(level), wide, 2 * wide));
    channels = 2 * wide;
  }
  for (let level = 2; level >= 0; level--) {
    const skip = width * 2 ** (level + 1);
    layers.push(up(at(level), channels));
    layers.push(same(at(level), channels + skip, skip), same(at(level), skip, skip));
    channels = skip;
  }
  layers.push(point(size, channels, 1));
  return layers;
}

const NETWORKS = {
  unet: () => network(32, [64, 64, 32]),
  small: () => network(8, [32, 32, 32]),
};

/** A program that answers each line with a line. */
async function start(command, commandArgs) {
  const child = spawn(command, commandArgs, { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.resolve(line));
  child.on('close', (code) => {
    for (const w of waiting) w.reject(new Error(`${command} ended with status ${code}`));
  });
  const read = () => new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  const title = await read();
  return {
    title,
    ask: (line) => {
      const answer = read();
      child.stdin.write(`${line}\n`);
      return answer.then(Number);
    },
    stop: () => child.stdin.end(),
  };
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

const script = new URL('./conv-shapes-torch.py', import.meta.url).pathname;
const native = await start(args.bench, [args.threads, 'auto', args.clock]);
const torches = [];
for (const python of args.python)
  torches.push(await start(python, [script, args.threads, args.clock]));
const sides = [native, ...torches];
const rounds = Number(args.rounds);
const batch = Number(args.batch);

const peaks = [];
for (let i = 0; i < 3; i++) peaks.push(await native.ask('peak'));
const peak = Math.max(...peaks);
console.log(`native: ${native.title}; measured FMA peak ${peak.toFixed(0)} GFLOP/s`);
for (const [i, t] of torches.entries()) {
  console.log(`torch ${i + 1}: ${t.title}, ${args.threads} threads`);
}
console.log(`batch ${batch}, ${args.clock} time, medians of ${rounds} interleaved rounds, GFLOP/s`);
console.log(
  '| layer | direction | native | × peak |' +
    torches.map((_, i) => ` torch ${i + 1} |`).join('') +
    ' ratio |',
);
console.log(`|---|---|---|---|${torches.map(() => '---|').join('')}---|`);

const rows = [];
for (const layer of NETWORKS[args.network]()) {
  const [, , , inC, d, h, w, outC, kernel] = layer.numbers;
  const flops = 2 * batch * d * h * w * inC * outC * kernel ** 3;
  for (const direction of DIRECTIONS) {
    // Nobody needs the gradient of the network's input.
    if (inC === 1 && direction === 'input-grad') continue;
    const line = [direction, batch, ...layer.numbers].join(' ');
    const times = sides.map(() => []);
    for (const side of sides) await side.ask(line); // warms up, allocates
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < sides.length; i++) times[i].push(await sides[i].ask(line));
    }
    const seconds = times.map(median);
    const rates = seconds.map((s) => flops / s / 1e9);
    const fastest = Math.min(...seconds.slice(1));
    rows.push({ layer: layer.name, direction, flops, seconds, fastest });
    console.log(
      `| ${layer.name} | ${direction} | ${rates[0].toFixed(0)} | ${(rates[0] / peak).toFixed(2)} |` +
        rates
          .slice(1)
          .map((r) => ` ${r.toFixed(0)} |`)
          .join('') +
        (torches.length > 0 ? ` ${(fastest / seconds[0]).toFixed(2)} |` : ' |'),
    );
  }
}
for (const direction of [...DIRECTIONS, 'all']) {
  const chosen = rows.filter((r) => direction === 'all' || r.direction === direction);
  const total = chosen.reduce((s, r) => s + r.seconds[0], 0);
  const theirs = torches.map((_, i) => chosen.reduce((s, r) => s + r.seconds[i + 1], 0));
  console.log(
    `${direction}: native ${(total * 1e3).toFixed(1)} ms` +
      theirs
        .map(
          (t, i) => `, torch ${i + 1} ${(t * 1e3).toFixed(1)} ms (ratio ${(t / total).toFixed(2)})`,
        )
        .join('') +
      (torches.length > 1
        ? `, fastest per layer ${(chosen.reduce((s, r) => s + r.fastest, 0) / total).toFixed(2)}`
        : ''),
  );
}
if (args.json !== undefined)
  writeFileSync(args.json, JSON.stringify({ peak, batch, rows }, null, 1));
for (const side of sides) side.stop();
