// What processes.test.ts runs in main threads and workers: one convolution whose sum is known.
import { parentPort, workerData } from 'node:worker_threads';
import { registerNativeBackend } from '@genesis/tfjs-backend-native';
import * as tf from '@tensorflow/tfjs-core';

registerNativeBackend();
await tf.setBackend('native');
const x = tf.ones([1, 24, 24, 24, 32]);
const filter = tf.ones([3, 3, 3, 32, 32]);
const expected = 32 * 32 * (24 * 3 - 2) ** 3;

/** Whether the convolution came out right. */
export function right() {
  const sum = tf.tidy(() => tf.sum(tf.conv3d(x, filter, 1, 'same')).dataSync()[0]);
  return Math.abs(sum / expected - 1) < 1e-5;
}

if (parentPort) {
  parentPort.postMessage(right());
  if (workerData === 'forever') for (;;) right();
  if (workerData === 'until told') parentPort.once('message', () => process.exit(0));
}
