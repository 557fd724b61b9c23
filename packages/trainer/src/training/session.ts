import { getWeights, type WeightAverage, weightAverage } from '@genesis/unet3d';
import { TrainerError } from '../errors.js';
import type { RunLength } from '../run/run-info.js';
import type { LoopState, Trainable } from './api.js';
import { createOptimizer } from './create-optimizer.js';
import type { LoopContext } from './loop-context.js';
import type { ObserverState, TrainingObserver, TrainingSession } from './observer.js';
import { initialSchedule, type ScheduleOpts, scheduleOf } from './schedule.js';

/** The key of the average of the weights in checkpoints, among the memories of observers. */
export const AVERAGE = 'weight-average';

/** What was decided before the first step. */
export interface SessionOpts {
  /** Default: what options and plan say. */
  readonly length?: Pick<RunLength, 'epochs' | 'stepsPerEpoch'>;
  /** Default: that of the options. */
  readonly learningRate?: number;
  /** When the time that `maxMinutes` limits began, in the milliseconds of `context.now`. Default: when `train` is called. */
  readonly begunAt?: number;
}

/** A training at its beginning. */
export function createSession(
  context: LoopContext,
  plan: Trainable,
  observers: readonly TrainingObserver[],
  opts: SessionOpts = {},
): TrainingSession {
  const { config } = context;
  checkParts(context, plan);
  const length = opts.length ?? lengthOf(config, plan);
  const schedule = scheduleOf(config, length, opts.learningRate);
  const optimizer = createOptimizer(config, schedule.learningRate, plan.model);
  const average: WeightAverage | undefined =
    config.averageWeights === undefined ? undefined : weightAverage(config.averageWeights);
  let state = initialState(schedule);
  return {
    context,
    plan,
    length,
    begunAt: opts.begunAt,
    optimizer,
    schedule,
    average,
    observers,
    get state() {
      return state;
    },
    moveTo(next) {
      state = next;
    },
    async capture() {
      const memories = new Map<string, ObserverState>();
      for (const observer of observers) {
        const memory = await observer.state?.();
        if (memory) memories.set(observer.name, memory);
      }
      if (average) memories.set(AVERAGE, { tensors: await average.state() });
      const weights = await getWeights(plan.model);
      return { weights, optimizer: await optimizer.state(), state, observers: memories };
    },
    async withEvaluatedWeights(use) {
      const takeOut = average?.putIn(plan.model);
      try {
        return await use();
      } finally {
        takeOut?.();
      }
    },
    dispose() {
      optimizer.dispose();
      average?.dispose();
    },
  };
}

/** The length that the options say; a pass over the data is an epoch unless they say otherwise. */
export function lengthOf(
  { epochs, stepsPerEpoch }: LoopContext['config'],
  plan: Pick<Trainable, 'stepsPerEpoch'>,
): Pick<RunLength, 'epochs' | 'stepsPerEpoch'> {
  return { epochs, stepsPerEpoch: stepsPerEpoch ?? plan.stepsPerEpoch };
}

function checkParts(
  { config: { accumulate = 1 }, replicas: { size } }: LoopContext,
  { batchSize }: Trainable,
): void {
  // Several processes share a batch first.
  if (accumulate === 1 || batchSize % (accumulate * size) === 0) return;
  throw new TrainerError(
    'bad-config',
    `a batch of ${batchSize} cannot be worked through in ${accumulate} equal parts: --batch must be a multiple of --accumulate${size > 1 ? ` times the ${size} processes` : ''}`,
  );
}

/** The state before the first step. */
function initialState(schedule: ScheduleOpts): LoopState {
  return {
    epoch: 0,
    stepInEpoch: 0,
    step: 0,
    lossSum: 0,
    best: null,
    schedule: initialSchedule(schedule),
    seconds: 0,
  };
}
