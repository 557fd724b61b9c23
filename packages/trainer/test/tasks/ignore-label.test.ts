import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import test from 'ava';
import ndarray from 'ndarray';
import { lossFunction } from '#src/tasks/common/loss-function.js';
import { IGNORED } from '#src/tasks/segmentation/label-classes.js';
import { OverlapCounts } from '#src/tasks/segmentation/overlap-scores.js';

test('voxels that do not count change no loss: it is that of the others alone', async (t) => {
  await tf.setBackend('cpu');
  const probabilities = [0.2, 0.8, 0.6, 0.4, 0.9, 0.1, 0.3, 0.7];
  const target = [0, 1, 1, 0, 0, 0, 0, 0];
  for (const name of ['dice', 'diceCe', 'crossEntropy'] as const) {
    const all = lossFunction(name, { ignoresVoxels: true })(
      tf.tensor(target, [1, 4, 1, 1, 2]),
      tf.tensor(probabilities, [1, 4, 1, 1, 2]),
    ).dataSync()[0];
    const some = lossFunction(name)(
      tf.tensor(target.slice(0, 4), [1, 2, 1, 1, 2]),
      tf.tensor(probabilities.slice(0, 4), [1, 2, 1, 1, 2]),
    ).dataSync()[0];
    t.true(Math.abs(all - some) < 1e-6, `${name}: ${all} and ${some}`);
  }
});

test('voxels that do not count change no score', (t) => {
  const truth = ndarray(Uint8Array.of(0, 1, 1, IGNORED), [4, 1, 1]);
  const predicted = ndarray(Uint8Array.of(0, 1, 0, 1), [4, 1, 1]);
  const counts = new OverlapCounts(truth, 2);
  counts.add({
    start: [0, 0, 0],
    channel: 0,
    values: ndarray(Float32Array.of(0.9, 0.1, 0.1, 0.9, 0.8, 0.2, 0, 1), [4, 1, 1, 2]),
  });
  const [score] = counts.scores(predicted);
  t.is(score.dice, 2 / 3);
  t.true(Math.abs((score.meanIou ?? 0) - 0.4) < 1e-12);
});
