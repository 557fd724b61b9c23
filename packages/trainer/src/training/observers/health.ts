import { TrainerError } from '../../errors.js';
import { diverged } from '../diverged.js';
import type { TrainingObserver } from '../observer.js';

/** A network whose output varies less than this share of the target's variation gives a constant. */
const FLAT = 0.02;
/** Validations in a row with a constant output that are taken for a collapse; a network may start flat. */
const FLAT_EPOCHS = 3;

/**
 * Ends a run that leads nowhere: TrainerError 'diverged' when a loss is not finite, 'collapsed' at the third validation in a
 * row with a constant output, since gradients of a saturated output vanish and it does not recover.
 */
export function health(): TrainingObserver {
  let flat = 0;
  return {
    name: 'health',
    onStep({ loss, step }, { optimizer }) {
      if (Number.isFinite(loss)) return;
      throw diverged(`the loss became ${loss} at step ${step}`, optimizer.learningRate);
    },
    onEpoch({ validation: { monitored, spread }, partial, learningRate }) {
      if (!Number.isFinite(monitored)) {
        throw diverged(`the validation loss became ${monitored}`, learningRate);
      }
      // An epoch that was cut short is validated again when it is completed.
      if (partial) return;
      flat = spread === undefined || spread >= FLAT ? 0 : flat + 1;
      if (flat < FLAT_EPOCHS) return;
      throw new TrainerError(
        'collapsed',
        `the network has given one constant value for ${FLAT_EPOCHS} epochs; the learning rate ${learningRate} is probably too high: start again with a tenth of it`,
      );
    },
    state: () => ({ values: { flat } }),
    restore(saved) {
      const values = saved?.values as { flat: number } | undefined;
      flat = values?.flat ?? 0;
    },
  };
}
