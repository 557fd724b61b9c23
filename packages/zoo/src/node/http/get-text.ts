import { isGenesisError } from '@genesis/core';
import { HubError } from '../../errors.js';
import { checkStatus, isBusy } from './check-status.js';
import { type HttpClient, reasonOf } from './client.js';

export interface GetTextOpts {
  readonly headers?: Readonly<Record<string, string>>;
  /** More is refused. */
  readonly maxBytes: number;
}

/**
 * Gets a small text, UTF-8. What may pass is tried again.
 *
 * @throws HubError 'unreachable', 'refused', 'not-found', 'redirects', 'too-large'.
 */
export async function getText(client: HttpClient, url: string, opts: GetTextOpts): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(client, url, opts, attempt < client.opts.attempts);
    } catch (error) {
      if (!isGenesisError(error, 'unreachable') || attempt >= client.opts.attempts) throw error;
      await client.pause(attempt);
    }
  }
}

async function once(
  client: HttpClient,
  url: string,
  { headers, maxBytes }: GetTextOpts,
  mayRepeat: boolean,
): Promise<string> {
  const answer = await client.get(url, headers);
  if (isBusy(answer.status) && mayRepeat) {
    await answer.drop();
    throw new HubError('unreachable', `${url}: the server answered ${answer.status}`, { url });
  }
  await checkStatus(answer, url);
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of answer.body) {
      length += part.length;
      if (length > maxBytes) {
        throw new HubError('too-large', `${url} is larger than ${maxBytes} bytes`, { url });
      }
      parts.push(part);
    }
  } catch (cause) {
    if (isGenesisError(cause)) throw cause;
    throw new HubError('unreachable', `cannot get ${url}: ${reasonOf(cause)}`, { url, cause });
  }
  return Buffer.concat(parts).toString('utf8');
}
