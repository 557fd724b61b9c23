import { relativeL2 } from '@genesis/testing';
import { selectEngine } from '@genesis/unet3d/engine';
import { clipByGlobalNorm, clipByValue } from '@genesis/unet3d/optim';
import { cosineDecay, plateau, polyDecay, stepDecay, warmUp } from '@genesis/unet3d/schedules';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import { readJson } from './support/fixtures.js';

test.before(async () => {
  await selectEngine('cpu');
});

test.serial('gradients are clipped as PyTorch does', async (t) => {
  const { clip } = readJson<{ clip: { before: number[][]; after: number[][]; norm: number } }>(
    'optimizers.json',
  );
  const grads: Record<string, tf.Tensor> = {
    a: tf.tensor(clip.before[0], [3, 2]),
    b: tf.tensor(clip.before[1]),
  };
  const norm = clipByGlobalNorm(grads, 1.5);
  t.true(Math.abs((await norm.data())[0] - clip.norm) < 1e-5);
  t.true(relativeL2(await grads.a.data(), clip.after[0]) < 1e-6);
  t.true(relativeL2(await grads.b.data(), clip.after[1]) < 1e-6);
  t.deepEqual(grads.a.shape, [3, 2]);
  clipByValue(grads, 0.1);
  t.true([...(await grads.a.data())].every((v) => Math.abs(v) <= Math.fround(0.1)));
  tf.dispose([norm, grads]);
});

test('schedules equal PyTorch’s and Keras’s', (t) => {
  const expected = readJson<{ step: number[]; cosine: number[]; poly: number[] }>('schedules.json');
  const same = (schedule: (step: number) => number, rates: number[]): void =>
    rates.forEach((rate, i) => {
      t.true(Math.abs(schedule(i) - rate) < 1e-12, `step ${i}`);
    });
  same(stepDecay({ initial: 0.5, every: 4, factor: 0.3 }), expected.step);
  same(cosineDecay({ initial: 0.5, steps: 10, final: 0.01 }), expected.cosine);
  same(polyDecay({ initial: 0.5, steps: 10 }), expected.poly);
  t.is(cosineDecay({ initial: 1, steps: 10 })(99), 0);
  same(
    warmUp(stepDecay({ initial: 1, every: 2 }), { steps: 3 }),
    [0.25, 0.5, 0.75, 1, 1, 0.5, 0.5],
  );
  const p = plateau({ initial: 1, patience: 2, min: 0.3, cooldown: 1 });
  t.deepEqual(
    [5, 4, 4, 4, 4, 4, 4, 4].map((v) => p.update(v)),
    [1, 1, 1, 0.5, 0.5, 0.3, 0.3, 0.3],
  );
  const q = plateau({ initial: 9 });
  q.setState(p.state());
  t.is(q.learningRate, 0.3);
});
