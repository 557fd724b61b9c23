import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { atomicWrite } from '@genesis/core/node';
import { HubError } from '../../errors.js';
import type { LocalModel } from '../api.js';
import { sha256 } from '../package/sha256.js';
import type { HubContext } from './context.js';
import { fetchFile } from './fetch-file.js';

/**
 * A weight file that stands by itself at an address, without a card: of the cache, or fetched. Where nobody gives its SHA-256 it is
 * believed the first time, and must be the same from then on.
 */
export async function weightsAlone(
  context: HubContext,
  url: string,
  digest?: string,
): Promise<LocalModel> {
  const { cache, settings, newest, opts } = context;
  const folder = join(cache.folder, 'files', sha256(url).slice(0, 32));
  const weights = join(folder, basename(new URL(url).pathname));
  const model = { weights, source: url };
  return context.locked(weights, async () => {
    const known = await knownDigest(weights);
    const bytes = newest ? undefined : await readFile(weights).catch(() => undefined);
    if (bytes !== undefined && known !== undefined && known === (digest ?? known)) {
      if (sha256(bytes) === known) return model;
    }
    if (settings.offline)
      throw new HubError('offline', `${url} is not here, and nothing may be fetched`, { url });
    const integrity = digest === undefined ? undefined : ({ algorithm: 'sha256', digest } as const);
    const fetched = await fetchFile(context, url, { integrity });
    const found = sha256(fetched);
    if (digest === undefined) {
      opts.onNote?.(`${url} comes without a card; its SHA-256 is ${found}`);
    }
    await atomicWrite(weights, fetched);
    await atomicWrite(`${weights}.sha256`, found);
    return model;
  });
}

async function knownDigest(weights: string): Promise<string | undefined> {
  return (await readFile(`${weights}.sha256`, 'utf8').catch(() => undefined))?.trim();
}
