// Two-sample tests of the nnU-Net preset against 2,000 samples of batchgeneratorsv2 with the transforms of nnU-Net's default
// trainer, whose statistics are in the fixture (test/reference/augment_statistics.py). Level: 1 % for all tests together
// (Bonferroni). And of the noise, that it is normal.
import {
  type Augmentation,
  compose,
  createRng,
  gaussianBlur,
  gaussianNoise,
  type LabelArray,
  mirror,
  nnunet,
  type Pair,
  ricianNoise,
  type SpatialFactors,
  spatial,
} from '@genesis/transforms';
import test from 'ava';
import ndarray from 'ndarray';
import { type Place, readFixture } from './support/fixture.js';
import { chiSquared, kolmogorovSmirnov } from './support/statistics.js';

const LEVEL = 0.01;

interface Manifest {
  samples: number;
  source: [number, number, number];
  patch: [number, number, number];
  rows: Record<'voxels' | 'labels', Place>;
  numbers: Record<string, Place>;
  classes: Record<string, Place>;
}

interface Table {
  numbers: Record<string, number[]>;
  classes: Record<string, number[]>;
}

const { manifest, array } = readFixture<Manifest>('augment-statistics');
const { source, patch, samples } = manifest;

const voxelNames = ['mean', 'deviation', 'least', 'most']
  .concat(Array.from({ length: 8 }, (_, i) => `bin${i}`))
  .concat(['rough x', 'rough y', 'rough z']);
const labelNames = ['label 0', 'label 1', 'label 2', 'at x', 'at y', 'at z'];

const columns = (names: string[], rows: number[][]): Record<string, number[]> =>
  Object.fromEntries(names.map((name, i) => [name, rows.map((row) => row[i])]));

/** Sample number i before augmentation; the script makes the same. */
function pairOf(i: number): Pair {
  const [nx, ny, nz] = source;
  const size = nx * ny * nz;
  const voxels = new Float32Array(2 * size);
  const label = new Uint8Array(size);
  for (let x = 0, at = 0; x < nx; x++)
    for (let y = 0; y < ny; y++)
      for (let z = 0; z < nz; z++, at++) {
        voxels[at] =
          Math.sin(0.51 * x + 0.7 * i) * Math.cos(0.47 * y + 0.3 * i) +
          Math.sin(0.61 * z + 0.11 * i);
        label[at] = Number(x > 9) + Number(y > 12);
      }
  voxels.copyWithin(size, 0, size);
  return { image: ndarray(voxels, [2, ...source]), label: ndarray(label, [...source]) };
}

function voxelRow(all: Float32Array): number[] {
  const [nx, ny, nz] = patch;
  const size = nx * ny * nz;
  const x = all.subarray(0, size);
  const bins = new Array<number>(8).fill(0);
  const rough = [0, 0, 0];
  let [sum, squares, least, most] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < size; i++) {
    const v = x[i];
    sum += v;
    squares += v * v;
    least = Math.min(least, v);
    most = Math.max(most, v);
    if (v >= -2 && v <= 2) bins[Math.min(Math.floor(2 * (v + 2)), 7)]++;
    if (i < size - ny * nz) rough[0] += Math.abs(x[i + ny * nz] - v);
    if (Math.floor(i / nz) % ny < ny - 1) rough[1] += Math.abs(x[i + nz] - v);
    if (i % nz < nz - 1) rough[2] += Math.abs(x[i + 1] - v);
  }
  const mean = sum / size;
  const counts = [(nx - 1) * ny * nz, nx * (ny - 1) * nz, nx * ny * (nz - 1)];
  return [
    mean,
    Math.sqrt(Math.max(squares / size - mean * mean, 0)),
    least,
    most,
    ...bins.map((n) => n / size),
    ...rough.map((r, axis) => r / counts[axis]),
  ];
}

function labelRow(label: LabelArray['data']): number[] {
  const [, ny, nz] = patch;
  const counts = [0, 0, 0];
  const at = [0, 0, 0];
  for (let i = 0; i < label.length; i++) {
    const v = label[i];
    counts[v]++;
    if (v !== 2) continue;
    at[0] += Math.floor(i / (ny * nz));
    at[1] += Math.floor(i / nz) % ny;
    at[2] += i % nz;
  }
  const where = at.map((sum) => (counts[2] > 0 ? sum / counts[2] : -1));
  // In float, as the fixture's: most samples have the label of a plain crop, and equal numbers must be equal.
  return [...counts.map((n) => n / label.length), ...where].map(Math.fround);
}

interface OneChannel {
  sigma?: number | number[];
  factor?: number;
  scale?: number[];
  gamma?: number;
}
interface Step {
  channels: (OneChannel | null)[];
}
type Drawn = [SpatialFactors, ...Step[]];

/** What samples look like, and what was drawn for them. */
function measure(augmentation: Augmentation, count: number): Table {
  const pairs = Array.from({ length: count }, (_, i) =>
    augmentation.make(pairOf(i), createRng(7, i)),
  );
  const factors = pairs.map((pair) => pair.factors as Drawn);
  const steps = [
    'noise',
    'blur',
    'brightness',
    'contrast',
    'lowResolution',
    'gammaInverted',
    'gamma',
  ];
  const channelsOf = (step: number): (OneChannel | null)[][] =>
    factors.map((all) => (all[step + 1] as Step).channels);
  const present = (step: number): OneChannel[] =>
    channelsOf(step)
      .flat()
      .filter((own): own is OneChannel => own !== null);
  const happened = (step: number): (OneChannel | null)[][] =>
    channelsOf(step).filter((own) => own.some((c) => c !== null));
  const turned = factors.filter(([{ angles }]) => angles.some((angle) => angle !== 0));
  const scaled = factors.filter(([{ scales }]) => scales.some((scale) => scale !== 1));
  return {
    numbers: {
      ...columns(
        voxelNames,
        pairs.map(({ image }) => voxelRow(image.data)),
      ),
      ...columns(
        labelNames,
        pairs.map(({ label }) => labelRow((label as LabelArray).data)),
      ),
      angleX: turned.map(([{ angles }]) => angles[0]),
      angleY: turned.map(([{ angles }]) => angles[1]),
      angleZ: turned.map(([{ angles }]) => angles[2]),
      scale: scaled.map(([{ scales }]) => scales[0]),
      noise: happened(0).map(([first]) => first?.sigma as number),
      blurX: present(1).map(({ sigma }) => (sigma as number[])[0]),
      blurZ: present(1).map(({ sigma }) => (sigma as number[])[2]),
      brightness: present(2).map(({ factor = 0 }) => factor),
      contrast: present(3).map(({ factor = 0 }) => factor),
      lowResolution: present(4).map(({ scale = [] }) => scale[0]),
      gammaInverted: present(5).map(({ gamma = 0 }) => gamma),
      gamma: present(6).map(({ gamma = 0 }) => gamma),
    },
    classes: {
      turned: factors.map((own) => Number(turned.includes(own))),
      scaled: factors.map((own) => Number(scaled.includes(own))),
      mirror: factors.map((all) =>
        (all[8] as unknown as { axes: number[] }).axes.reduce((bits, axis) => bits + 2 ** axis, 0),
      ),
      ...Object.fromEntries(
        // Blur and low resolution can happen to no channel; there the number of channels is compared.
        steps.map((name, step) => [
          `has ${name}`,
          channelsOf(step).map((own) => Number(own.some((c) => c !== null))),
        ]),
      ),
      blurred: channelsOf(1).map((own) => own.filter((c) => c !== null).length),
      lowered: channelsOf(4).map((own) => own.filter((c) => c !== null).length),
    },
  };
}

/** The same of the reference. */
function referenceTable(): Table {
  const rows = (place: Place): number[][] => {
    const data = array(place);
    const [n, width] = place.shape;
    return Array.from({ length: n }, (_, i) => Array.from(data.slice(i * width, (i + 1) * width)));
  };
  const all = (places: Record<string, Place>): Record<string, number[]> =>
    Object.fromEntries(
      Object.entries(places).map(([name, place]) => [name, Array.from(array(place))]),
    );
  const classes = all(manifest.classes);
  // Of those that happened at all, how many channels: with those that did not, as ours count.
  const spread = (has: string, counts: number[]): number[] => {
    let next = 0;
    return classes[has].map((did) => (did === 1 ? counts[next++] : 0));
  };
  const blurred = spread('has blur', classes.blurred);
  const lowered = spread('has lowResolution', classes.lowered);
  return {
    numbers: {
      ...columns(voxelNames, rows(manifest.rows.voxels)),
      ...columns(labelNames, rows(manifest.rows.labels)),
      ...all(manifest.numbers),
    },
    classes: {
      ...classes,
      blurred,
      lowered,
      'has blur': blurred.map((n) => Number(n > 0)),
      'has lowResolution': lowered.map((n) => Number(n > 0)),
    },
  };
}

const reference = referenceTable();
const TESTS = Object.keys(reference.numbers).length + Object.keys(reference.classes).length;

/** p-values of all statistics, the smallest first. */
function compare({ numbers, classes }: Table): [string, number][] {
  const found: [string, number][] = [];
  for (const [name, column] of Object.entries(numbers))
    found.push([name, kolmogorovSmirnov(column, reference.numbers[name])]);
  for (const [name, column] of Object.entries(classes))
    found.push([name, chiSquared(column, reference.classes[name])]);
  return found.sort((a, b) => a[1] - b[1]);
}

const preset = (): Augmentation => nnunet({ patch, channelAxis: 'first' });

test('2,000 samples of the nnU-Net preset are distributed as those of batchgeneratorsv2', (t) => {
  t.is(samples, 2000);
  const all = compare(measure(preset(), samples));
  t.is(all.length, TESTS);
  const smallest = all.slice(0, 3).map(([name, p]) => `${name} ${p.toFixed(4)}`);
  t.log(`${TESTS} tests, smallest p: ${smallest.join(', ')}`);
  for (const [name, p] of all) t.true(p > LEVEL / TESTS, `${name}: p = ${p}`);
});

// What such a comparison must find, or it finds nothing.
const base = { channelAxis: 'first' as const };
const wrong: [string, Augmentation, string][] = [
  [
    'turns happen a quarter less often',
    spatial({ ...base, patch, rotation: { rate: 0.15 }, scaling: { rate: 0.2 } }),
    'turned',
  ],
  [
    'scales are drawn from a smaller range',
    spatial({
      ...base,
      patch,
      rotation: { rate: 0.2 },
      scaling: { rate: 0.2, factor: [0.8, 1.3] },
    }),
    'scale',
  ],
  ['one axis is mirrored less often', mirror({ ...base, axes: [0, 1] }), 'mirror'],
];

for (const [what, augmentation, where] of wrong) {
  test(`a preset that differs is found: ${what}`, (t) => {
    const factors = Array.from({ length: samples }, (_, i) =>
      augmentation.draw(createRng(7, i), [2, ...source]),
    );
    const own = factors as (SpatialFactors & { axes: number[] })[];
    const column = {
      turned: () => own.map(({ angles }) => Number(angles.some((angle) => angle !== 0))),
      scale: () => own.map(({ scales }) => scales[0]).filter((scale) => scale !== 1),
      mirror: () => own.map(({ axes }) => axes.reduce((bits, axis) => bits + 2 ** axis, 0)),
    }[where as 'turned' | 'scale' | 'mirror']();
    const p =
      where === 'scale'
        ? kolmogorovSmirnov(column, reference.numbers.scale)
        : chiSquared(column, reference.classes[where]);
    t.true(p < LEVEL / TESTS, `${where}: p = ${p}`);
  });
}

test('a preset that differs is found: blur that is applied twice', (t) => {
  const twice = compose(
    nnunet({ patch, channelAxis: 'first' }),
    gaussianBlur({ ...base, rate: 0.2 }),
  );
  const rows = Array.from({ length: samples }, (_, i) =>
    voxelRow(twice.make(pairOf(i), createRng(7, i)).image.data),
  );
  const ps = voxelNames.map((name, i) =>
    kolmogorovSmirnov(
      rows.map((row) => row[i]),
      reference.numbers[name],
    ),
  );
  t.true(Math.min(...ps) < LEVEL / TESTS, `${Math.min(...ps)}`);
});

/** Probability that a standard normal number is below z (Abramowitz & Stegun 26.2.17, 7.5e-8). */
function normalBelow(z: number): number {
  const k = 1 / (1 + 0.2316419 * Math.abs(z));
  const coefficients = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153];
  const sum = coefficients.reduce((total, c) => (total + c) * k, 0);
  const above = (Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)) * sum;
  return z > 0 ? 1 - above : above;
}

/** What is added to zeros: a million numbers. */
function noiseOf(sigma: number): Float64Array {
  const image = ndarray(new Float32Array(100 ** 3), [100, 100, 100]);
  const made = gaussianNoise({ sigma }).make({ image }, createRng(3));
  return Float64Array.from(made.image.data, (v) => v / sigma);
}

test('noise is normal: Kolmogorov–Smirnov, moments and tails of a million numbers', (t) => {
  const noise = noiseOf(0.7);
  const n = noise.length;
  const moment = (power: number): number => noise.reduce((sum, z) => sum + z ** power, 0) / n;
  t.true(Math.abs(moment(1)) < 3.3 / Math.sqrt(n));
  t.true(Math.abs(moment(2) - 1) < 3.3 * Math.sqrt(2 / n));
  t.true(Math.abs(moment(3)) < 3.3 * Math.sqrt(15 / n));
  t.true(Math.abs(moment(4) - 3) < 3.3 * Math.sqrt(96 / n));
  for (const z of [2, 3, 4]) {
    const wanted = 2 * (1 - normalBelow(z));
    const found = noise.reduce((count, v) => count + Number(Math.abs(v) > z), 0) / n;
    t.true(Math.abs(found - wanted) < 3.3 * Math.sqrt(wanted / n), `${z}: ${found} ${wanted}`);
  }
  // Neighbors have nothing to do with each other, nor those that come from one word.
  for (const lag of [1, 2, 4, 8, 100]) {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += noise[i] * noise[i - lag];
    t.true(Math.abs(sum / n) < 3.3 / Math.sqrt(n), `lag ${lag}`);
  }
  let distance = 0;
  noise.sort().forEach((z, i) => {
    const p = normalBelow(z);
    distance = Math.max(distance, Math.abs(p - i / n), Math.abs(p - (i + 1) / n));
  });
  // 1 % level.
  t.true(distance < 1.63 / Math.sqrt(n), `${distance}`);
  t.true(Math.max(...noise.slice(-3)) > 4.4);
});

test('Rician noise on nothing is Rayleigh-distributed, and keeps mean and deviation of an image', (t) => {
  const image = ndarray(new Float32Array(64 ** 3), [64, 64, 64]);
  image.data[0] = 3;
  const made = ricianNoise({ sigma: 0.5 }).make({ image }, createRng(4));
  const values = Float64Array.from(made.image.data.subarray(1)).sort();
  const n = values.length;
  // Scaled back to the image's mean and deviation, but still of the shape of a Rayleigh distribution.
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n);
  const sigma = Math.sqrt(2 - Math.PI / 2);
  let distance = 0;
  values.forEach((v, i) => {
    const r = Math.sqrt(Math.PI / 2) + ((v - mean) / deviation) * sigma;
    const p = r > 0 ? 1 - Math.exp(-0.5 * r * r) : 0;
    distance = Math.max(distance, Math.abs(p - i / n), Math.abs(p - (i + 1) / n));
  });
  t.true(distance < 1.63 / Math.sqrt(n), `${distance}`);
});
