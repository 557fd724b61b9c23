// Figures of segmentations beside DeepMind's surface-distance, MONAI and scipy, interleaved in one run: medians of milliseconds, and
// how many times as long they take.
//   npm run build && PYTHON=path/to/python node tools/bench/metrics.mjs [rounds]
// PYTHON needs surface-distance, monai, torch and scipy. One thread each. Ours gives all figures of scoreRegions, the overlaps and
// lesions too; theirs HD95 and surface Dice alone.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { connectedComponents, distanceTransform, scoreRegions } from '@genesis/inference';
import ndarray from 'ndarray';

const rounds = Number(process.argv[2] ?? 3);
const cases = [
  { name: 'organ in 128³', side: 128, radius: 0.25, spacing: [1.5, 1.5, 1.5] },
  { name: 'organ in 192³, anisotropic', side: 192, radius: 0.3, spacing: [0.8, 0.8, 2.5] },
];

function mask(side, shift, radius) {
  const data = new Uint8Array(side ** 3);
  for (let x = 0, n = 0; x < side; x++) {
    for (let y = 0; y < side; y++) {
      for (let z = 0; z < side; z++, n++) {
        const [u, v, w] = [x - side / 2 - shift, y - side / 2, z - side / 2].map(
          (value) => value / radius,
        );
        const wave = 0.1 * (Math.sin(x / 5) + Math.sin(y / 7) + Math.sin(z / 6));
        if (u * u + (v * v) / 1.44 + (w * w) / 0.81 + wave < 1) data[n] = 1;
      }
    }
  }
  return ndarray(data, [side, side, side]);
}

function timed(work) {
  const start = performance.now();
  const value = work();
  return { ms: performance.now() - start, value };
}

const python = spawn(
  process.env.PYTHON ?? 'python3',
  [new URL('metrics.py', import.meta.url).pathname],
  { stdio: ['pipe', 'pipe', 'inherit'] },
);
const answers = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
async function theirs(c) {
  python.stdin.write(`${JSON.stringify(c)}\n`);
  const { done, value } = await answers.next();
  if (done) throw new Error('the Python side ended');
  return JSON.parse(value);
}

const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
console.log('case | ours, ms | peer, ms | peer / ours | values');
for (const c of cases) {
  const [truth, predicted] = [0, 3].map((shift) => mask(c.side, shift, c.side * c.radius));
  const regions = [{ name: 'organ', values: [1] }];
  const own = Array.from({ length: 3 }, () => []);
  const other = Array.from({ length: 4 }, () => []);
  let last;
  for (let round = 0; round <= rounds; round++) {
    const mine = [
      timed(() => scoreRegions(truth, predicted, regions, { spacing: c.spacing })),
      timed(() => distanceTransform(truth, c.spacing)),
      timed(() => connectedComponents(truth)),
    ];
    const peers = await theirs(c);
    last = [mine, peers];
    // The first round warms up.
    if (round === 0) continue;
    for (const [n, { ms }] of mine.entries()) own[n].push(ms);
    for (const [n, { ms }] of peers.entries()) other[n].push(ms);
  }
  const [
    [
      {
        value: [score],
      },
    ],
    peers,
  ] = last;
  const line = (name, a, b, values = '') =>
    console.log(
      `${c.name}, ${name} | ${a.toFixed(0)} | ${b.toFixed(0)} | ${(b / a).toFixed(1)} | ${values}`,
    );
  const [mine, peer] = [own.map(median), other.map(median)];
  const text = (hd95, dice) => `HD95 ${hd95.toFixed(3)}, surface Dice ${dice.toFixed(4)}`;
  const said = text(score.hd95, score.surfaceDice);
  line('surface-distance', mine[0], peer[0], `${said}; theirs ${text(...peers[0].value)}`);
  line('MONAI', mine[0], peer[1], `${said}; theirs ${text(...peers[1].value)}`);
  line('distance transform, scipy', mine[1], peer[2]);
  line('connected parts, scipy', mine[2], peer[3]);
}
python.stdin.end();
