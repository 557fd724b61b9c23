import { noise, relativeL2 } from '@genesis/testing';
import { OptionError } from '@genesis/unet3d';
import { Conv3d } from '@genesis/unet3d/layers';
import { meanAbsoluteError, meanSquaredError, type OutputsLoss } from '@genesis/unet3d/losses';
import { unet3d } from '@genesis/unet3d/models';
import { averagePool3d } from '@genesis/unet3d/ops';
import { computeGradients, disposeGradients } from '@genesis/unet3d/train';
import { namedWeights } from '@genesis/unet3d/weights';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { testOn } from './support/engines.js';

const SHAPE: [number, number, number, number, number] = [2, 8, 8, 8, 1];
const WEIGHTS = [1, 0.5, 0.25] as const;

/** A network that also predicts at half and at a quarter of the resolution, as deep supervision wants it. */
function deeplySupervised(): tfl.LayersModel {
  const net = unet3d({ inputShape: [8, 8, 8, 1], width: 2, levels: 3, norm: 'instance', seed: 4 });
  const head = (name: string, layer: string): tfl.SymbolicTensor =>
    new Conv3d({ name, filters: 1, kernelSize: 1, activation: 'sigmoid' }).apply(
      net.getLayer(layer).output,
    ) as tfl.SymbolicTensor;
  const outputs = [net.outputs[0], head('head.1', 'decoder.1.b'), head('head.2', 'encoder.2.b')];
  return tfl.model({ inputs: net.inputs, outputs });
}

const weighted: OutputsLoss = (targets, predictions) =>
  tf.tidy(() =>
    tf.addN(
      predictions.map((p, i) =>
        tf.mul(WEIGHTS[i], (i === 1 ? meanAbsoluteError : meanSquaredError)(targets[i], p)),
      ),
    ),
  ) as tf.Scalar;

for (const engine of ['cpu', 'native'] as const) {
  testOn(
    engine,
    `gradients of several outputs on ${engine} are the sum of each one's`,
    async (t) => {
      const before = tf.memory().numTensors;
      const model = deeplySupervised();
      const x = tf.tensor5d(noise(1024, 1), SHAPE);
      const y = tf.tensor5d(noise(1024, 2), SHAPE);
      const targets = [y, averagePool3d(y, [2, 2, 2]), averagePool3d(y, [4, 4, 4])];
      const together = computeGradients(model, x, targets, weighted);
      const sums = new Map<string, Float64Array>();
      let loss = 0;
      for (const [i, output] of model.outputs.entries()) {
        const single = tfl.model({ inputs: model.inputs, outputs: output });
        const one = i === 1 ? meanAbsoluteError : meanSquaredError;
        const part = computeGradients(single, x, targets[i], one);
        loss += WEIGHTS[i] * (await part.loss.data())[0];
        for (const [name, grad] of Object.entries(part.grads)) {
          const sum = sums.get(name) ?? new Float64Array(grad.size);
          const values = await grad.data();
          sums.set(
            name,
            sum.map((s, k) => s + WEIGHTS[i] * values[k]),
          );
        }
        disposeGradients(part);
      }
      t.true(Math.abs((await together.loss.data())[0] / loss - 1) < 1e-6);
      t.deepEqual(Object.keys(together.grads).sort(), [...namedWeights(model).keys()].sort());
      const all = async (): Promise<number[][]> => {
        const pairs: number[][] = [[], []];
        for (const [name, grad] of Object.entries(together.grads)) {
          pairs[0].push(...(await grad.data()));
          pairs[1].push(...(sums.get(name) ?? []));
        }
        return pairs;
      };
      const [actual, expected] = await all();
      const error = relativeL2(actual, expected);
      t.true(error < 1e-5, `${error}`);
      t.throws(() => computeGradients(model, x, y, meanSquaredError), { instanceOf: OptionError });
      disposeGradients(together);
      tf.dispose([x, ...targets]);
      model.dispose();
      t.is(tf.memory().numTensors, before);
    },
  );

  testOn(engine, `one output in a list on ${engine} gives the bits of one output`, async (t) => {
    const model = unet3d({ inputShape: [8, 8, 8, 1], width: 2, levels: 2 });
    const x = tf.tensor(noise(1024, 1), SHAPE);
    const plain = computeGradients(model, x, x, meanSquaredError);
    const listed = computeGradients(model, x, [x], ([target], [prediction]) =>
      meanSquaredError(target, prediction),
    );
    t.deepEqual(await listed.loss.data(), await plain.loss.data());
    for (const [name, grad] of Object.entries(plain.grads)) {
      t.deepEqual(await listed.grads[name].data(), await grad.data(), name);
    }
    disposeGradients(plain);
    disposeGradients(listed);
    x.dispose();
    model.dispose();
  });
}
