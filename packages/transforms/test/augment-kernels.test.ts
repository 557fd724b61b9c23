// The two sets of inner loops give the same bits.
import {
  type Augmentation,
  type AugmentationSpec,
  augmentationNames,
  createAugmentation,
  createRng,
  type LabelArray,
  type Pair,
  selectKernels,
  spatial,
} from '@genesis/transforms';
import test from 'ava';
import ndarray from 'ndarray';
import { arraysOf, fullPair, smoothVolume } from './support/pairs.js';
import { bits } from './support/volumes.js';

const shapes = [
  [17, 12, 21],
  [8, 8, 8],
  [5, 9, 3, 2],
  [1, 7, 16],
  [6, 1, 5],
  [9, 10, 1],
  [1, 1, 1],
];

/** Every augmentation at its defaults, and what the defaults leave out. */
const specs: AugmentationSpec[] = [
  ...augmentationNames.map((name) => ({ name }) as AugmentationSpec),
  { name: 'spatial', opts: { rotation: {}, scaling: { alikeRate: 0 }, shear: {} } },
  {
    name: 'spatial',
    opts: { rotation: {}, translation: {}, border: 'reflect', labels: 'nearest' },
  },
  { name: 'spatial', opts: { rotation: { angle: 2 }, border: 'nearest', order: 0 } },
  { name: 'spatial', opts: { rotation: {}, scaling: {}, order: 3, fill: 0.5, labelFill: 7 } },
  { name: 'spatial', opts: { rotation: {}, order: 3, border: 'reflect', fill: 'minimum' } },
  {
    name: 'spatial',
    opts: { elastic: { displacement: 2, locked: 0 }, fill: 'minimum', labelFill: 9 },
  },
  {
    name: 'spatial',
    opts: { elastic: { controlPoints: [4, 5, 6], locked: 1 }, border: 'reflect' },
  },
  { name: 'spatial', opts: { patch: [6, 7, 9], place: 'random', rotation: {}, elastic: {} } },
  { name: 'spatial', opts: { patch: [20, 5, 9], border: 'reflect', translation: { voxels: 0.5 } } },
  { name: 'spatial', opts: { patch: [20, 5, 9], border: 'nearest' } },
  { name: 'spatial', opts: { acrossAxis: 2, rotation: { angle: [-3, 3] }, elastic: {} } },
  { name: 'gamma', opts: { invertRate: 0.5, keepStatsRate: 0.5 } },
  { name: 'sharpening', opts: { clampRate: 1 } },
  { name: 'ghosting', opts: { restore: [0.1, 0.3] } },
  { name: 'spikes', opts: { spikes: [2, 3], intensity: [-0.5, 0.5] } },
  { name: 'gaussian-blur', opts: { sigma: [1, 4] } },
  { name: 'low-resolution', opts: { scale: [0.1, 0.6], axes: 'each' } },
  { name: 'bias-field', opts: { order: 5, coefficients: [-3, 3] } },
  { name: 'torchio-mr', opts: { artifactRate: 1 } },
];

const isCube = ([x, y, z]: readonly number[]): boolean => x === y && y === z;

function run(augmentation: Augmentation, pair: Pair, seed: number, name: 'wasm' | 'typescript') {
  selectKernels(name);
  return augmentation.make(pair, createRng(seed));
}

for (const spec of specs) {
  test.serial(`${JSON.stringify(spec)}: WebAssembly and TypeScript give the same bits`, (t) => {
    const augmentation = createAugmentation(spec);
    for (const shape of shapes) {
      if (spec.name === 'transposition' && !isCube(shape)) continue;
      for (let seed = 0; seed < 3; seed++) {
        const pair = fullPair(shape, seed);
        const before = arraysOf(fullPair(shape, seed));
        const a = run(augmentation, pair, seed, 'wasm');
        const b = run(augmentation, pair, seed, 'typescript');
        t.deepEqual(arraysOf(pair), before);
        t.deepEqual(a.factors, b.factors);
        t.deepEqual(a.image.shape, b.image.shape);
        const [ours, twins] = [arraysOf(a), arraysOf(b)];
        for (const [key, values] of Object.entries(ours)) {
          const twin = twins[key];
          if (values instanceof Float32Array && twin instanceof Float32Array) {
            t.true(values.every(Number.isFinite), key);
            t.deepEqual(bits(values), bits(twin), `${shape} ${seed} ${key}`);
          } else t.deepEqual(values, twin, `${shape} ${seed} ${key}`);
        }
      }
    }
  });
}

/** Labels of long rows: balls, stripes, all that 8 or 16 bits number, and single voxels. */
function longLabels(shape: readonly number[], Elements: typeof Uint8Array | typeof Uint16Array) {
  const data = new Elements(shape[0] * shape[1] * shape[2]);
  const most = 2 ** (8 * Elements.BYTES_PER_ELEMENT) - 1;
  let n = 0;
  for (let x = 0; x < shape[0]; x++)
    for (let y = 0; y < shape[1]; y++)
      for (let z = 0; z < shape[2]; z++, n++) {
        const radius = Math.hypot(x - 20, y - 19, (z % 100) - 50);
        data[n] = radius < 10 ? most : radius < 16 ? 3 : z > 200 ? 1 + (y >> 3) : 0;
        if (n % 9001 === 0) data[n] = 7;
      }
  return ndarray(data, [...shape]) as LabelArray;
}

// Rows are made in pieces of 128 voxels, several planes of rows together.
for (const [Elements, opts] of [
  [Uint8Array, { rotation: {}, scaling: { factor: [1.4, 1.9] } }],
  [Uint8Array, { rotation: {}, scaling: { factor: [1.5, 2.5] }, labels: 'nearest', labelFill: 5 }],
  [Uint8Array, { elastic: { displacement: 3 }, labelFill: 255, fill: 0.5 }],
  [Uint16Array, { rotation: { angle: 0.1 }, scaling: { factor: [1.2, 2] }, labelFill: 3 }],
  [Uint16Array, { scaling: { factor: 1.7 }, labels: 'nearest', border: 'reflect' }],
  [Uint16Array, { elastic: {}, rotation: {}, border: 'nearest', labels: 'nearest', order: 0 }],
] as const) {
  const name = JSON.stringify([Elements.name, opts]);
  test.serial(`long rows, ${name}: WebAssembly and TypeScript give the same bits`, (t) => {
    const shape = [41, 38, 290];
    const pair = { image: smoothVolume(shape), label: longLabels(shape, Elements) };
    const augmentation = spatial({ patch: [19, 17, 267], ...opts });
    for (let seed = 0; seed < 3; seed++) {
      const a = run(augmentation, pair, seed, 'wasm');
      const b = run(augmentation, pair, seed, 'typescript');
      t.deepEqual(bits(a.image.data), bits(b.image.data));
      const twin = b.label?.data;
      t.true(a.label?.data.every((label, i) => label === twin?.[i]));
      t.true(new Set(a.label?.data).size > 3);
    }
  });
}
