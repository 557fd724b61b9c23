// What the committed fixtures of PyTorch and MONAI say, on every engine of this machine.
import { relativeL2 } from '@genesis/testing';
import {
  bceDice,
  binaryCrossEntropy,
  ceDice,
  crossEntropy,
  diceLoss,
  focalLoss,
  type Loss,
  meanAbsoluteError,
  meanSquaredError,
  ssim3d,
  weightedCrossEntropy,
} from '@genesis/unet3d/losses';
import { adam, adamW, sgd } from '@genesis/unet3d/optim';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { testOn } from '../support/engines.js';
import { readJson } from '../support/fixtures.js';
import { ENGINES } from './engines.js';

interface LossFixture {
  binary: { logits: number[]; target: number[] };
  many: { logits: number[]; target: number[] };
  cases: Record<string, { kind: 'binary' | 'many'; value: number; gradient: number[] }>;
}

const LOSSES: Record<string, Loss> = {
  mse: meanSquaredError,
  mae: meanAbsoluteError,
  diceReference: diceLoss(),
  diceSample: diceLoss({ reduction: 'sample' }),
  diceMany: diceLoss({ reduction: 'sample' }),
  diceManyBackground: diceLoss({ reduction: 'sample', ignoreBackground: false }),
  diceManyBatch: diceLoss(),
  bce: binaryCrossEntropy,
  ce: crossEntropy,
  ceWeighted: weightedCrossEntropy([0.5, 1, 3]),
  bceDice: bceDice(),
  ceDice: ceDice({ reduction: 'sample' }),
  focal: focalLoss(),
  focalAlpha: focalLoss({ alpha: 0.25, gamma: 1.5 }),
  focalMany: focalLoss({ kind: 'softmax' }),
  focalManyAlpha: focalLoss({ kind: 'softmax', alpha: 0.25 }),
};

interface SsimCase {
  shape: number[];
  window: number;
  prediction: number[];
  target: number[];
  value: number;
  gradient: number[];
}

/** A model with one weight of seven elements, so that an optimiser can be followed by hand. */
function oneWeight(start: number[]): { model: tfl.LayersModel; name: string } {
  const input = tfl.input({ shape: [start.length] });
  const layer = tfl.layers.dense({ units: 1, useBias: false, name: 'only' });
  const model = tfl.model({ inputs: input, outputs: layer.apply(input) as tfl.SymbolicTensor });
  layer.setWeights([tf.tensor(start, [start.length, 1])]);
  return { model, name: 'only.kernel' };
}

const OPTIMIZERS = {
  sgd: () => sgd({ learningRate: 0.1 }),
  momentum: () => sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 }),
  nesterov: () => sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
  adam: () => adam({ learningRate: 0.01, weightDecay: 0.1 }),
  adamW: () =>
    adamW({ learningRate: 0.01, weightDecay: 0.1, beta1: 0.8, beta2: 0.99, epsilon: 1e-6 }),
};

interface OptimizerFixture {
  start: number[];
  gradients: number[];
  cases: Record<keyof typeof OPTIMIZERS, number[]>;
}

for (const engine of ENGINES) {
  testOn(
    engine,
    `losses and their gradients on ${engine} equal those of PyTorch and MONAI`,
    async (t) => {
      const fixture = readJson<LossFixture>('losses.json');
      t.deepEqual(Object.keys(fixture.cases).sort(), Object.keys(LOSSES).sort());
      const before = tf.memory().numTensors;
      for (const [name, { kind, value, gradient }] of Object.entries(fixture.cases)) {
        const classes = kind === 'binary' ? 1 : 3;
        const shape = [2, 3, 4, 3, classes];
        const logits = tf.tensor(fixture[kind].logits, shape);
        const target = tf.tensor(fixture[kind].target, shape);
        const f = (z: tf.Tensor): tf.Scalar => {
          const flat = tf.reshape(z, [-1, classes]);
          const p = kind === 'binary' ? tf.sigmoid(flat) : tf.softmax(flat);
          return LOSSES[name](target, tf.reshape(p, shape));
        };
        const result = tf.valueAndGrad((z: tf.Tensor) => f(z))(logits);
        const found = (await result.value.data())[0];
        t.true(
          Math.abs(found - value) <= 2e-6 * Math.max(1, Math.abs(value)),
          `${name}: ${found}, not ${value}`,
        );
        const error = relativeL2(await result.grad.data(), gradient);
        t.true(error < 2e-5, `gradient of ${name}: ${error}`);
        tf.dispose([result.value, result.grad, logits, target]);
      }
      t.is(tf.memory().numTensors, before);
    },
  );

  testOn(engine, `3-D SSIM and its gradient on ${engine} equal MONAI’s`, async (t) => {
    for (const { shape, window, prediction, target, value, gradient } of readJson<SsimCase[]>(
      'ssim.json',
    )) {
      const x = tf.tensor(prediction, shape);
      const y = tf.tensor(target, shape);
      const result = tf.valueAndGrad((p: tf.Tensor) => ssim3d({ windowSize: window })(y, p))(x);
      t.true(Math.abs((await result.value.data())[0] - value) < 2e-6);
      t.true(relativeL2(await result.grad.data(), gradient) < 1e-4);
      tf.dispose([x, y, result.value, result.grad]);
    }
  });

  testOn(
    engine,
    `optimisers on ${engine} equal PyTorch’s, also when saved and restored half-way`,
    async (t) => {
      const fixture = readJson<OptimizerFixture>('optimizers.json');
      const size = fixture.start.length;
      for (const [kind, make] of Object.entries(OPTIMIZERS)) {
        const { model, name } = oneWeight(fixture.start);
        let optimizer = make();
        for (let step = 0; step < fixture.gradients.length / size; step++) {
          if (step === 2) {
            const state = await optimizer.state();
            optimizer.dispose();
            optimizer = make();
            optimizer.setState(state);
          }
          const gradient = tf.tensor(fixture.gradients.slice(step * size, (step + 1) * size), [
            size,
            1,
          ]);
          optimizer.step({ [name]: gradient }, model);
          gradient.dispose();
        }
        const weight = (await model.getWeights()[0].data()) as Float32Array;
        const error = relativeL2(weight, fixture.cases[kind as keyof typeof OPTIMIZERS]);
        t.true(error < 1e-6, `${kind}: ${error}`);
        const alien = sgd({ learningRate: 1 });
        if (kind.startsWith('adam')) {
          const state = await optimizer.state();
          t.throws(() => alien.setState(state), { code: 'bad-state' });
        }
        const g = tf.zeros([1]);
        t.throws(() => optimizer.step({ nobody: g }, model), { code: 'unknown-weight' });
        g.dispose();
        optimizer.dispose();
        model.dispose();
      }
    },
  );
}
