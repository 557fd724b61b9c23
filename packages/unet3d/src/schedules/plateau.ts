/** When and how {@link plateau} reduces the rate. */
export interface PlateauOpts {
  /** The first rate. */
  initial: number;
  /** What a reduction multiplies the rate by, default 0.5. */
  factor?: number;
  /** Values without improvement before a reduction, default 6. */
  patience?: number;
  /** Smallest change that counts as an improvement, default 1e-4. */
  minDelta?: number;
  /** Values after a reduction in which none is counted, default 0. */
  cooldown?: number;
  /** Smallest rate, default 1e-6. */
  min?: number;
  /** Whether a smaller value (default) or a larger one is better. */
  mode?: 'min' | 'max';
}

/** Plain data; save it to go on exactly. */
export interface PlateauState {
  /** The rate in force. */
  learningRate: number;
  /** The best value so far. */
  best: number | null;
  /** Values since the last improvement or reduction. */
  waited: number;
  /** Values of the cooldown that are left. */
  cooling: number;
}

/** A learning rate that falls when a value stops to improve. */
export interface Plateau {
  /** The rate in force. */
  readonly learningRate: number;
  /** Takes the value of an epoch and returns the rate for the next. */
  update(value: number): number;
  /** A copy of the memory. */
  state(): PlateauState;
  /** Goes on from a copy. */
  setState(state: PlateauState): void;
}

/** Keras's ReduceLROnPlateau, which the reference uses. */
export function plateau(opts: PlateauOpts): Plateau {
  const {
    factor = 0.5,
    patience = 6,
    minDelta = 1e-4,
    cooldown = 0,
    min = 1e-6,
    mode = 'min',
  } = opts;
  let state: PlateauState = { learningRate: opts.initial, best: null, waited: 0, cooling: 0 };
  const improves = (value: number): boolean =>
    state.best === null ||
    (mode === 'min' ? value < state.best - minDelta : value > state.best + minDelta);
  return {
    get learningRate() {
      return state.learningRate;
    },
    update(value) {
      if (state.cooling > 0) {
        state.cooling--;
        state.waited = 0;
      }
      if (improves(value)) {
        state.best = value;
        state.waited = 0;
      } else if (state.cooling === 0 && ++state.waited >= patience && state.learningRate > min) {
        state.learningRate = Math.max(min, state.learningRate * factor);
        state.cooling = cooldown;
        state.waited = 0;
      }
      return state.learningRate;
    },
    state: () => ({ ...state }),
    setState(saved) {
      state = { ...saved };
    },
  };
}
