import { prefetch } from '../../../data/prefetch.js';

/** Varied training samples, a batch for each step; the batches are the caller's. */
export interface SampleBatches<B> {
  /** Those of an epoch of `steps` steps from step `firstStep` on. */
  batches(epoch: number, firstStep: number, steps: number): AsyncGenerator<B>;
  close(): Promise<void>;
}

/** Batches that this thread makes, each while the step before it runs; `make` is a function of its arguments. */
export function madeBetweenSteps<B>(
  make: (epoch: number, step: number) => Promise<B>,
): SampleBatches<B> {
  return {
    batches: (epoch, firstStep, steps) =>
      prefetch(steps - firstStep, (n) => make(epoch, firstStep + n)),
    close: async () => undefined,
  };
}
