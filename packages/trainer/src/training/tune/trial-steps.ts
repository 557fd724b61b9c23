import { getWeights, setWeights } from '@genesis/unet3d';
import { agreeToStop } from '../agree-to-stop.js';
import type { Trainable } from '../api.js';
import type { LoopContext } from '../loop-context.js';
import { createSession } from '../session.js';
import { trainStep } from '../train-step.js';

/** A step that was tried. */
export interface TrialStep {
  readonly loss: number;
  /** Seconds since the step before it, its data included. */
  readonly seconds: number;
}

export interface TrialStepsOpts {
  /** At most. */
  readonly steps: number;
  /** The learning rate of each step, from 0. Default: that of the options. */
  readonly rate?: (step: number) => number;
  /** Asked after each step: ends the trial. Not asked where several processes train, which must do the same. */
  readonly isEnough?: (done: readonly TrialStep[]) => boolean;
}

/**
 * Trains some steps of the first epoch to see what they give, and puts everything back: network, running statistics; the
 * optimizer is one of its own.
 */
export async function trialSteps(
  context: LoopContext,
  plan: Trainable,
  { steps, rate, isEnough }: TrialStepsOpts,
): Promise<TrialStep[]> {
  const { now = () => performance.now(), replicas, signal } = context;
  const before = await getWeights(plan.model);
  const session = createSession(context, plan, []);
  const done: TrialStep[] = [];
  try {
    let begun = now();
    for await (const batch of plan.batches(0, 0, steps)) {
      session.optimizer.learningRate = rate?.(done.length) ?? session.schedule.learningRate;
      const { loss } = await trainStep(session, batch, done.length + 1);
      const total = Float64Array.of(await loss);
      await replicas.sum(total);
      const ended = now();
      done.push({ loss: total[0], seconds: (ended - begun) / 1000 });
      begun = ended;
      if (done.length >= steps) break;
      if (await agreeToStop(replicas, signal?.aborted ? 'interrupted' : undefined)) break;
      if (replicas.size === 1 && isEnough?.(done)) break;
    }
  } finally {
    session.dispose();
    setWeights(plan.model, before);
  }
  return done;
}
