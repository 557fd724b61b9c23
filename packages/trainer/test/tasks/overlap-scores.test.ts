import test from 'ava';
import ndarray from 'ndarray';
import { overlapScores } from '#src/tasks/segmentation/overlap-scores.js';

test('overlap of one class, by hand', (t) => {
  // Truth 1 1 1 0, prediction 1 1 0 1 with these probabilities of class 1.
  const truth = ndarray(Uint8Array.of(1, 1, 1, 0), [4, 1, 1]);
  const predicted = ndarray(Uint8Array.of(1, 1, 0, 1), [4, 1, 1]);
  const p = [0.97, 0.72, 0.3, 0.56];
  const probabilities = ndarray(Float32Array.from(p.flatMap((v) => [1 - v, v])), [4, 1, 1, 2]);
  const [score] = overlapScores(truth, predicted, probabilities);
  t.is(score.dice, (2 * 2) / 6);
  t.is(score.iou, 2 / 4);
  // At 0.5 and 0.55 two of four; at 0.6 … 0.7 two of three; at 0.75 … 0.95 one of three.
  t.true(Math.abs((score.meanIou ?? 0) - (2 * 0.5 + 3 * (2 / 3) + 5 * (1 / 3)) / 10) < 1e-12);
});

test('a class that is nowhere has no score', (t) => {
  const none = ndarray(new Uint8Array(8), [2, 2, 2]);
  const probabilities = ndarray(new Float32Array(24), [2, 2, 2, 3]);
  t.deepEqual(overlapScores(none, none, probabilities), [
    { dice: undefined, iou: undefined, meanIou: undefined },
    { dice: undefined, iou: undefined, meanIou: undefined },
  ]);
});
