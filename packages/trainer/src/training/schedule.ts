import { cosineDecay, type PlateauState, plateau, stepDecay } from '@genesis/unet3d';
import { DEFAULT_LEARNING_RATE } from './create-optimizer.js';
import type { LoopContext } from './loop-context.js';

/** How the learning rate changes over the epochs. */
export interface ScheduleOpts {
  readonly kind: 'constant' | 'step' | 'plateau' | 'cosine';
  readonly learningRate: number;
  /** Step and plateau multiply by it. */
  readonly factor: number;
  /** Step: epochs between two steps. Plateau: epochs without improvement before a step. */
  readonly everyEpochs: number;
  /** Cosine: the epoch at which the rate would reach zero. */
  readonly epochs: number;
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

/** The schedule that the options of a run say. */
export function scheduleOf(config: LoopContext['config']): ScheduleOpts {
  return {
    kind: config.schedule,
    learningRate: config.learningRate ?? DEFAULT_LEARNING_RATE[config.optimizer],
    factor: config.scheduleFactor,
    everyEpochs: config.scheduleEpochs ?? (config.schedule === 'plateau' ? 6 : 40),
    epochs: config.epochs,
  };
}
