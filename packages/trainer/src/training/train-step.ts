import { clipByGlobalNorm, type OutputsLoss } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import type { TrainBatch } from './api.js';
import type { TrainingSession } from './observer.js';
import { shareStatistics } from './replicas/share-statistics.js';
import { stepGradients } from './step-gradients.js';

/**
 * One forward, backward and update; `loss` resolves when the engine has computed it: where several processes train, this one's
 * part of the loss of the whole batch. Disposes the batch.
 *
 * @param step - Its number in the whole run, from 1.
 * @param learns - Which weights learn, by name. Default: all that are trainable.
 */
export async function trainStep(
  session: TrainingSession,
  batch: TrainBatch,
  step: number,
  learns?: (name: string) => boolean,
): Promise<{ loss: Promise<number> }> {
  const { plan, optimizer, average, observers } = session;
  const { config, replicas } = session.context;
  const share = batch.x.shape[0] / plan.batchSize;
  const ofBatch = replicas.size > 1 ? weighted(plan.loss, share) : plan.loss;
  const { loss, grads } = stepGradients({ model: plan.model, loss: ofBatch }, batch, {
    parts: config.accumulate ?? 1,
    learns,
    replicas,
  });
  tf.dispose([batch.x, ...batch.targets]);
  const gradients = await replicas.allReduce(grads);
  if (config.clipNorm !== undefined) clipByGlobalNorm(gradients, config.clipNorm).dispose();
  optimizer.step(gradients, plan.model);
  tf.dispose(gradients);
  await shareStatistics(replicas, plan.model);
  average?.update(plan.model);
  for (const observer of observers) await observer.onUpdate?.(step, session);
  const value = loss.data().then((values) => {
    loss.dispose();
    return values[0];
  });
  // Read later; without a handler now, a failure in between would end the process instead of the run.
  value.catch(() => undefined);
  return { loss: value };
}

/** A loss that weighs this process's samples by their share in the batch, so that the sum over all is the mean over the batch. */
function weighted(loss: OutputsLoss, share: number): OutputsLoss {
  return (targets, outputs) => tf.tidy(() => tf.mul(loss(targets, outputs), share) as tf.Scalar);
}
