import type { HubOpts } from '../api.js';
import { ModelCache } from '../cache/cache.js';
import { withLock } from '../cache/with-lock.js';
import { HttpClient } from '../http/client.js';
import { type HubSettings, hubSettings } from '../settings.js';

/** What the sources of models have in common while one is looked for. */
export interface HubContext {
  readonly settings: HubSettings;
  readonly cache: ModelCache;
  readonly opts: HubOpts;
  /** Whether to ask for the newest version, whatever is here. */
  readonly newest: boolean;
  /** The client, opened when it is first needed. */
  client(): Promise<HttpClient>;
  /** Does `work` with the lock of a place in the cache. */
  locked<T>(place: string, work: () => Promise<T>): Promise<T>;
}

/** Does `work` in a context of its own and closes its connections. */
export async function withContext<T>(
  opts: HubOpts,
  newest: boolean,
  work: (context: HubContext) => Promise<T>,
): Promise<T> {
  const settings = hubSettings(opts);
  const cache = new ModelCache(settings.cache);
  let client: Promise<HttpClient> | undefined;
  const context: HubContext = {
    settings,
    cache,
    opts,
    newest,
    client: () => (client ??= HttpClient.open(opts)),
    locked: (place, inside) =>
      withLock(cache.lock(place), inside, () =>
        opts.onNote?.(`another process is fetching ${place}: waiting for it`),
      ),
  };
  try {
    return await work(context);
  } finally {
    await (await client)?.close();
  }
}
