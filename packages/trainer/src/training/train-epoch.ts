import { setImmediate as nextTurn } from 'node:timers/promises';
import { clipByGlobalNorm, computeGradients } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import type { Gradients, LoopOpts, LoopState, TrainBatch } from './api.js';
import { checkLoss } from './health.js';

/** What a pass over the rest of an epoch gave. */
export interface TrainedEpoch {
  readonly state: LoopState;
  /** Why the epoch was not completed. */
  readonly stopped?: 'time' | 'interrupted';
  readonly samplesPerSecond: number;
}

/** A step whose loss has not been read back yet. */
interface Pending {
  readonly step: number;
  readonly stepInEpoch: number;
  readonly loss: Promise<number>;
}

/** Runs the steps of the epoch in `start` that are still to be done. */
export async function trainEpoch(
  opts: LoopOpts,
  start: LoopState,
  deadline: number,
  now: () => number,
): Promise<TrainedEpoch> {
  const { task, optimizer } = opts;
  optimizer.learningRate = start.schedule.learningRate;
  const begun = now();
  let { step, stepInEpoch, lossSum } = start;
  let pending: Pending | undefined;
  let stopped: TrainedEpoch['stopped'];
  const speed = (): number =>
    ((stepInEpoch - start.stepInEpoch) * task.batchSize * 1000) / Math.max(1, now() - begun);
  const settle = async (one: Pending): Promise<void> => {
    const loss = await one.loss;
    checkLoss(loss, one.step, optimizer.learningRate);
    lossSum += loss;
    const { step, stepInEpoch } = one;
    opts.hooks.onStep({ epoch: start.epoch, step, stepInEpoch, loss, samplesPerSecond: speed() });
  };
  for await (const batch of task.batches(start.epoch, start.stepInEpoch)) {
    const previous = pending;
    pending = { step: ++step, stepInEpoch: ++stepInEpoch, ...(await issueStep(opts, batch)) };
    // The step before this one is complete by now; this one may still be running on a device.
    if (previous) await settle(previous);
    await nextTurn();
    if (stepInEpoch >= task.stepsPerEpoch) break;
    if (opts.signal?.aborted) stopped = 'interrupted';
    else if (now() >= deadline) stopped = 'time';
    if (stopped) break;
  }
  if (pending) await settle(pending);
  const seconds = start.seconds + (now() - begun) / 1000;
  const state: LoopState = { ...start, step, stepInEpoch, lossSum, seconds };
  return { state, samplesPerSecond: speed(), stopped };
}

/** One forward, backward and update; `loss` resolves when the engine has computed it. */
async function issueStep(opts: LoopOpts, batch: TrainBatch): Promise<{ loss: Promise<number> }> {
  const { task, optimizer } = opts;
  const { loss, grads } = computeGradients(task.model, batch.x, batch.y, task.loss);
  tf.dispose([batch.x, batch.y]);
  let gradients: Gradients = grads;
  if (opts.reduceGradients) gradients = await opts.reduceGradients(gradients);
  if (opts.clipNorm !== undefined) clipByGlobalNorm(gradients, opts.clipNorm).dispose();
  optimizer.step(gradients, task.model);
  tf.dispose(gradients);
  const value = loss.data().then((values) => {
    loss.dispose();
    return values[0];
  });
  // Read later; without a handler now, a failure in between would end the process instead of the run.
  value.catch(() => undefined);
  return { loss: value };
}
