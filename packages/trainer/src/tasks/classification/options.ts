import { z } from 'zod';
import { checkedSchema } from '../../config/checked-schema.js';
import { checkBasicOptions } from '../common/augmentation/basic-options.js';
import { type FinetuneTaskOpts, finetuneFields, labeledFields } from '../common/finetune-fields.js';
import { recipeDefaults } from '../common/recipes.js';
import { type SplitOpts, splitFields } from '../common/split-fields.js';

const { validationImages: _, ...sides } = splitFields;

/** Options of fine-tuning for classification. */
export interface ClassificationOpts extends FinetuneTaskOpts, Omit<SplitOpts, 'validationImages'> {
  readonly task: 'classification';
  /** Cut or pad volumes around their middle ('center', default), or shrink them to the crop ('resize'). */
  readonly fit?: 'center' | 'resize';
}

export const classificationOptions = checkedSchema<ClassificationOpts>()(
  z
    .strictObject({
      task: z.literal('classification'),
      ...labeledFields,
      ...sides,
      fit: z
        .enum(['center', 'resize'])
        .default('center')
        .describe(
          'classification: cut or pad volumes around their middle, or shrink them to the crop',
        ),
      ...finetuneFields,
    })
    .superRefine(checkBasicOptions),
);

export type ClassificationConfig = z.output<typeof classificationOptions>;

/** What its recipes say of options that are not given. */
export const classificationPresets = (
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  recipeDefaults({ task: 'classification', ...given }, classificationOptions.shape);
