import { isGenesisError } from '@genesis/core';
import { HubError } from '../../errors.js';
import type { ModelReference } from '../../hub/reference.js';
import type { LocalModel } from '../api.js';
import { findVersion, type PublishedVersion } from '../npm/find-version.js';
import { findInstalled } from '../npm/installed.js';
import { verifyModelPackage } from '../package/verify-package.js';
import { registryOf } from '../settings.js';
import { unpackPackage } from '../tar/unpack.js';
import type { HubContext } from './context.js';
import { fetchFile } from './fetch-file.js';
import { inFolder } from './folder.js';

type NpmReference = Extract<ModelReference, { kind: 'npm' }>;

/** The package that npm has installed here; undefined when there is none. */
export async function installedPackage(
  { settings }: HubContext,
  { package: name, version }: NpmReference,
): Promise<LocalModel | undefined> {
  const folder = await findInstalled(name, settings.cwd, version);
  return folder === undefined
    ? undefined
    : inFolder(await verifyModelPackage(folder), folder, folder);
}

/** The newest version that is in the cache, or the one that is asked for. */
export async function cachedPackage(
  { cache }: HubContext,
  { package: name, version }: NpmReference,
): Promise<LocalModel | undefined> {
  const versions = await cache.versions('npm', name);
  const found = versions.find((one) => version === undefined || version === one);
  if (found === undefined) return undefined;
  const place = cache.place('npm', name, found);
  return inFolder(await verifyModelPackage(place), place, `npm:${name}@${found}`);
}

/** Fetches a package from its registry, unless that version is in the cache. */
export async function fetchFromNpm(
  context: HubContext,
  reference: NpmReference,
): Promise<LocalModel> {
  const { package: name } = reference;
  const found = await publishedVersion(context, reference);
  const place = context.cache.place('npm', name, found.version);
  const put = async () => {
    const bytes = await fetchFile(context, found.tarball, { integrity: found.integrity });
    return context.cache.put(place, await unpackPackage(bytes, found.tarball));
  };
  const verified = await context.locked(place, () => verifyModelPackage(place).catch(put));
  return inFolder(verified, place, `npm:${name}@${found.version}`);
}

async function publishedVersion(
  context: HubContext,
  { package: name, version, model }: NpmReference,
): Promise<PublishedVersion> {
  const registry = await registryOf(name, context.settings);
  try {
    return await findVersion(await context.client(), registry, name, version);
  } catch (cause) {
    if (model === undefined || !isGenesisError(cause, 'not-found')) throw cause;
    throw new HubError('not-found', `the zoo has no model '${model}': ${cause.message}`, { cause });
  }
}
