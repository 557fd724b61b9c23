import {
  activationOp,
  addAct,
  averagePool3d,
  bceDice,
  binaryCrossEntropy,
  ceDice,
  concatChannels,
  conv3d,
  convTranspose3d,
  crop3d,
  crossEntropy,
  diceLoss,
  focalLoss,
  globalAveragePool3d,
  type Loss,
  maxPool3d,
  meanAbsoluteError,
  meanSquaredError,
  normAct,
  padZeros3d,
  prelu,
  ssim3d,
  upsample3d,
  weightedCrossEntropy,
} from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';

import { testOn } from './support/engines.js';
import { gradientErrors, values } from './support/gradient-check.js';

type Case = [
  name: string,
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  shapes: number[][],
  tolerance?: number,
];

// Tensors arrive untyped from the table; each case gives them the shapes that its operation needs.
// biome-ignore lint/suspicious/noExplicitAny: one table for operations of different ranks
const op = (f: (...inputs: any[]) => tf.Tensor): Case[1] => f;

const norm = (
  groups: 'batch' | 'instance' | number,
  activation: 'linear' | 'relu' | 'leakyRelu' | 'elu',
) =>
  op((x, gamma, beta) =>
    normAct(x, gamma, beta, {
      groups,
      epsilon: 1e-3,
      activation,
      alpha: activation === 'elu' ? 1 : 0.1,
    }),
  );

const X = [2, 3, 2, 3, 4];
const SMOOTH = 3e-3;
/** A kink within the step of the difference makes the numeric value itself wrong there. */
const KINKED = 6e-2;

const OPS: Case[] = [
  ['conv3d same', op((x, w, b) => conv3d(x, w, b)), [[2, 3, 2, 3, 2], [3, 3, 3, 2, 3], [3]]],
  [
    'conv3d without bias, valid',
    op((x, w) => conv3d(x, w, null, { padding: 'valid' })),
    [
      [1, 3, 3, 4, 2],
      [2, 1, 2, 2, 2],
    ],
  ],
  [
    'conv3d strided, symmetric padding',
    op((x, w, b) => conv3d(x, w, b, { strides: [2, 1, 2], padding: 'symmetric' })),
    [[1, 4, 3, 5, 1], [3, 3, 3, 1, 2], [2]],
  ],
  ['conv3d 1×1×1', op((x, w, b) => conv3d(x, w, b)), [X, [1, 1, 1, 4, 2], [2]]],
  [
    'convTranspose3d',
    op((x, w, b) => convTranspose3d(x, w, b, [2, 2, 2])),
    [[2, 2, 1, 2, 3], [2, 2, 2, 2, 3], [2]],
  ],
  [
    'convTranspose3d anisotropic',
    op((x, w, b) => convTranspose3d(x, w, b, [1, 2, 2])),
    [[1, 2, 2, 2, 2], [1, 2, 2, 3, 2], [3]],
  ],
  ['batch norm', norm('batch', 'linear'), [X, [4], [4]]],
  ['batch norm + elu', norm('batch', 'elu'), [X, [4], [4]]],
  ['batch norm + relu', norm('batch', 'relu'), [X, [4], [4]], KINKED],
  ['instance norm + leaky relu', norm('instance', 'leakyRelu'), [X, [4], [4]], KINKED],
  ['instance norm', norm('instance', 'linear'), [X, [4], [4]]],
  ['group norm', norm(2, 'linear'), [X, [4], [4]]],
  ['elu', op((x) => activationOp(x, 'elu', 1)), [X]],
  ['elu of another alpha', op((x) => activationOp(x, 'elu', 0.7)), [X], KINKED],
  ['leaky relu', op((x) => activationOp(x, 'leakyRelu', 0.1)), [X], KINKED],
  ['prelu', op((x, a) => prelu(x, a)), [X, [4]], KINKED],
  ['add + elu', op((a, b) => addAct(a, b, 'elu', 1)), [X, X]],
  ['max pool', op((x) => maxPool3d(x, [2, 2, 2])), [[1, 4, 2, 4, 2]], KINKED],
  [
    'max pool of a window of three sides',
    op((x) => maxPool3d(x, [2, 1, 3])),
    [[1, 4, 2, 6, 2]],
    KINKED,
  ],
  ['average pool', op((x) => averagePool3d(x, [1, 2, 2])), [[1, 3, 4, 2, 2]]],
  ['global average pool', op((x) => globalAveragePool3d(x)), [X]],
  ['up-sampling', op((x) => upsample3d(x, [2, 3, 1])), [X]],
  ['concat', op((a, b) => concatChannels(a, b)), [X, [2, 3, 2, 3, 1]]],
  ['pad', op((x) => padZeros3d(x, [1, 0, 2], [0, 1, 1])), [X]],
  ['crop', op((x) => crop3d(x, [1, 0, 1], [2, 2, 1])), [X]],
];

/** A loss as a function of logits, target fixed, value as one element. */
const ofLogits = (loss: Loss, kind: 'sigmoid' | 'softmax'): Case[1] =>
  op((logits: tf.Tensor) => {
    const classes = logits.shape[logits.rank - 1];
    const flat = tf.reshape(logits, [-1, classes]);
    const p = tf.reshape(kind === 'sigmoid' ? tf.sigmoid(flat) : tf.softmax(flat), logits.shape);
    const raw = tf.reshape(values(logits.shape, 8), [-1, classes]);
    const target = kind === 'sigmoid' ? tf.greater(raw, 0) : tf.oneHot(tf.argMax(raw, 1), classes);
    return tf.reshape(loss(tf.reshape(target, logits.shape), p), [1]);
  });

const LOSSES: Case[] = [
  ['mse', ofLogits(meanSquaredError, 'sigmoid'), [[2, 2, 3, 2, 1]]],
  ['mae', ofLogits(meanAbsoluteError, 'sigmoid'), [[2, 2, 3, 2, 1]]],
  ['dice', ofLogits(diceLoss(), 'sigmoid'), [[2, 2, 3, 2, 1]]],
  ['dice of classes', ofLogits(diceLoss(), 'softmax'), [[2, 2, 3, 2, 3]]],
  ['bce', ofLogits(binaryCrossEntropy, 'sigmoid'), [[2, 2, 3, 2, 1]]],
  ['ce', ofLogits(crossEntropy, 'softmax'), [[2, 2, 3, 2, 3]]],
  [
    'ce with class weights',
    ofLogits(weightedCrossEntropy([0.5, 1, 3]), 'softmax'),
    [[2, 2, 3, 2, 3]],
  ],
  ['bceDice', ofLogits(bceDice(), 'sigmoid'), [[2, 2, 3, 2, 1]]],
  ['ceDice', ofLogits(ceDice(), 'softmax'), [[2, 2, 3, 2, 3]]],
  ['focal', ofLogits(focalLoss({ alpha: 0.3 }), 'sigmoid'), [[2, 2, 3, 2, 1]]],
  ['focal of classes', ofLogits(focalLoss({ kind: 'softmax' }), 'softmax'), [[2, 2, 3, 2, 3]]],
  ['ssim', ofLogits(ssim3d({ windowSize: 3 }), 'sigmoid'), [[1, 4, 3, 4, 2]]],
];

for (const engine of ['cpu', 'native'] as const) {
  testOn(engine, `gradients on ${engine} equal numeric ones`, async (t) => {
    const before = tf.memory().numTensors;
    for (const [name, f, shapes, tolerance = SMOOTH] of [...OPS, ...LOSSES]) {
      const inputs = shapes.map((shape, i) => values(shape, i + 1));
      const errors = await gradientErrors(f, inputs);
      tf.dispose(inputs);
      errors.forEach((error, i) => {
        t.true(error <= tolerance, `${name}, input ${i}: ${error}`);
      });
    }
    t.is(tf.memory().numTensors, before);
  });
}
