import { getWeights, namedWeights, unet3d, weightAverage } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import { useEngine } from './support/use-engine.js';

test.before(() => useEngine('cpu'));

test.serial(
  'the average of weights over steps: by hand, put in and taken out, saved and restored',
  async (t) => {
    const before = tf.memory().numTensors;
    const model = unet3d({ inputShape: [4, 4, 4, 1], width: 1, levels: 2, norm: 'batchRunning' });
    const name = 'encoder.0.a.norm.gamma';
    const weight = namedWeights(model).get(name);
    const set = (value: number): void => tf.tidy(() => void weight?.write(tf.fill([1], value)));
    const read = async (): Promise<number> =>
      (await getWeights(model)).get(name)?.data[0] ?? Number.NaN;
    const average = weightAverage(0.5);
    average.putIn(model)();
    t.is(await read(), 1, 'nothing happens before the first update');
    let expected = 0;
    for (const [n, value] of [3, 5, -2, 8, 1, 0, 7, 7, 7, 7].entries()) {
      set(value);
      average.update(model);
      const kept = Math.min(0.5, (1 + n) / (10 + n));
      expected = n === 0 ? value : expected * kept + value * (1 - kept);
    }
    set(42);
    const takeOut = average.putIn(model);
    t.true(Math.abs((await read()) - expected) < 1e-5);
    takeOut();
    t.is(await read(), 42);

    const saved = await average.state();
    t.is(saved.size, model.weights.length + 1, 'running statistics are averaged too');
    const again = weightAverage(0.5);
    again.setState(saved);
    set(2);
    average.update(model);
    again.update(model);
    t.deepEqual([...(await again.state())], [...(await average.state())]);
    average.dispose();
    again.dispose();
    model.dispose();
    t.is(tf.memory().numTensors, before);
  },
);
