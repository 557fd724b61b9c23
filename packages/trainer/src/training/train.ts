import { agreeToStop } from './agree-to-stop.js';
import type { EpochResult, LoopState, StopReason, Validation } from './api.js';
import type { LoopContext } from './loop-context.js';
import type { TrainingSession } from './observer.js';
import { nextSchedule, rateAt } from './schedule.js';
import { trainEpoch } from './train-epoch.js';

/**
 * Trains from the session's state until the epochs are done, an observer stops it, the time is up or the signal comes.
 *
 * One loop for all tasks and engines. It never blocks on the engine: a step's loss is read back while the next step is
 * being computed, and the event loop gets a turn between steps, so that signals and workers are heard. Between two
 * steps everything that the future depends on is what `session.capture` copies.
 *
 * @throws whatever the plan or an observer throws, such as TrainerError 'diverged' or 'collapsed'.
 */
export async function train(session: TrainingSession): Promise<StopReason> {
  const reason = await trainEpochs(session);
  for (const observer of session.observers) await observer.onEnd?.(reason, session);
  return reason;
}

async function trainEpochs(session: TrainingSession): Promise<StopReason> {
  const { plan, observers, context } = session;
  const { config, signal, now = () => performance.now() } = context;
  const { begunAt = now(), length } = session;
  const deadline =
    config.maxMinutes === undefined
      ? Number.POSITIVE_INFINITY
      : begunAt + config.maxMinutes * 60_000;
  for (;;) {
    const reason = observers.map((observer) => observer.stops?.()).find((one) => one !== undefined);
    if (reason) return reason;
    const before = session.state;
    if (before.epoch >= length.epochs) return 'epochs';
    const begun = now();
    const { stopped, samplesPerSecond } = await trainEpoch(session, deadline, now);
    if (stopped === 'interrupted') return 'interrupted';
    const trained = session.state;
    const validation = await session.withEvaluatedWeights(() => plan.validate());
    const partial = stopped === 'time';
    const monitored = monitoredOf(config, validation, before.average);
    const isBest =
      Number.isFinite(monitored) &&
      (config.bestBy === 'last' || before.best === null || monitored < before.best.value);
    const result: EpochResult = {
      epoch: before.epoch + 1,
      step: trained.step,
      trainLoss: trained.lossSum / Math.max(1, trained.stepInEpoch),
      // That of the epoch's first step, also when the rest of it is done after an interruption.
      learningRate: rateAt(session.schedule, before.schedule, before.step - before.stepInEpoch),
      validation,
      isBest,
      partial,
      samplesPerSecond,
      seconds: before.seconds + (now() - begun) / 1000,
    };
    session.moveTo(afterEpoch(session, result, monitored));
    for (const observer of observers) await observer.onEpoch?.(result, session);
    const own = partial || now() >= deadline ? 'time' : signal?.aborted ? 'interrupted' : undefined;
    const agreed = await agreeToStop(context.replicas, own);
    if (agreed) return agreed;
  }
}

/** What best epoch, patience and plateau go by, lower is better: loss or lack of score, averaged over the epochs. */
function monitoredOf(
  { bestBy, bestAverage = 0 }: LoopContext['config'],
  { monitored, score }: Validation,
  average: number | undefined,
): number {
  const value = bestBy === 'score' && score !== undefined ? 1 - score : monitored;
  return average === undefined || bestAverage === 0
    ? value
    : bestAverage * average + (1 - bestAverage) * value;
}

function afterEpoch(
  { state, schedule, context }: TrainingSession,
  result: EpochResult,
  monitored: number,
): LoopState {
  const { epoch, isBest, seconds } = result;
  const best = isBest ? { epoch, value: monitored } : state.best;
  // An epoch that was cut short is continued later: it may give the best weights, but moves nothing else.
  if (result.partial) return { ...state, best, seconds };
  return {
    ...state,
    epoch,
    stepInEpoch: 0,
    lossSum: 0,
    best,
    average: context.config.bestAverage ? monitored : undefined,
    schedule: nextSchedule(schedule, state.schedule, epoch, monitored),
    seconds,
  };
}
