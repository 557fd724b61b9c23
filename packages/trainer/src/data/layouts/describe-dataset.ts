import type { DatasetDescription, DescribeOpts, LayoutName } from './api.js';
import { describeBids } from './bids.js';
import { describeCaseFolders } from './case-folders.js';
import { describeDecathlon } from './decathlon.js';
import { describeMonai } from './monai.js';
import { describeNnunet } from './nnunet.js';
import { describeTable } from './table.js';

/** Layouts that describe themselves, without a volume being opened. */
export type DescribedLayout = Exclude<LayoutName, 'folders'>;

const READERS: Readonly<
  Record<DescribedLayout, (opts: DescribeOpts) => Promise<DatasetDescription>>
> = {
  'case-folders': describeCaseFolders,
  nnunet: describeNnunet,
  decathlon: describeDecathlon,
  monai: describeMonai,
  bids: describeBids,
  csv: describeTable,
};

/**
 * What a dataset says about itself, by the reader of its layout.
 *
 * @throws TrainerError 'bad-data' that names the file and what is wrong with it.
 */
export function describeDataset(
  layout: DescribedLayout,
  opts: DescribeOpts,
): Promise<DatasetDescription> {
  return READERS[layout](opts);
}
