import { z } from 'zod';
import { type LayoutName, layoutNames } from '../../data/layouts/api.js';

/** How the data lie on disk: options of every task that reads a dataset. */
export interface DataOpts {
  /** How the dataset lies on disk. Default 'auto': as it looks; two folders where `labels` is given. */
  readonly layout?: LayoutName | 'auto';
}

/** The same as pieces of schemas. */
export const dataFields = {
  layout: z
    .enum(['auto', ...layoutNames])
    .default('auto')
    .describe('how the dataset lies on disk; auto: as it looks'),
};
