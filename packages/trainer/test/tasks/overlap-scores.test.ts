import { createRng } from '@genesis/core';
import { dice, iou, meanIou } from '@genesis/unet3d';
import test from 'ava';
import ndarray from 'ndarray';
import { OverlapCounts } from '#src/tasks/segmentation/overlap-scores.js';

test('overlap of one class, by hand', (t) => {
  // Truth 1 1 1 0, prediction 1 1 0 1 with these probabilities of class 1.
  const truth = ndarray(Uint8Array.of(1, 1, 1, 0), [4, 1, 1]);
  const predicted = ndarray(Uint8Array.of(1, 1, 0, 1), [4, 1, 1]);
  const p = [0.97, 0.72, 0.3, 0.56];
  const probabilities = ndarray(Float32Array.from(p.flatMap((v) => [1 - v, v])), [4, 1, 1, 2]);
  const counts = new OverlapCounts(truth, 2);
  counts.add({ start: [0, 0, 0], channel: 0, values: probabilities });
  const [score] = counts.scores(predicted);
  t.is(score.dice, (2 * 2) / 6);
  t.is(score.iou, 2 / 4);
  // At 0.5 and 0.55 two of four; at 0.6 … 0.7 two of three; at 0.75 … 0.95 one of three.
  t.true(Math.abs((score.meanIou ?? 0) - (2 * 0.5 + 3 * (2 / 3) + 5 * (1 / 3)) / 10) < 1e-12);
});

test('a class that is nowhere has no score', (t) => {
  const none = ndarray(new Uint8Array(8), [2, 2, 2]);
  const probabilities = ndarray(new Float32Array(24), [2, 2, 2, 3]);
  const counts = new OverlapCounts(none, 3);
  counts.add({ start: [0, 0, 0], channel: 0, values: probabilities });
  t.deepEqual(counts.scores(none), [
    { dice: undefined, iou: undefined, meanIou: undefined },
    { dice: undefined, iou: undefined, meanIou: undefined },
  ]);
});

test('whatever the blocks, the scores are those of the metrics of whole masks', (t) => {
  const rng = createRng(0);
  const shape = [5, 4, 6];
  const size = 120;
  const classes = 4;
  const values = new Float32Array(size * classes);
  for (let n = 0; n < size; n++) {
    const sharp = [...Array(classes)].map(() => Math.exp(5 * rng.normal()));
    const sum = sharp.reduce((a, b) => a + b);
    values.set(
      sharp.map((value) => value / sum),
      n * classes,
    );
  }
  const probabilities = ndarray(values, [...shape, classes]);
  const truth = ndarray(
    Uint8Array.from({ length: size }, () => rng.int(0, 3)),
    shape,
  );
  const predicted = ndarray(
    Uint8Array.from({ length: size }, () => rng.int(0, 3)),
    shape,
  );
  const counts = new OverlapCounts(truth, classes);
  for (const [x, y] of [
    [0, 2],
    [2, 5],
  ]) {
    // All classes of a part at once, or one after the other.
    const step = x === 0 ? classes : 1;
    for (let channel = 0; channel < classes; channel += step) {
      const part = probabilities.lo(x, 0, 0, channel).hi(y - x, 4, 6, step);
      const copied = ndarray(new Float32Array(part.size), part.shape);
      for (let i = 0; i < part.shape[0]; i++)
        for (let j = 0; j < 4; j++)
          for (let k = 0; k < 6; k++)
            for (let c = 0; c < step; c++) copied.set(i, j, k, c, part.get(i, j, k, c));
      counts.add({ start: [x, 0, 0], channel, values: copied });
    }
  }
  const mask = (of: typeof truth, c: number) =>
    ndarray(
      of.data.map((v) => Number(v === c)),
      shape,
    );
  const expected = [1, 2, 3].map((c) => ({
    dice: dice(mask(truth, c), mask(predicted, c)),
    iou: iou(mask(truth, c), mask(predicted, c)),
    meanIou: meanIou(mask(truth, c), probabilities.pick(null, null, null, c), {
      classes: 'foreground',
    }),
  }));
  t.deepEqual(counts.scores(predicted), expected);
});
