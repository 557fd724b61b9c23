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
  /** Plateau: not below this. Default 1e-6. */
  readonly minimum?: number;
}

/** Plain data that is saved with a checkpoint. */
export interface ScheduleState {
  readonly learningRate: number;
  readonly best: number | null;
  readonly sinceBest: number;
}

export function initialSchedule(opts: ScheduleOpts): ScheduleState {
  return { learningRate: opts.learningRate, best: null, sinceBest: 0 };
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
  switch (opts.kind) {
    case 'constant':
      return state;
    case 'step':
      return {
        ...state,
        learningRate: opts.learningRate * opts.factor ** Math.floor(epochsDone / opts.everyEpochs),
      };
    case 'cosine': {
      const share = Math.min(1, epochsDone / opts.epochs);
      return { ...state, learningRate: (opts.learningRate * (1 + Math.cos(Math.PI * share))) / 2 };
    }
    case 'plateau': {
      if (state.best === null || monitored < state.best) {
        return { ...state, best: monitored, sinceBest: 0 };
      }
      if (state.sinceBest + 1 < opts.everyEpochs) {
        return { ...state, sinceBest: state.sinceBest + 1 };
      }
      const minimum = Math.min(opts.minimum ?? 1e-6, opts.learningRate);
      return {
        ...state,
        learningRate: Math.max(minimum, state.learningRate * opts.factor),
        sinceBest: 0,
      };
    }
  }
}
