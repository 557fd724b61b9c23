import { readFile, rm } from 'node:fs/promises';
import { type DownloadOpts, download } from '../http/download.js';
import type { HubContext } from './context.js';
import { MOST_OF_A_FILE } from './limits.js';

/** The bytes at an address, when they are what was published. What was cut off before is continued. */
export async function fetchFile(
  { client, cache, opts }: HubContext,
  url: string,
  wanted: Pick<DownloadOpts, 'integrity' | 'bytes'>,
): Promise<Uint8Array> {
  const path = cache.partial(url);
  const { onProgress, onNote } = opts;
  onNote?.(`fetching ${url}`);
  await download(await client(), url, path, { ...wanted, maxBytes: MOST_OF_A_FILE, onProgress });
  const bytes = await readFile(path);
  await rm(path, { force: true });
  return bytes;
}
