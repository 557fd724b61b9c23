import type { EpochResult, LoopOpts, LoopResult, LoopState } from './api.js';
import { checkSpread } from './health.js';
import { initialSchedule, nextSchedule, type ScheduleOpts } from './schedule.js';
import { type TrainedEpoch, trainEpoch } from './train-epoch.js';

/** The state before the first step. */
export function initialState(schedule: ScheduleOpts): LoopState {
  return {
    epoch: 0,
    stepInEpoch: 0,
    step: 0,
    lossSum: 0,
    best: null,
    sinceBest: 0,
    flat: 0,
    schedule: initialSchedule(schedule),
    seconds: 0,
  };
}

/**
 * Trains from `start` until the epochs are done, early stopping, the time limit or the signal.
 *
 * One loop for all tasks and engines. It never blocks on the engine: a step's loss is read back while the next step is
 * being computed, and the event loop gets a turn between steps, so that signals and workers are heard. Between two
 * steps everything that the future depends on is the weights, the optimiser's state and the returned `state`: saving
 * these three and starting from them continues exactly.
 *
 * @throws TrainerError 'diverged' or 'collapsed'; whatever the task or a hook throws.
 */
export async function runLoop(opts: LoopOpts, start: LoopState): Promise<LoopResult> {
  const now = opts.now ?? (() => performance.now());
  const deadline = opts.maxSeconds === undefined ? Infinity : now() + opts.maxSeconds * 1000;
  let state = start;
  while (state.epoch < opts.epochs && state.sinceBest < opts.patience) {
    const begun = now();
    const trained = await trainEpoch(opts, state, deadline, now);
    if (trained.stopped === 'interrupted') return { state: trained.state, reason: 'interrupted' };
    const validation = await opts.task.validate();
    const partial = trained.stopped === 'time';
    const next = afterValidation(opts, trained, validation.monitored, validation.spread, partial);
    const result: EpochResult = {
      epoch: state.epoch + 1,
      step: trained.state.step,
      trainLoss: trained.state.lossSum / Math.max(1, trained.state.stepInEpoch),
      learningRate: state.schedule.learningRate,
      validation,
      isBest: next.best?.epoch === state.epoch + 1,
      partial,
      samplesPerSecond: trained.samplesPerSecond,
      seconds: state.seconds + (now() - begun) / 1000,
    };
    state = { ...next, seconds: result.seconds };
    await opts.hooks.onEpoch(result, state);
    if (partial || now() >= deadline) return { state, reason: 'time' };
    if (opts.signal?.aborted) return { state, reason: 'interrupted' };
  }
  return { state, reason: state.sinceBest >= opts.patience ? 'early-stopping' : 'epochs' };
}

function afterValidation(
  opts: LoopOpts,
  trained: TrainedEpoch,
  monitored: number,
  spread: number | undefined,
  partial: boolean,
): LoopState {
  const { state } = trained;
  const improved = state.best === null || monitored < state.best.value;
  const best = improved ? { epoch: state.epoch + 1, value: monitored } : state.best;
  // An epoch that was cut short is continued later: it may give the best weights, but moves nothing else.
  if (partial) return { ...state, best };
  return {
    ...state,
    epoch: state.epoch + 1,
    stepInEpoch: 0,
    lossSum: 0,
    best,
    sinceBest: improved ? 0 : state.sinceBest + 1,
    flat: checkSpread(spread, state.flat, state.schedule.learningRate),
    schedule: nextSchedule(opts.schedule, state.schedule, state.epoch + 1, monitored),
  };
}
