import { accumulateGradients, computeGradients, type LossAndGradients } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import type { Trainable, TrainBatch } from './api.js';
import type { Replicas } from './replicas/replicas.js';

export interface StepGradientsOpts {
  /** Equal parts that the batch is worked through in; it must be divisible. */
  readonly parts: number;
  /** Which weights learn, by name. Default: all that are trainable. */
  readonly learns?: (name: string) => boolean;
  /** The processes that hold the other samples of the batch. */
  readonly replicas: Pick<Replicas, 'scope' | 'onGradient'>;
}

/**
 * Loss and gradients of a batch, worked through in parts: their means, with the memory of one part. What a loss takes over a
 * whole batch, such as a Dice, and the statistics of a batch are then those of a part.
 */
export function stepGradients(
  { model, loss }: Pick<Trainable, 'model' | 'loss'>,
  { x, targets }: TrainBatch,
  { parts, learns, replicas: { scope: replicas, onGradient } }: StepGradientsOpts,
): LossAndGradients {
  if (parts === 1) {
    return computeGradients(model, x, targets, loss, { learns, replicas, onGradient });
  }
  const sums = accumulateGradients();
  const losses: tf.Scalar[] = [];
  for (let part = 0; part < parts; part++) {
    const [input, ...wanted] = [x, ...targets].map((tensor) => {
      const size = tensor.shape[0] / parts;
      return tf.slice(tensor, [part * size], [size]);
    });
    const found = computeGradients(model, input, wanted, loss, { learns, replicas });
    sums.add(found.grads);
    losses.push(found.loss);
    tf.dispose([input, ...wanted]);
    tf.dispose(found.grads);
  }
  const mean = tf.tidy(() => tf.div(tf.addN(losses), parts) as tf.Scalar);
  tf.dispose(losses);
  return { loss: mean, grads: sums.take() };
}
