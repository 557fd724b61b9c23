// Resampling of 256³ volumes beside SimpleITK, interleaved in one run: medians, ratios, and whether the values agree.
// Processor time is what tells on a machine that does other things as well.
//   npm run build && PYTHON=path/to/python node tools/bench/resample.mjs [rounds]
// PYTHON needs numpy and SimpleITK. Ours runs on one thread; SimpleITK on one and on two.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createVolume, resampleLike } from '@genesis/volume-io';

const N = 256;
const rounds = Number(process.argv[2] ?? 5);

const cases = [
  { name: 'linear, aligned, int16', type: 'int16', size: 256, spacing: 0.97, origin: 2.2 },
  { name: 'linear, aligned, float32', type: 'float32', size: 256, spacing: 0.97, origin: 2.2 },
  {
    name: 'linear, rotated 12°, int16',
    type: 'int16',
    size: 256,
    spacing: 0.9,
    origin: 20,
    degrees: 12,
  },
  {
    name: 'linear, rotated 12°, float32',
    type: 'float32',
    size: 256,
    spacing: 0.9,
    origin: 20,
    degrees: 12,
  },
  ...['int16', 'float32'].map((type) => ({
    name: `linear, turned 12° and tilted 7°, ${type}`,
    type,
    size: 256,
    spacing: 0.9,
    origin: 20,
    degrees: 12,
    tilt: 7,
  })),
  {
    name: 'antialiased to 128³, float32',
    type: 'float32',
    size: 128,
    spacing: 2,
    origin: 0.5,
    smooth: true,
  },
  {
    name: 'nearest, aligned, uint8',
    type: 'uint8',
    size: 256,
    spacing: 0.97,
    origin: 2.2,
    nearest: true,
  },
].map((c) => ({
  degrees: 0,
  tilt: 0,
  nearest: false,
  ...c,
  sigma: c.smooth ? Math.sqrt((c.spacing ** 2 - 1) / (8 * Math.LN2)) : 0,
}));

const arrays = { int16: Int16Array, float32: Float32Array, uint8: Uint8Array };
const volumes = Object.fromEntries(
  Object.entries(arrays).map(([type, Type]) => [type, phantom(Type)]),
);

function phantom(Type) {
  const wave = Array.from({ length: N }, (_, n) => [
    Math.sin(n / 9),
    Math.cos(n / 7),
    Math.sin(n / 5),
  ]);
  const data = new Type(N ** 3);
  for (let k = 0, at = 0; k < N; k++) {
    for (let j = 0; j < N; j++) {
      for (let i = 0; i < N; i++, at++) data[at] = 500 * wave[i][0] * wave[j][1] + 300 * wave[k][2];
    }
  }
  // LPS, as ITK has it.
  return createVolume(data, {
    shape: [N, N, N],
    affine: [-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  });
}

function ours(c) {
  const [a, b] = [c.degrees, c.tilt].map((degrees) => (degrees * Math.PI) / 180);
  const direction = [
    [Math.cos(a), -Math.sin(a) * Math.cos(b), Math.sin(a) * Math.sin(b)],
    [Math.sin(a), Math.cos(a) * Math.cos(b), -Math.cos(a) * Math.sin(b)],
    [0, Math.sin(b), Math.cos(b)],
  ];
  // LPS becomes RAS.
  const signs = [-1, -1, 1];
  const affine = Float64Array.from([
    ...direction.flatMap((row, d) => [
      ...row.map((v) => signs[d] * c.spacing * v),
      signs[d] * c.origin,
    ]),
    ...[0, 0, 0, 1],
  ]);
  const start = performance.now();
  const busyStart = process.cpuUsage();
  const result = resampleLike(
    volumes[c.type],
    { shape: [c.size, c.size, c.size], affine },
    { interpolation: c.nearest ? 'nearest' : 'linear', antialias: c.sigma > 0 },
  );
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(busyStart);
  const sample = [];
  for (let i = 0; i < c.size; i += 16) sample.push(result.data.get(i, c.size / 2, c.size / 2));
  return { ms, busy: (user + system) / 1000, sample };
}

const python = spawn(
  process.env.PYTHON ?? 'python3',
  [new URL('resample.py', import.meta.url).pathname],
  {
    stdio: ['pipe', 'pipe', 'inherit'],
  },
);
const answers = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
async function theirs(c, threads) {
  python.stdin.write(`${JSON.stringify({ ...c, threads })}\n`);
  const { done, value } = await answers.next();
  if (done) throw new Error('the Python side ended');
  return JSON.parse(value);
}

const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
const columns = ['ours', 'SimpleITK, 1 thread', 'SimpleITK, 2 threads'];
console.log(
  `case | ${columns.join(' | ')} | SimpleITK (2 threads) / ours | processor time: ${columns.join(' | ')} | largest difference`,
);
for (const c of cases) {
  const wall = [[], [], []];
  const busy = [[], [], []];
  let difference = 0;
  for (let round = 0; round <= rounds; round++) {
    const runs = [ours(c), await theirs(c, 1), await theirs(c, 2)];
    difference = Math.max(...runs[0].sample.map((v, n) => Math.abs(v - runs[2].sample[n])));
    // The first round warms up.
    if (round === 0) continue;
    for (const [n, run] of runs.entries()) {
      wall[n].push(run.ms);
      busy[n].push(run.busy);
    }
  }
  const [walls, busies] = [wall, busy].map((list) => list.map(median));
  const ms = (list) => list.map((v) => `${v.toFixed(0)} ms`).join(' | ');
  const ratio = (walls[2] / walls[0]).toFixed(2);
  console.log(`${c.name} | ${ms(walls)} | ${ratio} | ${ms(busies)} | ${difference.toPrecision(2)}`);
}
python.stdin.end();
