import {
  checkedSchema,
  machineFields,
  type NetworkOpts,
  networkFields,
  type PreparationOpts,
  preparationFields,
  type TrainingOpts,
  text,
  trainingFields,
  triple,
} from '@genesis/trainer/tasks';
import { z } from 'zod';

export interface AgeOpts extends TrainingOpts, NetworkOpts, PreparationOpts {
  readonly task: 'age';
  readonly images: string;
  /** A CSV with the columns name and age. */
  readonly ages: string;
  readonly init?: string;
  readonly freezeEncoder?: boolean;
  readonly crop: readonly [number, number, number];
}

export const ageOptions = checkedSchema<AgeOpts>()(
  z.strictObject({
    task: z.literal('age'),
    images: text,
    ages: text,
    init: text.default('none'),
    freezeEncoder: z.boolean().default(false),
    ...trainingFields,
    batch: trainingFields.batch.default(4),
    epochs: trainingFields.epochs.default(10),
    crop: triple,
    ...networkFields,
    optimizer: trainingFields.optimizer.default('adam'),
    schedule: trainingFields.schedule.default('constant'),
    ...preparationFields,
    ...machineFields,
  }),
);

export type AgeConfig = z.output<typeof ageOptions>;
