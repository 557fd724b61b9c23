import { noise } from '@genesis/testing';
import { nativeMemory, trimNativeMemory } from '@genesis/tfjs-backend-native';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import { sizeOf } from './support.js';

test.beforeEach(async () => {
  await tf.setBackend('native');
});

const SHAPE = [64, 1024];
const BYTES = sizeOf(SHAPE) * 4;

test.serial('memory of a disposed tensor is used again, and given back on request', (t) => {
  trimNativeMemory();
  const { live } = nativeMemory();
  for (let i = 0; i < 20; i++) tf.fill(SHAPE, i).dispose();
  t.is(nativeMemory().live, live);
  t.is(nativeMemory().idle, BYTES);
  t.is(nativeMemory().peak, live + BYTES);
  trimNativeMemory();
  t.is(nativeMemory().idle, 0);
  const kept = tf.fill(SHAPE, 3);
  tf.fill(SHAPE, 4).dispose();
  trimNativeMemory();
  t.is(nativeMemory().idle, 0);
  t.true(kept.dataSync().every((value) => value === 3));
  kept.dispose();
});

test.serial('tensors that share memory free it once, with the last of them', (t) => {
  const { live } = nativeMemory();
  const x = tf.fill(SHAPE, 1);
  const views = [tf.reshape(x, [-1]), tf.clone(x), tf.expandDims(x)];
  x.dispose();
  t.is(nativeMemory().live, live + BYTES);
  const others = tf.fill(SHAPE, 2);
  for (const view of views) t.is(view.dataSync()[5], 1);
  tf.dispose([...views, others]);
  t.is(nativeMemory().live, live);
});

test.serial('what a user reads or passes in is never overwritten', (t) => {
  const x = tf.fill(SHAPE, 1);
  const read = x.dataSync();
  x.dispose();
  const y = tf.fill(SHAPE, 2);
  t.true(read.every((value) => value === 1));
  y.dispose();

  const own = new Float32Array(sizeOf(SHAPE)).fill(7);
  const adopted = tf.tensor(own, SHAPE);
  const doubled = tf.mul(adopted, 2);
  adopted.dispose();
  const other = tf.fill(SHAPE, 9);
  t.true(own.every((value) => value === 7));
  t.is(doubled.dataSync()[0], 14);
  tf.dispose([doubled, other]);
});

test.serial('stock kernels that return a part of their input keep it', async (t) => {
  const x = tf.tensor(noise(sizeOf(SHAPE), 1), SHAPE);
  const big = tf.add(x, 0);
  const expected = [...big.dataSync()];
  // tf.complex and tf.unstack of the stock back end hold views of the input.
  const complex = tf.complex(big, big);
  const rows = tf.unstack(big);
  big.dispose();
  const overwriting = Array.from({ length: 4 }, (_, i) => tf.fill(SHAPE, i));
  t.deepEqual([...tf.real(complex).dataSync()], expected);
  t.deepEqual([...(await rows[3].data())], expected.slice(3 * 1024, 4 * 1024));
  tf.dispose([x, complex, ...rows, ...overwriting]);
});

test.serial('tensors move between the back ends with their values', async (t) => {
  const values = noise(sizeOf(SHAPE), 2);
  const native = tf.mul(tf.tensor(values, SHAPE), 1);
  await tf.setBackend('cpu');
  const sum = tf.add(native, native);
  await tf.setBackend('native');
  const back = tf.sub(sum, native);
  t.deepEqual(back.dataSync(), values);
  tf.dispose([native, sum, back]);
});

test.serial('training steps keep the number of tensors and the memory constant', (t) => {
  const filter = tf.variable(tf.tensor(noise(27 * 16 * 16, 1), [3, 3, 3, 16, 16]));
  const x = tf.tensor(noise(16 ** 4, 2), [1, 16, 16, 16, 16]) as tf.Tensor5D;
  const optimizer = tf.train.sgd(0.01);
  const held: number[] = [];
  for (let i = 0; i < 6; i++) {
    optimizer.minimize(() =>
      tf.mean(tf.square(tf.relu(tf.conv3d(x, filter as unknown as tf.Tensor5D, 1, 'same')))),
    );
    const { live, idle } = nativeMemory();
    held.push(tf.memory().numTensors, live, live + idle);
  }
  t.deepEqual(held.slice(-6, -3), held.slice(-3));
  filter.dispose();
  x.dispose();
  optimizer.dispose();
});
