import { createMetricsLog, rewindMetrics } from '../../run/metrics.js';
import type { TrainingObserver } from '../observer.js';

/** Writes every step and every epoch to a file, one JSON object a line; a resumed run drops what it will write again. */
export function metrics(path: string): TrainingObserver {
  const log = createMetricsLog(path);
  return {
    name: 'metrics',
    onStep({ step, epoch, loss }) {
      log.add({ kind: 'step', step, epoch: epoch + 1, loss });
    },
    async onEpoch({ validation, isBest, partial, ...rest }) {
      log.add({
        kind: 'epoch',
        ...rest,
        validation: validation.values,
        best: isBest,
        // Left out of the line where it is false.
        partial: partial || undefined,
      });
      await log.flush();
    },
    onEnd: () => log.flush(),
    restore: (_, { state }) => rewindMetrics(path, state.step, state.epoch),
  };
}
