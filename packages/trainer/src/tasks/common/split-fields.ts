import { z } from 'zod';
import { text } from '../../config/fields.js';

/** Who decides which cases are trained on and which validated with: options of every task that reads a dataset. */
export interface SplitOpts {
  /**
   * A json with the names of cases: `{"train": […], "val": […]}`, or a list of such (nnU-Net's `splits_final.json`), of which `fold`
   * chooses one. Cases that it does not name are not used.
   */
  readonly split?: string;
  /** Divide the cases into so many folds by patients, at least 2. */
  readonly folds?: number;
  /**
   * The fold to validate with, from 0, or 'all' (default with `folds`): one run after the other, in the folders `fold0`, `fold1`, …
   * of `out`.
   */
  readonly fold?: number | 'all';
  /**
   * A regular expression that finds the patient in the name of a case: its first group, or all that it matches. Cases of one patient
   * stay on one side.
   */
  readonly patientPattern?: string;
  /** A table with the columns name and patient. */
  readonly patients?: string;
  /** Images to validate with, where they lie by themselves. */
  readonly validationImages?: string;
}

/** The same as pieces of schemas. */
export const splitFields = {
  split: text
    .optional()
    .describe(
      "json with the names of cases, {train, val}, or a list of such (nnU-Net's splits_final.json), of which --fold chooses one",
    ),
  folds: z
    .int()
    .min(2)
    .optional()
    .describe('divide the cases into so many folds, no patient in two of them'),
  fold: z
    .union([z.int().min(0), z.literal('all')])
    .optional()
    .describe(
      'fold to validate with, from 0; all (default with --folds): one run after the other, in --out/fold0, fold1, …',
    ),
  patientPattern: text
    .optional()
    .describe(
      'regular expression that finds the patient in the name of a case; cases of one stay on one side',
    ),
  patients: text.optional().describe('table (csv) with the columns name and patient'),
  validationImages: text
    .optional()
    .describe('images to validate with, where they lie by themselves'),
};

/** The options of a split that its rules depend on. */
export type SplitConfig = z.output<z.ZodObject<typeof splitFields>>;
