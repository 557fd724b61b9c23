import { setImmediate as nextTurn } from 'node:timers/promises';
import { agreeToStop } from './agree-to-stop.js';
import type { StepProgress } from './api.js';
import { learningParts } from './learning-parts.js';
import type { TrainingSession } from './observer.js';
import { rateAt } from './schedule.js';
import { trainStep } from './train-step.js';

/** How a pass over the rest of an epoch ended. */
export interface TrainedEpoch {
  /** Why the epoch was not completed. */
  readonly stopped: 'time' | 'interrupted' | undefined;
  readonly samplesPerSecond: number;
}

/** A step whose loss has not been read back yet. */
interface Pending {
  readonly step: number;
  readonly stepInEpoch: number;
  readonly loss: Promise<number>;
}

/**
 * Runs the steps of the session's epoch that are still to be done, and moves the session on by them.
 *
 * @param deadline - In the milliseconds of `now`.
 */
export async function trainEpoch(
  session: TrainingSession,
  deadline: number,
  now: () => number,
): Promise<TrainedEpoch> {
  const { plan, optimizer, observers, schedule, state: start } = session;
  const { signal, replicas } = session.context;
  const { stepsPerEpoch } = session.length;
  const begun = now();
  let { step, stepInEpoch, lossSum } = start;
  let pending: Pending | undefined;
  let stopped: TrainedEpoch['stopped'];
  const speed = (): number =>
    ((stepInEpoch - start.stepInEpoch) * plan.batchSize * 1000) / Math.max(1, now() - begun);
  const settle = async ({ step, stepInEpoch, loss }: Pending): Promise<void> => {
    const total = Float64Array.of(await loss);
    await replicas.sum(total);
    const [value] = total;
    lossSum += value;
    const progress: StepProgress = {
      epoch: start.epoch,
      step,
      stepInEpoch,
      loss: value,
      samplesPerSecond: speed(),
    };
    for (const observer of observers) await observer.onStep?.(progress, session);
  };
  for await (const batch of plan.batches(start.epoch, start.stepInEpoch, stepsPerEpoch)) {
    const previous = pending;
    optimizer.learningRate = rateAt(schedule, start.schedule, step);
    // The decoder has learnt alone until here: what was remembered is about another problem.
    if (step > 0 && step === schedule.decoderSteps) optimizer.dispose();
    const learns = learningParts(session, start.epoch, step);
    const loss = await trainStep(session, batch, step + 1, learns);
    pending = { step: ++step, stepInEpoch: ++stepInEpoch, ...loss };
    // The step before this one is complete by now; this one may still be running on a device.
    if (previous) await settle(previous);
    await nextTurn();
    if (stepInEpoch >= stepsPerEpoch) break;
    const own = signal?.aborted ? 'interrupted' : now() >= deadline ? 'time' : undefined;
    stopped = await agreeToStop(replicas, own);
    if (stopped) break;
  }
  if (pending) await settle(pending);
  const seconds = start.seconds + (now() - begun) / 1000;
  session.moveTo({ ...start, step, stepInEpoch, lossSum, seconds });
  return { stopped, samplesPerSecond: speed() };
}
