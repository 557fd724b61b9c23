// Tensors that are too large to be bound at once are worked through in parts; the same numbers come out.
import { noise, relativeError } from '@genesis/testing/numbers';
import { computeGradients, disposeGradients, meanSquaredError, sgd, unet3d } from '@genesis/unet3d';
import {
  concatChannels,
  conv3d,
  convTranspose3d,
  maxPool3d,
  normAct,
  upsample3d,
} from '@genesis/unet3d/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { GenesisBackend } from '#src/engine/webgpu/device/backend.js';
import { testOn } from '../support/engines.js';

const SMALL_BINDING = 8192;
const TOLERANCE = 2e-6;

function device(): GenesisBackend {
  return tf.backend() as unknown as GenesisBackend;
}

const tensor = (shape: number[], seed: number): tf.Tensor =>
  tf.tensor(noise(tf.util.sizeFromShape(shape), seed), shape);

// biome-ignore lint/suspicious/noExplicitAny: one table for operations of different ranks
type Operation = (...inputs: any[]) => tf.Tensor;

const CASES: readonly [name: string, shapes: number[][], f: Operation][] = [
  ...([3, 4] as const).flatMap((channels): [string, number[][], Operation][] => [
    [
      `convolution of ${channels} channels`,
      [[2, 6, 8, 10, channels], [3, 3, 3, channels, 8], [8]],
      (x, w, b) => conv3d(x, w, b),
    ],
    [
      `convolution of ${channels} channels by two`,
      [[2, 7, 8, 11, channels], [3, 3, 3, channels, 5], [5]],
      (x, w, b) => conv3d(x, w, b, { strides: [2, 2, 2] }),
    ],
    [
      `transposed convolution of ${channels} channels`,
      [[2, 4, 5, 6, channels], [2, 2, 2, 4, channels], [4]],
      (x, w, b) => convTranspose3d(x, w, b, [2, 2, 2]),
    ],
    ...(['batch', 'instance', 1] as const).map((groups): [string, number[][], Operation] => [
      `normalisation (${groups}) of ${channels} channels`,
      [[2, 6, 8, 10, channels], [channels], [channels]],
      (x, g, b) => normAct(x, g, b, { groups, epsilon: 1e-5, activation: 'relu' }),
    ]),
    [`pooling of ${channels} channels`, [[2, 7, 9, 11, channels]], (x) => maxPool3d(x, [2, 2, 2])],
    [
      `repetition of ${channels} channels`,
      [[2, 3, 5, 7, channels]],
      (x) => upsample3d(x, [2, 2, 2]),
    ],
    [
      `joined ${channels} channels`,
      [
        [2, 6, 8, 10, channels],
        [2, 6, 8, 10, 2],
      ],
      (a, b) => concatChannels(a, b),
    ],
    [`sums of ${channels} channels`, [[6, 8, 20, channels]], (x) => tf.sum(x, [0, 2])],
  ]),
  ['arithmetic', [[8, 600], [600]], (a, b) => tf.mul(tf.add(a, b), tf.sub(a, 2))],
  ['transposition', [[40, 3, 30]], (x) => tf.transpose(x, [2, 0, 1])],
];

testOn('webgpu', 'a small binding changes no results', async (t) => {
  const run = async (): Promise<Float32Array[][]> => {
    const results: Float32Array[][] = [];
    for (const [, shapes, f] of CASES) {
      const inputs = shapes.map((shape, i) => tensor(shape, i + 1));
      const value = tf.tidy(() => f(...inputs));
      const dy = tensor(value.shape, 99);
      const gradients = tf.grads(f)(inputs, dy);
      const all = [value, ...gradients];
      results.push((await Promise.all(all.map((one) => one.data()))) as Float32Array[]);
      tf.dispose([inputs, dy, all]);
    }
    return results;
  };
  const { limits, counts } = device();
  const whole = await run();
  const launches = counts.dispatches;
  const { binding } = limits;
  limits.binding = SMALL_BINDING;
  try {
    const parts = await run();
    t.true(counts.dispatches - launches > 1.5 * launches, 'in more parts');
    for (const [i, [name]] of CASES.entries()) {
      for (const [k, expected] of whole[i].entries()) {
        const error = relativeError(parts[i][k], expected);
        t.true(error <= TOLERANCE, `${name}, ${k === 0 ? 'value' : `gradient ${k - 1}`}: ${error}`);
      }
    }
  } finally {
    limits.binding = binding;
  }
});

testOn('webgpu', 'the same steps give the same bits, and take no more memory', async (t) => {
  const run = async (): Promise<{ losses: number[]; peaks: number[]; uploads: number[] }> => {
    const { pool, counts } = device();
    const model = unet3d({ inputShape: [8, 8, 8, 1], width: 3, levels: 2, seed: 1 });
    const optimizer = sgd({ learningRate: 0.01, momentum: 0.9 });
    const [losses, peaks, uploads]: [number[], number[], number[]] = [[], [], []];
    for (let step = 0; step < 6; step++) {
      const before = counts.uploads;
      pool.resetPeaks();
      const x = tensor([2, 8, 8, 8, 1], step + 1);
      const result = computeGradients(model, x, x, meanSquaredError);
      optimizer.step(result.grads, model);
      losses.push((await result.loss.data())[0]);
      disposeGradients(result);
      x.dispose();
      peaks.push(pool.peakBytesAllocated);
      uploads.push(counts.uploads - before);
    }
    optimizer.dispose();
    model.dispose();
    return { losses, peaks, uploads };
  };
  const [first, second] = [await run(), await run()];
  t.deepEqual(second.losses, first.losses);
  t.is(first.peaks[5], first.peaks[2]);
  t.true(second.uploads[5] <= 5, `${second.uploads} uploads`);
});
