import type { OnEvent } from '../events.js';
import type { TrainingObserver } from '../observer.js';

/** Tells the caller of each step and each epoch, the latter when it is saved. */
export function progress(emit: OnEvent): TrainingObserver {
  return {
    name: 'progress',
    onStep: (step) => emit({ type: 'step', progress: step }),
    onEpoch: (result) => emit({ type: 'epoch', result }),
  };
}
