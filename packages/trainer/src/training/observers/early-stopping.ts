import type { TrainingObserver } from '../observer.js';

/** Ends the training after `patience` epochs in a row that did not improve on the best one; never when it is 0. */
export function earlyStopping(patience: number): TrainingObserver {
  let sinceBest = 0;
  return {
    name: 'early-stopping',
    onEpoch({ isBest, partial }) {
      if (!partial) sinceBest = isBest ? 0 : sinceBest + 1;
    },
    stops: () => (patience > 0 && sinceBest >= patience ? 'early-stopping' : undefined),
    state: () => ({ values: { sinceBest } }),
    restore(saved) {
      const values = saved?.values as { sinceBest: number } | undefined;
      sinceBest = values?.sinceBest ?? 0;
    },
  };
}
