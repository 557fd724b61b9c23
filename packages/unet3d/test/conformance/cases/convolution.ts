import { concatChannels, conv3d, convTranspose3d } from '@genesis/unet3d/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { OperationCase } from '../api.js';
import { plainConv3d, plainConvTranspose3d } from './plain.js';

type Triple = [number, number, number];

interface Convolution {
  size: Triple;
  batch?: number;
  filter: Triple;
  channels: [inputs: number, outputs: number];
  strides?: Triple;
  padding: 'same' | 'valid' | 'symmetric';
  bias?: boolean;
}

/** Few channels, odd ones, and those just over a vector's or a tile's width; sizes that no tile divides. */
const CONVOLUTIONS: readonly Convolution[] = [
  { size: [5, 6, 7], batch: 2, filter: [3, 3, 3], channels: [1, 12], padding: 'symmetric' },
  { size: [5, 6, 7], filter: [3, 3, 3], channels: [3, 5], padding: 'symmetric' },
  { size: [7, 5, 3], batch: 2, filter: [3, 3, 3], channels: [5, 33], padding: 'same' },
  { size: [6, 7, 5], filter: [3, 3, 3], channels: [12, 1], padding: 'same' },
  { size: [4, 9, 6], filter: [3, 3, 3], channels: [33, 3], padding: 'symmetric' },
  { size: [7, 6, 9], filter: [3, 3, 3], channels: [33, 33], padding: 'symmetric' },
  { size: [8, 7, 9], filter: [3, 3, 3], channels: [32, 64], padding: 'symmetric' },
  { size: [2, 3, 2], batch: 3, filter: [3, 3, 3], channels: [64, 33], padding: 'symmetric' },
  { size: [1, 1, 1], filter: [3, 3, 3], channels: [3, 5], padding: 'symmetric' },
  { size: [6, 5, 7], filter: [3, 3, 3], channels: [5, 12], padding: 'valid' },
  { size: [5, 6, 4], filter: [2, 4, 1], channels: [3, 5], padding: 'same' },
  { size: [5, 6, 4], filter: [2, 4, 1], channels: [3, 5], padding: 'symmetric' },
  { size: [7, 6, 5], filter: [1, 3, 5], channels: [3, 12], padding: 'symmetric' },
  { size: [5, 4, 3], batch: 2, filter: [1, 1, 1], channels: [33, 3], padding: 'symmetric' },
  { size: [5, 4, 3], filter: [1, 1, 1], channels: [12, 5], padding: 'valid', bias: false },
  { size: [6, 5, 4], filter: [3, 3, 3], channels: [5, 3], padding: 'symmetric', bias: false },
  {
    size: [7, 6, 9],
    filter: [3, 3, 3],
    channels: [3, 12],
    strides: [2, 2, 2],
    padding: 'symmetric',
  },
  { size: [7, 6, 9], filter: [3, 3, 3], channels: [12, 33], strides: [2, 2, 2], padding: 'same' },
  {
    size: [5, 7, 8],
    batch: 2,
    filter: [1, 3, 3],
    channels: [5, 3],
    strides: [1, 2, 2],
    padding: 'symmetric',
  },
  { size: [8, 7, 6], filter: [3, 2, 1], channels: [3, 3], strides: [3, 1, 2], padding: 'valid' },
  { size: [6, 8, 4], filter: [2, 2, 2], channels: [33, 5], strides: [2, 2, 2], padding: 'valid' },
];

function convolution({
  size,
  batch = 1,
  filter,
  channels: [inputs, outputs],
  strides = [1, 1, 1],
  padding,
  bias = true,
}: Convolution): OperationCase {
  const shapes = [
    { shape: [batch, ...size, inputs] },
    { shape: [...filter, inputs, outputs] },
    ...(bias ? [{ shape: [outputs] }] : []),
  ];
  return {
    name: `conv3d ${inputs}→${outputs} of ${batch}×${size.join('×')}, filter ${filter.join('×')}, strides ${strides.join('×')}, ${padding}${bias ? '' : ', no bias'}`,
    inputs: shapes,
    actual: (x, w, b = null) => conv3d(x, w, b, { strides, padding }),
    expected: (x, w, b = null) => plainConv3d(x, w, b, strides, padding),
  };
}

interface Transposed {
  size: Triple;
  batch?: number;
  filter: Triple;
  channels: [inputs: number, outputs: number];
  strides: Triple;
}

const TRANSPOSED: readonly Transposed[] = [
  { size: [3, 2, 5], batch: 2, filter: [2, 2, 2], channels: [1, 3], strides: [2, 2, 2] },
  { size: [3, 4, 2], filter: [2, 2, 2], channels: [12, 5], strides: [2, 2, 2] },
  { size: [4, 3, 5], filter: [2, 2, 2], channels: [33, 33], strides: [2, 2, 2] },
  { size: [3, 4, 5], filter: [1, 2, 2], channels: [5, 12], strides: [1, 2, 2] },
  { size: [3, 2, 3], filter: [3, 3, 3], channels: [3, 5], strides: [2, 2, 2] },
  { size: [2, 3, 4], filter: [2, 3, 1], channels: [3, 1], strides: [3, 1, 2] },
  // Windows side by side, enough of them for whole blocks.
  { size: [3, 2, 9], batch: 2, filter: [2, 2, 2], channels: [32, 16], strides: [2, 2, 2] },
  { size: [2, 3, 8], filter: [1, 2, 2], channels: [144, 8], strides: [1, 2, 2] },
];

function transposed({
  size,
  batch = 1,
  filter,
  channels: [inputs, outputs],
  strides,
}: Transposed): OperationCase {
  return {
    name: `convTranspose3d ${inputs}→${outputs} of ${batch}×${size.join('×')}, filter ${filter.join('×')}, strides ${strides.join('×')}`,
    inputs: [
      { shape: [batch, ...size, inputs] },
      { shape: [...filter, outputs, inputs] },
      { shape: [outputs] },
    ],
    actual: (x, w, b) => convTranspose3d(x, w, b, strides),
    expected: (x, w, b) => plainConvTranspose3d(x, w, b, strides),
  };
}

/** What a decoder does: two volumes joined, and convolved. The native engine does not join them where the sizes allow it. */
function ofJoined(
  size: Triple,
  channels: [number, number],
  outputs: number,
  k: number,
): OperationCase {
  const [first, second] = channels;
  const made = (x: tf.Tensor): tf.Tensor5D => tf.mul(x, 2) as tf.Tensor5D;
  return {
    name: `conv3d of ${size.join('×')}×(${first} + ${second})→${outputs}, filter of ${k}`,
    inputs: [
      { shape: [2, ...size, first] },
      { shape: [2, ...size, second] },
      { shape: [k, k, k, first + second, outputs] },
      { shape: [outputs] },
    ],
    actual: (a, b, w, bias) =>
      conv3d(concatChannels(made(a), made(b)), w, bias, { strides: [1, 1, 1], padding: 'same' }),
    expected: (a, b, w, bias) =>
      plainConv3d(tf.concat([made(a), made(b)], 4), w, bias, [1, 1, 1], 'same'),
  };
}

/** Convolutions of every padding kind, strided and not, and transposed ones. */
export const convolutions: readonly OperationCase[] = [
  ...CONVOLUTIONS.map(convolution),
  ...TRANSPOSED.map(transposed),
  ofJoined([8, 8, 8], [16, 16], 8, 3),
  ofJoined([8, 7, 9], [32, 17], 5, 3),
  ofJoined([9, 8, 8], [16, 20], 3, 1),
  ofJoined([8, 8, 8], [12, 20], 4, 3),
];
