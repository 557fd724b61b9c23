// Every variant of a convolution, whichever is chosen, gives the same numbers; tuning measures them all.
import { noise, relativeError } from '@genesis/testing/numbers';
import { tuneEngine } from '@genesis/unet3d/engine';
import { conv3d, convTranspose3d } from '@genesis/unet3d/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { GenesisBackend } from '#src/engine/webgpu/device/backend.js';
import { testOn } from '../support/engines.js';

const TOLERANCE = 2e-6;

// biome-ignore lint/suspicious/noExplicitAny: one table for operations of different ranks
type Operation = (...inputs: any[]) => tf.Tensor;

const CASES: readonly [number[][], Operation][] = [
  [[[1, 3, 5, 7, 16], [3, 3, 3, 16, 20], [20]], (x, w, b) => conv3d(x, w, b)],
  [
    [[2, 4, 5, 3, 24], [3, 3, 3, 24, 68], [68]],
    (x, w, b) => conv3d(x, w, b, { strides: [2, 1, 2] }),
  ],
  [[[1, 3, 2, 5, 32], [2, 2, 2, 16, 32], [16]], (x, w, b) => convTranspose3d(x, w, b, [2, 2, 2])],
];

const tensor = (shape: number[], seed: number): tf.Tensor =>
  tf.tensor(noise(tf.util.sizeFromShape(shape), seed), shape);

async function results(): Promise<Float32Array[]> {
  const found: Float32Array[] = [];
  for (const [shapes, f] of CASES) {
    const inputs = shapes.map((shape, i) => tensor(shape, i + 1));
    const value = tf.tidy(() => f(...inputs));
    const dy = tensor(value.shape, 99);
    const all = [value, ...tf.grads(f)(inputs, dy)];
    for (const one of all) found.push((await one.data()) as Float32Array);
    tf.dispose([inputs, dy, all]);
  }
  return found;
}

testOn(
  'webgpu',
  'every variant of a convolution gives the same, and tuning chooses one',
  async (t) => {
    const { choices } = tf.backend() as unknown as GenesisBackend;
    const expected = await results();
    const notes = [...choices.open];
    t.true(notes.length >= 6);
    const most = Math.max(...notes.map(([, { names }]) => names.length));
    t.true(most >= 4, `${most} variants`);
    for (let nth = 0; nth < most; nth++) {
      for (const [key, { names }] of notes) choices.choose(key, names[nth % names.length]);
      for (const [i, values] of (await results()).entries()) {
        const error = relativeError(values, expected[i]);
        t.true(error <= TOLERANCE, `result ${i} of variant ${nth}: ${error}`);
      }
    }
  },
);

testOn('webgpu', 'tuning measures what was run, and strikes out what is wrong', async (t) => {
  const backend = tf.backend() as unknown as GenesisBackend;
  const x = tensor([1, 2, 3, 4, 16], 1);
  const w = tensor([1, 1, 3, 16, 16], 2);
  conv3d(x as tf.Tensor5D, w as tf.Tensor5D, null).dispose();
  const made = await tuneEngine(60_000);
  t.true(Object.keys(made).length >= 1);
  for (const [key, name] of Object.entries(made)) t.is(backend.choices.made.get(key), name);
  t.deepEqual(backend.choices.struckOut, []);
  // A variant that computes something else.
  const y = backend.output([4]);
  backend.choices.note('made up', ['right', 'also right', 'wrong'], () => ({
    result: y,
    clear: () => undefined,
    run(name) {
      const values = name === 'wrong' ? [1, 2, 3, 5] : [1, 2, 3, 4];
      backend.tensorMap.get(y.dataId).values = Float32Array.from(values);
    },
    dispose: () => undefined,
  }));
  const again = await tuneEngine(60_000);
  t.true(['right', 'also right'].includes(again['made up']));
  t.deepEqual(backend.choices.struckOut, ['made up: wrong']);
});
