import { GenesisConv3dInputGrad } from '@genesis/core/kernels';
import { noise, relativeError } from '@genesis/testing';
import { nativeMemory, setNumThreads } from '@genesis/tfjs-backend-native';
import * as tf from '@tensorflow/tfjs-core';
import test, { type ExecutionContext } from 'ava';
import { FAST_TOLERANCE, runNative, sizeOf } from './support.js';

const SHAPE = [1, 8, 8, 8];

test.beforeEach(async () => {
  await tf.setBackend('native');
});

/** A tensor in the engine's own memory. */
function made(channels: number, seed: number): tf.Tensor5D {
  const shape = [...SHAPE, channels];
  return tf.tidy(() => tf.mul(tf.tensor(noise(sizeOf(shape), seed), shape), 1)) as tf.Tensor5D;
}

/** Joined as they are, and by a copy. */
function joined(a: tf.Tensor, b: tf.Tensor): { parts: tf.Tensor5D; whole: tf.Tensor5D } {
  const parts = tf.concat([a, b], 4) as tf.Tensor5D;
  const values = tf.tidy(() => tf.concat([a, b], 4).dataSync());
  return { parts, whole: tf.tensor(values, parts.shape) as tf.Tensor5D };
}

function close(t: ExecutionContext, actual: tf.Tensor, expected: tf.Tensor): void {
  t.deepEqual(actual.shape, expected.shape);
  t.true(relativeError(actual.dataSync(), expected.dataSync()) <= FAST_TOLERANCE);
}

test.serial('volumes that are joined by their channels hold no memory of their own', (t) => {
  const { live } = nativeMemory();
  const [a, b] = [made(16, 1), made(20, 2)];
  const held = nativeMemory().live;
  const parts = tf.concat([a, b], 4);
  t.is(nativeMemory().live, held);
  // Those that a part was can go; the part stays.
  tf.dispose([a, b]);
  t.is(nativeMemory().live, held);
  const slices = tf.tidy(() => {
    const rows = tf.reshape(parts, [-1, 36]);
    return [tf.slice(rows, [0, 0], [-1, 16]), tf.slice(rows, [0, 16], [-1, 20])];
  });
  t.is(nativeMemory().live, held);
  parts.dispose();
  t.is(nativeMemory().live, held);
  for (const [n, slice] of slices.entries()) {
    t.deepEqual(slice.dataSync(), noise(sizeOf(slice.shape), n + 1));
    slice.dispose();
  }
  t.is(nativeMemory().live, live);
});

test.serial('whoever asks for all values gets them joined, once', (t) => {
  const { live } = nativeMemory();
  const [a, b] = [made(16, 1), made(18, 2)];
  const parts = tf.concat([a, b], 4);
  const view = tf.reshape(parts, [-1, 17]);
  const expected = new Float32Array(parts.size);
  const [first, second] = [a.dataSync(), b.dataSync()];
  for (let voxel = 0; voxel < sizeOf(SHAPE); voxel++) {
    expected.set(first.subarray(voxel * 16, voxel * 16 + 16), voxel * 34);
    expected.set(second.subarray(voxel * 18, voxel * 18 + 18), voxel * 34 + 16);
  }
  t.deepEqual(
    tf.tidy(() => tf.slice(parts, [0, 0, 0, 0, 15], [-1, -1, -1, -1, 2]).shape[4]),
    2,
  );
  t.deepEqual(view.dataSync(), expected);
  t.deepEqual(parts.dataSync(), expected);
  const doubled = tf.add(parts, parts);
  t.is(doubled.dataSync()[40], 2 * expected[40]);
  tf.dispose([a, b, parts, view, doubled]);
  t.is(nativeMemory().live, live);
});

for (const { name, filter, strides } of [
  { name: 'Winograd', filter: [3, 3, 3, 36, 24], strides: 1 },
  { name: 'one tap', filter: [1, 1, 1, 36, 3], strides: 1 },
  { name: 'strided', filter: [2, 2, 2, 36, 16], strides: 2 },
] as const) {
  test.serial(`convolutions of parts equal those of the whole: ${name}`, (t) => {
    const { live } = nativeMemory();
    const { numTensors } = tf.memory();
    for (const threads of [1, 2]) {
      setNumThreads(threads);
      const [a, b] = [made(16, 1), made(20, 2)];
      const { parts, whole } = joined(a, b);
      const w = tf.tensor(noise(sizeOf(filter), 3), [...filter]) as tf.Tensor5D;
      const ofWhole = tf.conv3d(whole, w, strides, 'same');
      const ofParts = tf.conv3d(parts, w, strides, 'same');
      const dy = tf.tensor(noise(ofWhole.size, 4), ofWhole.shape);
      const attrs = { strides: [strides, strides, strides], pad: 'same' };
      const gradients = [parts, whole].map((x) => [
        ...runNative(GenesisConv3dInputGrad, { dy, filter: w, x }, attrs),
        ...runNative('Conv3DBackpropFilterV2', { x, dy }, { ...attrs, filterShape: [...filter] }),
      ]);
      close(t, ofParts, ofWhole);
      // The gradient comes in the parts, which slices are.
      const { live: held } = nativeMemory();
      const slice = tf.slice(gradients[0][0], [0, 0, 0, 0, 16], [-1, -1, -1, -1, 20]);
      t.is(nativeMemory().live, held);
      const cut = tf.slice(gradients[1][0], [0, 0, 0, 0, 16], [-1, -1, -1, -1, 20]);
      close(t, slice, cut);
      gradients[0].forEach((gradient, n) => {
        close(t, gradient, gradients[1][n]);
      });
      tf.dispose([a, b, parts, whole, w, ofWhole, ofParts, dy, slice, cut, ...gradients.flat()]);
    }
    setNumThreads(2);
    t.is(nativeMemory().live, live);
    t.is(tf.memory().numTensors, numTensors);
  });
}
