import type { Vec3 } from '@genesis/core';
import * as tf from '@tensorflow/tfjs-core';
import { WebGpuError } from '../../errors.js';
import { concatChannels } from '../../ops/concat-channels.js';
import { convTranspose3d } from '../../ops/conv-transpose3d.js';
import { conv3d } from '../../ops/conv3d.js';
import { maxPool3d } from '../../ops/max-pool3d.js';
import { normAct } from '../../ops/norm-act.js';
import { noise } from './noise.js';

/** Relative L2 distance from the cpu engine that rounding cannot explain. */
const TOO_FAR = 1e-4;
/** Slope below zero of the test's second activation. */
const SLOPE = 0.1;
const TWO: Vec3 = [2, 2, 2];

/** The small network's input and weights. Channels and sizes are those that no vector or tile divides, and some that they do. */
const SHAPES = {
  input: [2, 4, 6, 10, 1],
  'first filter': [3, 3, 3, 1, 5],
  'first bias': [5],
  'first gamma': [5],
  'first beta': [5],
  'second filter': [3, 3, 3, 5, 12],
  'second bias': [12],
  'second gamma': [12],
  'second beta': [12],
  'transposed filter': [2, 2, 2, 3, 12],
  'transposed bias': [3],
  'third filter': [3, 3, 3, 8, 8],
  'third bias': [8],
  'head filter': [1, 1, 1, 8, 1],
  'head bias': [1],
} as const satisfies Record<string, readonly number[]>;

/** Batch normalisation takes out what a bias before it adds: its gradient is rounding noise. */
const NO_GRADIENT = 'gradient of the first bias';

function noiseTensor(shape: readonly number[], seed: number): tf.Tensor {
  return tf.tensor(noise(tf.util.sizeFromShape([...shape]), seed * 2_654_435_761), [...shape]);
}

function network(...given: tf.Tensor[]): tf.Tensor {
  const [x, w1, b1, g1, e1, w2, b2, g2, e2, wt, bt, w3, b3, wh, bh] = given as [
    tf.Tensor5D,
    ...(tf.Tensor5D & tf.Tensor1D)[],
  ];
  const fine = normAct(conv3d(x, w1, b1), g1, e1, {
    groups: 'batch',
    epsilon: 1e-5,
    activation: 'relu',
  });
  const coarse = normAct(conv3d(maxPool3d(fine, TWO), w2, b2), g2, e2, {
    groups: 3,
    epsilon: 1e-5,
    activation: 'leakyRelu',
    alpha: SLOPE,
  });
  const joined = concatChannels(convTranspose3d(coarse, wt, bt, TWO), fine);
  return conv3d(conv3d(joined, w3, b3), wh, bh);
}

/** The network's output and its gradient in everything, on the engine in use. */
async function run(): Promise<Map<string, Float32Array>> {
  const names = Object.keys(SHAPES);
  const inputs = Object.values(SHAPES).map((shape, i) => noiseTensor(shape, i + 1));
  const dy = noiseTensor([...SHAPES.input.slice(0, 4), 1], 99);
  const value = tf.tidy(() => network(...inputs));
  const gradients = tf.grads(network)(inputs, dy);
  const results = new Map<string, Float32Array>();
  try {
    results.set('output', (await value.data()) as Float32Array);
    for (const [i, gradient] of gradients.entries()) {
      results.set(`gradient of the ${names[i]}`, (await gradient.data()) as Float32Array);
    }
  } finally {
    tf.dispose([inputs, dy, value, gradients]);
  }
  return results;
}

function distance(actual: Float32Array, expected: Float32Array): number {
  let [difference, size] = [0, 0];
  for (const [i, value] of expected.entries()) {
    difference += (actual[i] - value) ** 2;
    size += value ** 2;
  }
  return Math.sqrt(difference / Math.max(size, Number.MIN_VALUE));
}

/**
 * Runs a small network forward and backward on the back end `name` and on the cpu engine, both registered, and compares. Graphics
 * drivers miscompile; what they get wrong must not train. Leaves one of the two in use.
 *
 * @throws WebGpuError 'gpu-self-test' that names what differs.
 */
export async function selfTest(name: string): Promise<void> {
  await tf.setBackend('cpu');
  const expected = await run();
  await tf.setBackend(name);
  const actual = await run();
  for (const [what, values] of expected) {
    if (what === NO_GRADIENT) continue;
    const far = distance(actual.get(what) ?? new Float32Array(), values);
    if (far <= TOO_FAR) continue;
    throw new WebGpuError(
      'gpu-self-test',
      `Kernels give wrong results with this graphics driver: the ${what} of a small network is ${far.toExponential(1)} from the cpu engine’s.`,
    );
  }
}
