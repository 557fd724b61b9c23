// The two sets of inner loops give the same bits.
import {
  type Augmentation,
  type AugmentationSpec,
  augmentationNames,
  createAugmentation,
  createRng,
  type Pair,
  selectKernels,
} from '@genesis/transforms';
import test from 'ava';
import { arraysOf, fullPair } from './support/pairs.js';
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
