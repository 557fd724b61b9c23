// Two-sample tests against 2,000 pairs of the reference code, whose statistics are in the fixture
// (test/reference/statistics_of_pairs.py). Level: 1 % for all tests together (Bonferroni).
import {
  type Box,
  createRng,
  type GenesisFactors,
  type GenesisOpts,
  genesis,
  type LocalShufflingOpts,
  localShuffling,
} from '@genesis/transforms';
import test from 'ava';
import ndarray from 'ndarray';
import { type Place, readFixture } from './support/fixture.js';
import { chiSquared, kolmogorovSmirnov } from './support/statistics.js';

const LEVEL = 0.01;
const shape = [64, 64, 32];
const size = 64 * 64 * 32;

type Column = 'flips' | 'net' | 'shuffled' | 'curve' | 'increasing' | 'paint';
type Counts = 'insideCount' | 'outsideCount';
type Boxes = 'insideBoxes' | 'outsideBoxes';
type Manifest = Record<Column | Counts | Boxes | 'voxels' | 'shuffling', Place> & {
  pairs: number;
  shufflings: number;
};

interface Table {
  /** Statistic by name, one number a pair. */
  numbers: Record<string, number[]>;
  classes: Partial<Record<Column | Counts, number[]>>;
}

const voxelNames = ['changed', 'meanDifference', 'mean', 'deviation'].concat(
  Array.from({ length: 10 }, (_, i) => `bin${i}`),
);
const boxNames = ['size x', 'size y', 'size z', 'start x', 'start y', 'start z'];

function columns(prefix: string, names: string[], rows: number[][]): Record<string, number[]> {
  return Object.fromEntries(names.map((name, i) => [prefix + name, rows.map((row) => row[i])]));
}

function cropOf(i: number): ndarray.NdArray<Float32Array> {
  const data = new Float32Array(size);
  const sx = Array.from({ length: 64 }, (_, x) => Math.sin(0.21 * x + 0.7 * i));
  const cy = Array.from({ length: 64 }, (_, y) => Math.cos(0.17 * y + 0.3 * i));
  const sz = Array.from({ length: 32 }, (_, z) => Math.sin(0.31 * z + 0.11 * i));
  let d = 0;
  for (let x = 0; x < 64; x++)
    for (let y = 0; y < 64; y++)
      for (let z = 0; z < 32; z++) data[d++] = 0.5 + 0.3 * sx[x] * cy[y] + 0.2 * sz[z];
  return ndarray(data, shape);
}

function voxelRow(x: Float32Array, y: Float32Array): number[] {
  const bins = new Array<number>(10).fill(0);
  let changed = 0;
  let difference = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < size; i++) {
    const d = Math.abs(x[i] - y[i]);
    if (d > 1e-6) changed++;
    difference += d;
    sum += x[i];
    squares += x[i] * x[i];
    bins[Math.min(Math.floor(x[i] * 10), 9)]++;
  }
  const mean = sum / size;
  const deviation = Math.sqrt(Math.max(squares / size - mean * mean, 0));
  return [changed, difference, sum, deviation * size, ...bins].map((v) => v / size);
}

/** What the factors alone say. */
function measureFactors(pairs: number, opts: Partial<GenesisOpts> = {}): Table {
  const task = genesis(opts);
  const drawn = Array.from({ length: pairs }, (_, i) => task.draw(createRng(0, i), shape));
  const inside = drawn.flatMap(({ inPainting: { boxes } }) => (boxes.length > 0 ? [boxes] : []));
  const outside = drawn.flatMap(({ outPainting: { boxes } }) => (boxes.length > 0 ? [boxes] : []));
  const boxRow = ({ size: s, start }: Box): number[] => [...s, ...start];
  const net = ({ flip: { axes } }: GenesisFactors): number => {
    let bits = 0;
    for (const axis of axes) bits ^= 1 << axis;
    return bits;
  };
  const paint = ({ inPainting, outPainting }: GenesisFactors): number =>
    inPainting.boxes.length > 0 ? 1 : outPainting.boxes.length > 0 ? 2 : 0;
  const curves = drawn.flatMap((f) => f.bezierIntensity.curves);
  return {
    numbers: {
      ...columns('inside ', boxNames, inside.flat().map(boxRow)),
      ...columns('outside ', boxNames, outside.flat().map(boxRow)),
    },
    classes: {
      flips: drawn.map(({ flip }) => flip.axes.length),
      net: drawn.map(net),
      shuffled: drawn.map((f) => Number('count' in f.localShuffling && f.localShuffling.count > 0)),
      curve: drawn.map((f) => f.bezierIntensity.curves.length),
      increasing: curves.map((c) => Number(c.increasing)),
      paint: drawn.map(paint),
      insideCount: inside.map((boxes) => boxes.length),
      outsideCount: outside.map((boxes) => boxes.length),
    },
  };
}

/** What the voxels of the pairs say. */
function measureVoxels(pairs: number): Table {
  const task = genesis();
  const out = { input: cropOf(0), target: cropOf(0) };
  const rows = Array.from({ length: pairs }, (_, i) => {
    task.make(cropOf(i), createRng(0, i), { out });
    return voxelRow(out.input.data, out.target.data);
  });
  return { numbers: columns('', voxelNames, rows), classes: {} };
}

/** Changed voxels and mean displacements along each axis of local shuffling alone. */
function measureShuffling(runs: number, opts: LocalShufflingOpts = {}): Table {
  const ramp = ndarray(
    Float32Array.from({ length: size }, (_, i) => i / size),
    shape,
  );
  const shuffling = localShuffling({ ...opts, rate: 1 });
  const out = ndarray(new Float32Array(size), shape);
  const rows = Array.from({ length: runs }, (_, run) => {
    shuffling.apply(ramp, shuffling.draw(createRng(1, run), shape), { out });
    const row = [0, 0, 0, 0];
    for (let i = 0; i < size; i++) {
      const from = out.data[i] * size;
      if (from !== i) row[0]++;
      row[1] += Math.abs((from >> 11) - (i >> 11));
      row[2] += Math.abs(((from >> 5) & 63) - ((i >> 5) & 63));
      row[3] += Math.abs((from & 31) - (i & 31));
    }
    return row.map((v) => v / size);
  });
  return { numbers: columns('shuffling ', ['changed', 'x', 'y', 'z'], rows), classes: {} };
}

const { manifest, array } = readFixture<Manifest>('reference-statistics');

function referenceTable(): Table {
  const rows = (place: Place): number[][] => {
    const data = array(place);
    const [n, width] = place.shape;
    return Array.from({ length: n }, (_, i) => Array.from(data.slice(i * width, (i + 1) * width)));
  };
  const classes = ['flips', 'net', 'shuffled', 'curve', 'increasing', 'paint'] as const;
  const counts = ['insideCount', 'outsideCount'] as const;
  return {
    numbers: {
      ...columns('', voxelNames, rows(manifest.voxels)),
      ...columns('inside ', boxNames, rows(manifest.insideBoxes)),
      ...columns('outside ', boxNames, rows(manifest.outsideBoxes)),
      ...columns('shuffling ', ['changed', 'x', 'y', 'z'], rows(manifest.shuffling)),
    },
    classes: Object.fromEntries(
      [...classes, ...counts].map((name) => [name, Array.from(array(manifest[name]))]),
    ),
  };
}

const reference = referenceTable();

/** All tests together: what one of them is compared with is LEVEL / TESTS. */
const TESTS = Object.keys(reference.numbers).length + Object.keys(reference.classes).length;

/** p-values of all statistics of the tables, the smallest first. */
function compare(...ours: Table[]): [string, number][] {
  const found: [string, number][] = [];
  for (const { numbers, classes } of ours) {
    for (const [name, column] of Object.entries(numbers)) {
      found.push([name, kolmogorovSmirnov(column, reference.numbers[name])]);
    }
    for (const [name, column] of Object.entries(classes)) {
      found.push([name, chiSquared(column, reference.classes[name as Column] ?? [])]);
    }
  }
  return found.sort((a, b) => a[1] - b[1]);
}

test('2,000 pairs are distributed as those of the reference code', (t) => {
  const { pairs, shufflings } = manifest;
  t.is(pairs, 2000);
  const all = compare(measureFactors(pairs), measureVoxels(pairs), measureShuffling(shufflings));
  t.is(all.length, TESTS);
  const smallest = all.slice(0, 3).map(([name, p]) => `${name} ${p.toFixed(4)}`);
  t.log(`${TESTS} tests, smallest p: ${smallest.join(', ')}`);
  for (const [name, p] of all) t.true(p > LEVEL / TESTS, `${name}: p = ${p}`);
});

// What such a comparison must find, or it finds nothing.
const wrong: [string, Partial<GenesisOpts>, string][] = [
  ['z is flipped too', { flip: { axes: [0, 1, 2] } }, 'net'],
  ['a fifth fewer pairs are shuffled', { localShuffling: { rate: 0.4 } }, 'shuffled'],
  ['curves rise more often', { bezierIntensity: { increasingRate: 0.6 } }, 'increasing'],
  ['more in-painting', { inPaintRate: 0.26 }, 'paint'],
  ['larger boxes of noise', { inPainting: { sides: [1 / 6, 0.4] } }, 'inside size x'],
  ['larger boxes are kept', { outPainting: { sides: [0.38, 4 / 7] } }, 'outside size x'],
  ['fewer boxes are kept', { outPainting: { boxRate: 0.9 } }, 'outsideCount'],
];

for (const [what, opts, where] of wrong) {
  test(`a preset that differs is found: ${what}`, (t) => {
    const p = compare(measureFactors(manifest.pairs, opts)).find(([name]) => name === where)?.[1];
    t.true((p ?? 1) < LEVEL / TESTS, `${where}: p = ${p}`);
  });
}

test('a preset that differs is found: a tenth fewer windows', (t) => {
  const all = compare(measureShuffling(40, { windows: 9000 }));
  t.true(all[0][1] < LEVEL / TESTS);
});
