import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TrainerError } from '../../errors.js';
import type { LayoutName } from './api.js';
import { detectLayout, type FoundLayout } from './detect-layout.js';
import { listNames } from './list-files.js';

/** Which file describes a dataset of these layouts, where the user gives its folder. */
const FILES: Partial<Record<LayoutName, RegExp>> = { monai: /\.json$/i, csv: /\.(csv|tsv)$/i };

/**
 * The layout that was asked for with the path that its reader takes, or with 'auto' the one that is found.
 *
 * @param isSure - See detectLayout.
 * @throws TrainerError 'bad-data' when a folder holds not exactly one file that could describe the dataset.
 */
export async function resolveLayout(
  path: string,
  layout: LayoutName | 'auto',
  isSure = false,
): Promise<FoundLayout> {
  if (layout === 'auto') return detectLayout(path, isSure);
  const pattern = FILES[layout];
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  if (!pattern || !isFolder) return { layout, path };
  const found = (await listNames(path)).files.filter((name) => pattern.test(name));
  if (found.length === 1) return { layout, path: join(path, found[0]) };
  throw new TrainerError(
    'bad-data',
    `${path} holds ${found.length === 0 ? 'no file' : `${found.length} files`} that could describe a dataset (${layout}): name the file itself`,
    { file: path },
  );
}
