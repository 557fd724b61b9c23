import { catalog } from '../hub/catalog.js';
import { zooEntries } from '../hub/registry.js';
import type { HubOpts } from './api.js';
import { ModelCache } from './cache/cache.js';
import { readCardFile } from './package/read-card-file.js';
import { hubSettings } from './settings.js';

/** A model that is known here. */
export interface ListedModel {
  readonly name: string;
  readonly title: string;
  readonly license: string;
  /** Of one that is in the cache. */
  readonly version?: string;
  /** Where it is or comes from: the cache, npm, or a page where one gets it by hand. */
  readonly where: 'cache' | 'npm' | 'by hand';
  /** In the cache. */
  readonly folder?: string;
}

/** The models of the cache, then those of the catalog and the official ones. Nothing is asked over the network. */
export async function listModels(
  opts: Pick<HubOpts, 'cache' | 'env'> = {},
): Promise<ListedModel[]> {
  const folders = await new ModelCache(hubSettings(opts).cache).all();
  const cached = await Promise.all(
    folders.map(async (folder): Promise<ListedModel | undefined> => {
      const card = await readCardFile(folder).catch(() => undefined);
      if (card === undefined) return undefined;
      const { name, title, license, version } = card;
      return { name, title, license, version, where: 'cache', folder };
    }),
  );
  const official = [...zooEntries.values()];
  return [
    ...cached.filter((one) => one !== undefined),
    ...catalog.map((one): ListedModel => ({ ...one, where: 'npm' })),
    ...official.map(
      ({ name, title, license }): ListedModel => ({ name, title, license, where: 'by hand' }),
    ),
  ];
}
