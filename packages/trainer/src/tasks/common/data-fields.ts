import { z } from 'zod';
import { text } from '../../config/fields.js';
import { type LayoutName, layoutNames } from '../../data/layouts/api.js';
import { type SplitOpts, splitFields } from './split-fields.js';

/** How the data lie on disk: options of every task that reads a dataset. */
export interface DataOpts extends SplitOpts {
  /** How the dataset lies on disk. Default 'auto': as it looks; two folders where `labels` is given. */
  readonly layout?: LayoutName | 'auto';
  /** Which of the dataset's channels are used, and in which order, by their names. Default: all. */
  readonly channels?: readonly string[];
  /** Take cases that lack a channel: it is 0 everywhere after normalization. Default false: they are refused. */
  readonly allowMissingChannels?: boolean;
  /** Resample channels that lie on other grids onto that of the first. Default false: they are refused. */
  readonly resampleChannels?: boolean;
}

/** The same as pieces of schemas. */
export const dataFields = {
  layout: z
    .enum(['auto', ...layoutNames])
    .default('auto')
    .describe('how the dataset lies on disk; auto: as it looks'),
  channels: z
    .array(text)
    .min(1)
    .optional()
    .describe('which channels of the dataset, by their names (default: all)'),
  allowMissingChannels: z
    .boolean()
    .default(false)
    .describe('take cases that lack a channel: zeros after normalization'),
  ...splitFields,
  resampleChannels: z
    .boolean()
    .default(false)
    .describe('resample channels on other grids onto that of the first'),
};
