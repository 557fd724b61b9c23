import { TrainerError } from '../../errors.js';
import type { Trainable } from '../api.js';
import type { LoopContext } from '../loop-context.js';
import { agreed } from './agreed.js';
import { trialSteps } from './trial-steps.js';

/** Rates that are tried, from small to large. */
const RANGE = { sgd: [1e-5, 10], adam: [1e-6, 1], adamw: [1e-6, 1] } as const;
const STEPS = 80;
/** How much of the mean of the losses before goes into it again. */
const SMOOTHING = 0.8;
/** A loss that is so many times the least one has left the range of what is of use. */
const GONE = 4;
/** Share of the rate with the least loss that is taken: there it does not fall any more (Smith, 2017; fast.ai). */
const TAKEN = 0.1;

/**
 * Looks for a learning rate: some steps with a rate that grows from one to the next, then back to the beginning. A tenth of
 * the rate at which the smoothed loss is least.
 *
 * @throws TrainerError 'diverged' when no loss is a number.
 */
export async function findRate(context: LoopContext, plan: Trainable): Promise<number> {
  const [least, most] = RANGE[context.config.optimizer];
  const rate = (step: number): number => least * (most / least) ** (step / (STEPS - 1));
  const tried = await trialSteps(context, plan, {
    steps: STEPS,
    rate,
    isEnough: (done) => isGone(smoothed(done.map(({ loss }) => loss))),
  });
  const losses = smoothed(tried.map(({ loss }) => loss));
  const best = losses.reduce((at, loss, n) => (loss < losses[at] ? n : at), 0);
  if (!Number.isFinite(losses[best])) {
    throw new TrainerError('diverged', 'no learning rate gives a loss that is a number');
  }
  const [found] = await agreed(context.replicas, [TAKEN * rate(best)]);
  return Number(found.toPrecision(2));
}

/** The exponential means of the losses so far, as if those before the first were like the others. */
function smoothed(losses: readonly number[]): number[] {
  let sum = 0;
  return losses.map((loss, n) => {
    sum = SMOOTHING * sum + (1 - SMOOTHING) * loss;
    return sum / (1 - SMOOTHING ** (n + 1));
  });
}

function isGone(losses: readonly number[]): boolean {
  const last = losses[losses.length - 1];
  return !Number.isFinite(last) || last > GONE * Math.min(...losses);
}
