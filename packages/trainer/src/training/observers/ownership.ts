import type { Run } from '../../run/open-run.js';
import type { TrainingObserver } from '../observer.js';

/**
 * Ends the training, with an error and before anything else is saved, when another process has taken the run over: this one
 * was stopped, or its machine slept, for so long that it seemed dead. It stands before the observers that write.
 */
export function ownership(run: Run): TrainingObserver {
  return {
    name: 'ownership',
    onEpoch: () => run.assertHeld(),
    onEnd: () => run.assertHeld(),
  };
}
