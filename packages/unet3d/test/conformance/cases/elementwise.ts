import type { FusedActivation } from '@genesis/core/kernels';
import {
  activationOp,
  addAct,
  averagePool3d,
  concatChannels,
  crop3d,
  globalAveragePool3d,
  maxPool3d,
  padZeros3d,
  prelu,
  upsample3d,
} from '@genesis/unet3d/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { OperationCase } from '../api.js';
import { plainActivation, plainMaxPool3d, plainPad, plainUpsample3d } from './plain.js';

type Triple = [number, number, number];

const CHANNELS = [1, 3, 5, 12, 33] as const;
const SLOPES: readonly [FusedActivation, number][] = [
  ['linear', 0],
  ['relu', 0],
  ['leakyRelu', 0.01],
  ['elu', 1],
  ['elu', 0.7],
];

const odd = (channels: number): number[] => [2, 3, 5, 7, channels];

/** Activations alone, with a learnt slope, and after a sum. */
export const activations: readonly OperationCase[] = CHANNELS.flatMap((channels) => [
  ...SLOPES.map(
    ([activation, alpha]): OperationCase => ({
      name: `${activation} (${alpha}) of ${odd(channels).join('×')}`,
      inputs: [{ shape: odd(channels) }],
      actual: (x) => activationOp(x, activation, alpha),
      expected: (x) => plainActivation(x, activation, alpha),
    }),
  ),
  ...SLOPES.map(
    ([activation, alpha]): OperationCase => ({
      name: `sum + ${activation} (${alpha}) of ${odd(channels).join('×')}`,
      inputs: [{ shape: odd(channels) }, { shape: odd(channels) }],
      actual: (a, b) => addAct(a, b, activation, alpha),
      expected: (a, b) => plainActivation(tf.add(a, b), activation, alpha),
    }),
  ),
  {
    name: `prelu of ${odd(channels).join('×')}`,
    inputs: [{ shape: odd(channels) }, { shape: [channels], scale: 0.3 }],
    actual: (x, alpha) => prelu(x, alpha),
    expected: (x, alpha) => tf.sub(tf.relu(x), tf.mul(tf.relu(tf.neg(x)), alpha)),
  },
]);

function pooling(size: number[], window: Triple): OperationCase[] {
  const label = `of ${size.join('×')} by ${window.join('×')}`;
  const whole = size.slice(1, 4).every((n, axis) => n % window[axis] === 0);
  const inputs = [{ shape: size }];
  const average: OperationCase = {
    name: `average pool ${label}`,
    inputs,
    actual: (x) => averagePool3d(x, window),
    expected: (x) => tf.avgPool3d(x, window, window, 'valid'),
  };
  return [
    {
      name: `max pool ${label}`,
      inputs,
      actual: (x) => maxPool3d(x, window),
      expected: (x) => plainMaxPool3d(x, window),
    },
    // Its sides must be divisible.
    ...(whole ? [average] : []),
  ];
}

function upsampling(size: number[], repeats: Triple): OperationCase {
  return {
    name: `upsample3d of ${size.join('×')} by ${repeats.join('×')}`,
    inputs: [{ shape: size }],
    actual: (x) => upsample3d(x, repeats),
    expected: (x) => plainUpsample3d(x, repeats),
  };
}

/** What makes a volume smaller or larger. */
export const resizings: readonly OperationCase[] = [
  ...CHANNELS.flatMap((channels) => [
    ...pooling([2, 4, 6, 2, channels], [2, 2, 2]),
    ...pooling([1, 5, 7, 3, channels], [2, 2, 2]),
    ...pooling([1, 3, 4, 6, channels], [1, 2, 3]),
    ...pooling([2, 4, 4, 3, channels], [2, 2, 1]),
    ...pooling([1, 2, 4, 4, channels], [1, 2, 2]),
    upsampling([2, 3, 1, 5, channels], [2, 2, 2]),
    upsampling([1, 2, 3, 4, channels], [1, 3, 2]),
    {
      name: `global average pool of ${odd(channels).join('×')}`,
      inputs: [{ shape: odd(channels), shift: 0.5 }],
      actual: (x) => globalAveragePool3d(x),
      expected: (x) => tf.mean(x, [1, 2, 3]),
    } satisfies OperationCase,
  ]),
  {
    name: 'max pool of negative values only',
    inputs: [{ shape: [1, 4, 4, 4, 3], shift: -3 }],
    actual: (x) => maxPool3d(x, [2, 2, 2]),
    expected: (x) => plainMaxPool3d(x, [2, 2, 2]),
  },
];

/** What only moves values. */
export const layouts: readonly OperationCase[] = [
  ...(
    [
      [1, 1],
      [3, 5],
      [12, 1],
      [33, 12],
    ] as const
  ).map(
    ([a, b]): OperationCase => ({
      name: `concat of ${a} and ${b} channels`,
      inputs: [{ shape: [2, 3, 5, 2, a] }, { shape: [2, 3, 5, 2, b] }],
      actual: (x, y) => concatChannels(x, y),
      expected: (x, y) => tf.concat([x, y], 4),
    }),
  ),
  ...CHANNELS.flatMap((channels): OperationCase[] => [
    {
      name: `pad of ${odd(channels).join('×')}`,
      inputs: [{ shape: odd(channels) }],
      actual: (x) => padZeros3d(x, [1, 0, 2], [0, 3, 1]),
      expected: (x) => plainPad(x, [1, 0, 2], [0, 3, 1]),
    },
    {
      name: `crop of ${odd(channels).join('×')}`,
      inputs: [{ shape: odd(channels) }],
      actual: (x) => crop3d(x, [1, 0, 2], [2, 5, 3]),
      expected: (x) => tf.slice(x, [0, 1, 0, 2, 0], [-1, 2, 5, 3, -1]),
    },
  ]),
];
