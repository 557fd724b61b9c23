import { adam, type Optimizer, sgd } from '@genesis/unet3d';

/** Learning rates at which training is stable unless the user knows better. */
export const DEFAULT_LEARNING_RATE = { sgd: 0.1, adam: 1e-3 } as const;

/** SGD with momentum 0.9, or Adam, as the reference uses them. */
export function createOptimizer(kind: 'sgd' | 'adam', learningRate: number): Optimizer {
  return kind === 'sgd' ? sgd({ learningRate, momentum: 0.9 }) : adam({ learningRate });
}
