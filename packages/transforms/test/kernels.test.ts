// The WebAssembly kernels and those in TypeScript must give the same bits.
import {
  createRng,
  denoising,
  genesis,
  kernelsInUse,
  localShuffling,
  outPainting,
  type ProxyTask,
  selectKernels,
  singleInPainting,
  type VolumeArray,
} from '@genesis/transforms';
import test from 'ava';
import { bits, randomVolume } from './support/volumes.js';

const shapes = [
  [64, 64, 32],
  [33, 17, 9],
  [5, 4, 3],
  [1, 1, 1],
  [12, 12, 70],
  [20, 1, 40],
];

function both(task: () => ProxyTask, crop: VolumeArray, seed: number): [Int32Array, Int32Array] {
  const run = (kernels: 'wasm' | 'typescript'): Int32Array => {
    selectKernels(kernels);
    return bits(task().make(crop, createRng(seed)).input.data);
  };
  return [run('wasm'), run('typescript')];
}

test.serial('WebAssembly is the default here', (t) => {
  t.is(kernelsInUse(), 'wasm');
});

for (const shape of shapes) {
  test.serial(`the preset, ${shape.join('×')}`, (t) => {
    const crop = randomVolume(shape, 3);
    const everything = {
      localShuffling: { rate: 1 },
      flip: { rate: 0.8, axes: [0, 1, 2] as const },
    };
    for (let seed = 0; seed < 12; seed++) {
      const [a, b] = both(() => genesis(everything), crop, seed);
      t.deepEqual(a, b);
    }
  });
}

test.serial('two channels, one curve each', (t) => {
  const crop = randomVolume([20, 18, 10, 2], 4);
  for (let seed = 0; seed < 12; seed++) {
    const [a, b] = both(
      () => genesis({ bezierIntensity: { curves: 'per-channel' }, localShuffling: { rate: 1 } }),
      crop,
      seed,
    );
    t.deepEqual(a, b);
  }
});

test.serial('windows of more than 256 voxels, and longer than 32', (t) => {
  const volume = randomVolume([24, 20, 90], 5);
  const shuffling = localShuffling({ rate: 1, windows: 60, maxFraction: 0.6 });
  const factors = shuffling.draw(createRng(1), volume.shape);
  selectKernels('wasm');
  const a = shuffling.apply(volume, factors);
  selectKernels('typescript');
  t.deepEqual(bits(a.data), bits(shuffling.apply(volume, factors).data));
  t.notDeepEqual(bits(a.data), bits(volume.data));
});

test.serial('noise outside of boxes, channel by channel', (t) => {
  const outside = outPainting({ sides: [0.1, 0.8] });
  for (const shape of [...shapes, [2, 2, 2, 3]]) {
    const volume = randomVolume(shape, 9);
    for (let seed = 0; seed < 5; seed++) {
      const factors = outside.draw(createRng(seed), shape);
      selectKernels('wasm');
      const a = outside.apply(volume, factors);
      selectKernels('typescript');
      t.deepEqual(bits(a.data), bits(outside.apply(volume, factors).data));
    }
  }
});

test.serial('noise in a box', (t) => {
  const crop = randomVolume([9, 7, 5], 6);
  const [a, b] = both(() => singleInPainting({ fill: 'noise' }), crop, 2);
  t.deepEqual(a, b);
});

test.serial('normal noise, also where groups of eight do not come out even', (t) => {
  for (const shape of [...shapes, [3, 5, 1], [2, 2, 2, 3]]) {
    const crop = randomVolume(shape, 8);
    for (const sigma of [0, 0.1, 0.37, 5]) {
      const [a, b] = both(() => denoising({ sigma: [sigma, sigma] }), crop, 3);
      t.deepEqual(a, b);
      t.is(sigma === 0, String(a) === String(bits(crop.data)));
    }
  }
});

test.serial('steep curves, where the table has no entry', (t) => {
  const crop = randomVolume([16, 16, 16], 7);
  for (let i = 0; i < 16; i++) crop.set(0, 0, i, 2 ** (-8 * i));
  for (const points of [
    [0, 1, 0, 1],
    [1, 0, 0, 1],
    [1, 0, 1, 0],
    [0, 0, 0, 1],
  ] as const) {
    const task = genesis();
    const factors = {
      flip: { axes: [] },
      localShuffling: { windows: [], permutations: [] },
      bezierIntensity: { curves: [{ points, increasing: true }] },
      inPainting: { boxes: [] },
      outPainting: { boxes: [], noise: { seed: [0, 0] as const } },
    };
    selectKernels('wasm');
    const a = task.apply(crop, factors).input;
    selectKernels('typescript');
    t.deepEqual(bits(a.data), bits(task.apply(crop, factors).input.data));
    t.true(a.data.every((v) => v >= 0 && v <= 1));
  }
});
