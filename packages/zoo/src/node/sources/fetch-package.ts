import { CARD_FILE } from '../../card/api.js';
import { readPublishedModel } from '../../card/parse-card.js';
import { renderReadme } from '../../card/render-readme.js';
import { getText } from '../http/get-text.js';
import type { VerifiedPackage } from '../package/verify-package.js';
import type { HubContext } from './context.js';
import { fetchFile } from './fetch-file.js';
import { MOST_OF_A_CARD } from './limits.js';

/**
 * Fetches a package whose files stand beside its card, as in a repository of Hugging Face or on a web server.
 *
 * @param base - Address of the folder, with '/' at its end.
 * @param place - In the cache.
 */
export async function fetchPackage(
  context: HubContext,
  base: string,
  place: string,
): Promise<VerifiedPackage> {
  const url = base + CARD_FILE;
  const text = await getText(await context.client(), url, { maxBytes: MOST_OF_A_CARD });
  const card = readPublishedModel(text, url);
  const files = new Map<string, Uint8Array>([
    [CARD_FILE, Buffer.from(text)],
    ['README.md', Buffer.from(renderReadme(card))],
  ]);
  for (const { path, bytes, sha256: digest } of card.files) {
    const integrity = { algorithm: 'sha256', digest } as const;
    files.set(path, await fetchFile(context, base + path, { bytes, integrity }));
  }
  return context.cache.put(place, files);
}
