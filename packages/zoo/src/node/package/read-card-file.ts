import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemReason } from '@genesis/core/node';
import { CARD_FILE, type PublishedModel } from '../../card/api.js';
import { readPublishedModel } from '../../card/parse-card.js';
import { HubError } from '../../errors.js';

/**
 * The card of the model package in a folder.
 *
 * @throws HubError 'not-found' when there is none, 'bad-card', 'newer-card'.
 */
export async function readCardFile(folder: string): Promise<PublishedModel> {
  const file = join(folder, CARD_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new HubError('not-found', `${file} cannot be read: ${systemReason(cause)}`, {
      file,
      cause,
    });
  }
  return readPublishedModel(text, file);
}
