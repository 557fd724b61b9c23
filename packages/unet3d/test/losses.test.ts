import { relativeL2 } from '@genesis/testing';
import {
  accuracy,
  adam,
  adamW,
  auc,
  bceDice,
  binaryCrossEntropy,
  ceDice,
  clipByGlobalNorm,
  clipByValue,
  cosineDecay,
  crossEntropy,
  dice,
  diceLoss,
  focalLoss,
  hausdorff95,
  iou,
  type Loss,
  meanAbsoluteError,
  meanIou,
  meanSquaredError,
  OptionError,
  plateau,
  selectEngine,
  sgd,
  ssim3d,
  stepDecay,
  warmUp,
} from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import test from 'ava';
import ndarray from 'ndarray';

import { testOn } from './support/engines.js';
import { readJson } from './support/fixtures.js';

test.before(async () => {
  await selectEngine('cpu');
});

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
  bceDice: bceDice(),
  ceDice: ceDice({ reduction: 'sample' }),
  focal: focalLoss(),
  focalAlpha: focalLoss({ alpha: 0.25, gamma: 1.5 }),
  focalMany: focalLoss({ kind: 'softmax' }),
  focalManyAlpha: focalLoss({ kind: 'softmax', alpha: 0.25 }),
};

test('losses and their gradients equal those of PyTorch and MONAI', async (t) => {
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
});

test('3-D SSIM and its gradient equal MONAI’s', async (t) => {
  type Case = {
    shape: number[];
    window: number;
    prediction: number[];
    target: number[];
    value: number;
    gradient: number[];
  };
  for (const { shape, window, prediction, target, value, gradient } of readJson<Case[]>(
    'ssim.json',
  )) {
    const x = tf.tensor(prediction, shape);
    const y = tf.tensor(target, shape);
    const result = tf.valueAndGrad((p: tf.Tensor) => ssim3d({ windowSize: window })(y, p))(x);
    t.true(Math.abs((await result.value.data())[0] - value) < 2e-6);
    t.true(relativeL2(await result.grad.data(), gradient) < 1e-4);
    tf.dispose([x, y, result.value, result.grad]);
  }
  const small = tf.zeros([1, 4, 4, 4, 1]);
  t.throws(() => ssim3d()(small, small), { instanceOf: OptionError });
  small.dispose();
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

test('metrics equal those of MONAI, scikit-learn and the reference', (t) => {
  interface Fixture {
    masks: {
      shape: number[];
      spacing: [number, number, number];
      target: number[];
      score: number[];
      dice: number;
      iou: number;
      meanIou: number;
      hausdorff95: number;
      hausdorff: number;
    }[];
    auc: { target: number[]; score: number[]; value: number }[];
    accuracy: { target: number[]; score: number[]; value: number };
  }
  const fixture = readJson<Fixture>('metrics.json');
  const close = (actual: number, expected: number, message: string): boolean =>
    t.true(
      Math.abs(actual - expected) < 1e-6 * Math.max(1, expected),
      `${message}: ${actual}, not ${expected}`,
    );
  for (const mask of fixture.masks) {
    const target = ndarray(Uint8Array.from(mask.target), mask.shape);
    const score = ndarray(Float32Array.from(mask.score), mask.shape);
    const { spacing } = mask;
    close(dice(target, score), mask.dice, 'dice');
    close(iou(target, score), mask.iou, 'iou');
    close(meanIou(target, score), mask.meanIou, 'mean iou');
    close(hausdorff95(target, score, { spacing }), mask.hausdorff95, 'hausdorff 95');
    close(hausdorff95(target, score, { spacing, percentile: 100 }), mask.hausdorff, 'hausdorff');
    // The memory layout of an array does not matter.
    const fortran = ndarray(new Uint8Array(target.size), [...mask.shape].reverse()).transpose(
      2,
      1,
      0,
    );
    for (let x = 0; x < mask.shape[0]; x++)
      for (let y = 0; y < mask.shape[1]; y++)
        for (let z = 0; z < mask.shape[2]; z++) fortran.set(x, y, z, target.get(x, y, z));
    close(dice(fortran, score), mask.dice, 'dice of a transposed view');
    close(
      hausdorff95(fortran, score, { spacing }),
      mask.hausdorff95,
      'hausdorff of a transposed view',
    );
  }
  for (const { target, score, value } of fixture.auc) {
    close(auc(ndarray(Uint8Array.from(target)), ndarray(Float64Array.from(score))), value, 'auc');
  }
  const { target, score, value } = fixture.accuracy;
  const rows = (data: number[]) => ndarray(Float64Array.from(data), [40, 3]);
  close(accuracy(rows(target), rows(score)), value, 'accuracy');
});

test('metrics of empty masks and of arrays that do not belong together', (t) => {
  const empty = ndarray(new Uint8Array(27), [3, 3, 3]);
  const full = ndarray(new Uint8Array(27).fill(1), [3, 3, 3]);
  t.is(dice(empty, empty), 1);
  t.is(dice(empty, empty, { empty: 0 }), 0);
  t.is(iou(empty, full), 0);
  t.is(meanIou(empty, empty), 1);
  t.is(meanIou(full, full), 1);
  t.is(hausdorff95(full, full), 0);
  t.is(hausdorff95(empty, full), Number.POSITIVE_INFINITY);
  t.true(Number.isNaN(hausdorff95(empty, empty)));
  t.throws(() => dice(empty, ndarray(new Uint8Array(9), [3, 3])), { instanceOf: OptionError });
  t.throws(
    () => hausdorff95(ndarray(new Uint8Array(9), [3, 3]), ndarray(new Uint8Array(9), [3, 3])),
    {
      instanceOf: OptionError,
    },
  );
  t.throws(() => auc(empty, full), { instanceOf: OptionError });
  t.is(accuracy(ndarray(Uint8Array.of(1, 0)), ndarray(Float32Array.of(0.7, 0.6))), 0.5);
});

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
  clip: { before: number[][]; after: number[][]; norm: number };
}

for (const engine of ['cpu', 'native'] as const) {
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
      await selectEngine('cpu');
    },
  );
}

test.serial('gradients are clipped as PyTorch does', async (t) => {
  const { clip } = readJson<OptimizerFixture>('optimizers.json');
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
  const expected = readJson<{ step: number[]; cosine: number[] }>('schedules.json');
  const same = (schedule: (step: number) => number, rates: number[]): void =>
    rates.forEach((rate, i) => {
      t.true(Math.abs(schedule(i) - rate) < 1e-12, `step ${i}`);
    });
  same(stepDecay({ initial: 0.5, every: 4, factor: 0.3 }), expected.step);
  same(cosineDecay({ initial: 0.5, steps: 10, final: 0.01 }), expected.cosine);
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
