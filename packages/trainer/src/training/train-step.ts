import { clipByGlobalNorm } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import type { TrainBatch } from './api.js';
import type { TrainingSession } from './observer.js';
import { stepGradients } from './step-gradients.js';

/**
 * One forward, backward and update; `loss` resolves when the engine has computed it. Disposes the batch.
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
  const { loss, grads } = stepGradients(plan, batch, {
    parts: config.accumulate ?? 1,
    learns,
  });
  tf.dispose([batch.x, ...batch.targets]);
  const gradients = await replicas.allReduce(grads);
  if (config.clipNorm !== undefined) clipByGlobalNorm(gradients, config.clipNorm).dispose();
  optimizer.step(gradients, plan.model);
  tf.dispose(gradients);
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
