import { OptionError } from '@genesis/unet3d';
import { selectEngine } from '@genesis/unet3d/engine';
import {
  bceDice,
  binaryCrossEntropy,
  ceDice,
  crossEntropy,
  focalLoss,
  ssim3d,
} from '@genesis/unet3d/losses';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';

test.before(async () => {
  await selectEngine('cpu');
});

test('losses stay finite where predictions are exactly 0 or 1, and still have a gradient', async (t) => {
  const p = tf.tensor([0, 1, 0, 1], [1, 2, 2, 1, 1]);
  const y = tf.tensor([1, 0, 0, 1], [1, 2, 2, 1, 1]);
  for (const loss of [binaryCrossEntropy, bceDice(), focalLoss(), crossEntropy, ceDice()]) {
    const result = tf.valueAndGrad((x: tf.Tensor) => loss(y, x))(p);
    const all = [...(await result.value.data()), ...(await result.grad.data())];
    t.true(all.every(Number.isFinite));
    t.true((await result.grad.data())[0] < 0);
    tf.dispose([result.value, result.grad]);
  }
  tf.dispose([p, y]);
});

test('a window that does not fit in the volume is refused', (t) => {
  const small = tf.zeros([1, 4, 4, 4, 1]);
  t.throws(() => ssim3d()(small, small), { instanceOf: OptionError });
  small.dispose();
});
