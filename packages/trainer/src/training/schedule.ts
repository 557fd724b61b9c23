import {
  cosineDecay,
  type PlateauState,
  plateau,
  polyDecay,
  type Schedule,
  stepDecay,
  warmUp,
} from '@genesis/unet3d';
import type { RunLength } from '../run/run-info.js';
import { DEFAULT_LEARNING_RATE } from './create-optimizer.js';
import type { LoopContext } from './loop-context.js';

/** How the learning rate changes over the epochs, and over the steps within them. */
export interface ScheduleOpts {
  readonly kind: 'constant' | 'step' | 'plateau' | 'cosine' | 'poly';
  readonly learningRate: number;
  /** Step and plateau multiply by it. */
  readonly factor: number;
  /** Step: epochs between two steps. Plateau: epochs without improvement before a step. */
  readonly everyEpochs: number;
  /** Cosine: the epoch at which the rate would reach zero. */
  readonly epochs: number;
  /** Poly: the step at which the rate would reach zero. */
  readonly steps?: number;
  /** Poly's exponent, default 0.9. */
  readonly power?: number;
  /** Steps of the warm-up, default 0. */
  readonly warmUpSteps?: number;
  /** Steps before it in which the decoder learns alone, with a tooth of its own: the rate rises for half of them, then falls. Default 0. */
  readonly decoderSteps?: number;
}

/** Plain data that is saved with a checkpoint; all but the rate is for 'plateau'. */
export type ScheduleState = Readonly<PlateauState>;

export function initialSchedule(opts: ScheduleOpts): ScheduleState {
  return { learningRate: opts.learningRate, best: null, waited: 0, cooling: 0 };
}

/**
 * The state after an epoch.
 *
 * @param epochsDone - Epochs completed, this one included.
 * @param monitored - Value of the validation, lower is better.
 */
export function nextSchedule(
  opts: ScheduleOpts,
  state: ScheduleState,
  epochsDone: number,
  monitored: number,
): ScheduleState {
  const { learningRate: initial, factor, everyEpochs: every, epochs } = opts;
  switch (opts.kind) {
    case 'constant':
    case 'poly':
      return state;
    case 'step':
      return { ...state, learningRate: stepDecay({ initial, every, factor })(epochsDone) };
    case 'cosine':
      return { ...state, learningRate: cosineDecay({ initial, steps: epochs })(epochsDone) };
    case 'plateau': {
      const rule = plateau({ initial, factor, patience: every, minDelta: 0 });
      rule.setState({ ...state });
      rule.update(monitored);
      return rule.state();
    }
  }
}

/**
 * The learning rate of a step.
 *
 * @param state - Of the step's epoch.
 * @param step - Steps done before it in the whole run.
 */
export function rateAt(opts: ScheduleOpts, state: ScheduleState, step: number): number {
  const { decoderSteps = 0, warmUpSteps = 0, learningRate: initial, power, kind } = opts;
  if (step < decoderSteps) {
    const rise = decoderSteps >> 1;
    const fall = polyDecay({ initial, power, steps: decoderSteps - rise });
    return warmUp(fall, { steps: rise })(step);
  }
  const after: Schedule =
    kind === 'poly'
      ? polyDecay({
          initial,
          power,
          steps: Math.max(1, (opts.steps ?? 1) - decoderSteps - warmUpSteps),
        })
      : () => state.learningRate;
  return warmUp(after, { steps: warmUpSteps })(step - decoderSteps);
}

/** Whether the schedule that the options say depends on how long the run is. */
export function needsLength({
  schedule,
  warmUp = 0,
  decoderFirst = 0,
}: LoopContext['config']): boolean {
  return schedule === 'poly' || schedule === 'cosine' || warmUp > 0 || decoderFirst > 0;
}

/** The schedule that the options of a run say. */
export function scheduleOf(
  config: LoopContext['config'],
  { epochs, stepsPerEpoch }: Pick<RunLength, 'epochs' | 'stepsPerEpoch'>,
  learningRate: number = config.learningRate ?? DEFAULT_LEARNING_RATE[config.optimizer],
): ScheduleOpts {
  const steps = epochs * stepsPerEpoch;
  return {
    kind: config.schedule,
    learningRate,
    factor: config.scheduleFactor,
    everyEpochs: config.scheduleEpochs ?? (config.schedule === 'plateau' ? 6 : 40),
    epochs,
    steps,
    power: config.schedulePower,
    warmUpSteps: Math.round((config.warmUp ?? 0) * steps),
    decoderSteps: Math.round((config.decoderFirst ?? 0) * steps),
  };
}
