import { createRng } from '@genesis/core';
import { getWeights, importWeights, selectEngine, type UNet3dOpts, unet3d } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';

const opts: Omit<UNet3dOpts, 'inputShape'> = {
  width: 2,
  levels: 2,
  outChannels: 2,
  head: 'softmax',
  norm: 'instance',
};

test.before(() => selectEngine('cpu'));

test('the first layer of one channel, repeated for three: three equal channels give what one gave', async (t) => {
  const single = unet3d({ ...opts, inputShape: [8, 8, 8, 1], seed: 1 });
  const triple = unet3d({ ...opts, inputShape: [8, 8, 8, 3], seed: 2 });
  const report = importWeights(triple, await getWeights(single), { repeatInput: true });
  t.deepEqual(report.mismatched, []);
  t.deepEqual(report.missing, []);
  t.is(report.repeated?.channels, 3);
  t.is(report.repeated?.name, report.matched[0]);
  const values = new Float32Array(512);
  createRng(3).fillUniform(values);
  const [one, three] = [
    single.predict(tf.tensor(values, [1, 8, 8, 8, 1])) as tf.Tensor,
    triple.predict(
      tf.tensor(
        Float32Array.from({ length: 3 * 512 }, (_, n) => values[Math.floor(n / 3)]),
        [1, 8, 8, 8, 3],
      ),
    ) as tf.Tensor,
  ];
  const [a, b] = [await one.data(), await three.data()];
  let worst = 0;
  for (let n = 0; n < a.length; n++) worst = Math.max(worst, Math.abs(a[n] - b[n]));
  t.true(worst < 1e-5, String(worst));
});

test('nothing is repeated unasked, or where the number of channels is another than one', async (t) => {
  const single = unet3d({ ...opts, inputShape: [8, 8, 8, 1], seed: 1 });
  const double = unet3d({ ...opts, inputShape: [8, 8, 8, 2], seed: 2 });
  const triple = unet3d({ ...opts, inputShape: [8, 8, 8, 3], seed: 3 });
  const plain = importWeights(triple, await getWeights(single), { partial: true });
  t.is(plain.repeated, undefined);
  t.is(plain.mismatched.length, 1);
  const other = importWeights(triple, await getWeights(double), {
    partial: true,
    repeatInput: true,
  });
  t.is(other.repeated, undefined);
  t.is(other.mismatched.length, 1);
  const same = importWeights(single, await getWeights(single), { repeatInput: true });
  t.is(same.repeated, undefined);
});
