import type { Schedule } from './schedule.js';

/** Length and start of {@link warmUp}. */
export interface WarmUpOpts {
  /** Steps of the warm-up. */
  steps: number;
  /** Part of the following schedule's first rate to begin with, default 0. */
  from?: number;
}

/** Rises linearly to the first rate of `schedule` over some steps, then follows it. */
export function warmUp(schedule: Schedule, { steps, from = 0 }: WarmUpOpts): Schedule {
  return (step) =>
    step < steps
      ? schedule(0) * (from + ((1 - from) * (step + 1)) / (steps + 1))
      : schedule(step - steps);
}
