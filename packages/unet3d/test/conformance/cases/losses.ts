import { noise } from '@genesis/testing/numbers';
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
import * as tf from '@tensorflow/tfjs-core';
import type { OperationCase } from '../api.js';

/** A loss as a function of logits, its target fixed. */
function ofLogits(
  name: string,
  loss: Loss,
  kind: 'sigmoid' | 'softmax',
  shape: readonly number[],
): OperationCase {
  const classes = shape[shape.length - 1];
  const rows = [-1, classes];
  const f = (logits: tf.Tensor): tf.Tensor => {
    const flat = tf.reshape(logits, rows);
    const p = tf.reshape(kind === 'sigmoid' ? tf.sigmoid(flat) : tf.softmax(flat), logits.shape);
    const raw = tf.reshape(tf.tensor(noise(logits.size, 8)), rows);
    const target = kind === 'sigmoid' ? tf.greater(raw, 0) : tf.oneHot(tf.argMax(raw, 1), classes);
    return tf.reshape(loss(tf.reshape(target, logits.shape), p), [1]);
  };
  // The stock cpu engine is the reference: it is compared with PyTorch and MONAI elsewhere.
  return { name, inputs: [{ shape }], actual: f, expected: f };
}

const BINARY = [2, 2, 3, 2, 1];
const CLASSES = [2, 2, 3, 2, 3];

/** Every loss, from logits. */
export const losses: readonly OperationCase[] = [
  ofLogits('mse', meanSquaredError, 'sigmoid', BINARY),
  ofLogits('mae', meanAbsoluteError, 'sigmoid', BINARY),
  ofLogits('dice', diceLoss(), 'sigmoid', BINARY),
  ofLogits('dice of classes', diceLoss(), 'softmax', CLASSES),
  ofLogits('dice of samples', diceLoss({ reduction: 'sample' }), 'softmax', CLASSES),
  ofLogits('bce', binaryCrossEntropy, 'sigmoid', BINARY),
  ofLogits('ce', crossEntropy, 'softmax', CLASSES),
  ofLogits('ce with class weights', weightedCrossEntropy([0.5, 1, 3]), 'softmax', CLASSES),
  ofLogits('bceDice', bceDice(), 'sigmoid', BINARY),
  ofLogits('ceDice', ceDice(), 'softmax', CLASSES),
  ofLogits('focal', focalLoss({ alpha: 0.3 }), 'sigmoid', BINARY),
  ofLogits('focal of classes', focalLoss({ kind: 'softmax' }), 'softmax', CLASSES),
  ofLogits('ssim', ssim3d({ windowSize: 3 }), 'sigmoid', [1, 4, 3, 4, 2]),
];
