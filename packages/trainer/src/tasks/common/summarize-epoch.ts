import { shortNumber } from '../../report/ticks.js';
import type { TrainingResult } from '../../training/train-run.js';

/** 'best epoch 3: loss 0.2, dice 0.8' */
export function summarizeEpoch({ epoch, validation }: NonNullable<TrainingResult['best']>): string {
  const values = Object.entries(validation).map(([name, value]) => `${name} ${shortNumber(value)}`);
  return `best epoch ${epoch}: ${values.join(', ')}`;
}
