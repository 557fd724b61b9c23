import { getWeights } from '@genesis/unet3d';
import type { LoopState, Trainable } from './api.js';
import { createOptimizer } from './create-optimizer.js';
import type { LoopContext } from './loop-context.js';
import type { ObserverState, TrainingObserver, TrainingSession } from './observer.js';
import { initialSchedule, type ScheduleOpts, scheduleOf } from './schedule.js';

/** A training at its beginning. */
export function createSession(
  context: LoopContext,
  plan: Trainable,
  observers: readonly TrainingObserver[],
): TrainingSession {
  const schedule = scheduleOf(context.config);
  const optimizer = createOptimizer(context.config.optimizer, schedule.learningRate);
  let state = initialState(schedule);
  return {
    context,
    plan,
    optimizer,
    schedule,
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
      const weights = await getWeights(plan.model);
      return { weights, optimizer: await optimizer.state(), state, observers: memories };
    },
  };
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
