import { stat } from 'node:fs/promises';
import { isHubReference, zooEntries } from '@genesis/zoo';
import type { LocalModel } from '@genesis/zoo/node';
import { TrainerError } from '../errors.js';

/**
 * The model that a text names where a run or a weight file is asked for, if it is one of a hub: `zoo:NAME`, `npm:PACKAGE`,
 * `hf:OWNER/NAME`, an address, or a package on disk. Undefined for runs and weight files, which are where the text says.
 *
 * @param onNote - Told what is fetched, and once on which terms a model may be used.
 * @throws HubError when it cannot be had; TrainerError 'bad-argument' for official weights, which are no model by themselves.
 */
export async function locateModel(
  text: string,
  onNote?: (note: string) => void,
): Promise<LocalModel | undefined> {
  if (!isHubReference(text) && !(await isPackage(text))) return undefined;
  if (isOfficial(text)) {
    throw new TrainerError(
      'bad-argument',
      `${text} are weights to start from (--init), without what a model needs to be applied`,
    );
  }
  const { findModel } = await import('@genesis/zoo/node');
  return findModel(text, { onNote });
}

/** Whether a text names one of the official models, whose weights are not ours to pass on. */
export function isOfficial(text: string): boolean {
  return text.startsWith('zoo:') && zooEntries.has(text.slice('zoo:'.length));
}

/** Whether it may be a package, before what reads packages is loaded. */
async function isPackage(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  if (status === undefined || !(status.isDirectory() || /gz$/.test(path))) return false;
  const { isModelPackage } = await import('@genesis/zoo/node');
  return isModelPackage(path);
}
