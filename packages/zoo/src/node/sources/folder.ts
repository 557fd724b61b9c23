import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { systemReason } from '@genesis/core/node';
import { CARD_FILE } from '../../card/api.js';
import { HubError } from '../../errors.js';
import type { LocalModel } from '../api.js';
import { sha256 } from '../package/sha256.js';
import { type VerifiedPackage, verifyModelPackage } from '../package/verify-package.js';
import { unpackPackage } from '../tar/unpack.js';
import type { HubContext } from './context.js';

/** Whether a path is a model package: a folder with a card, or an archive of one. */
export async function isModelPackage(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  if (status?.isDirectory()) {
    return (await stat(join(path, CARD_FILE)).catch(() => undefined)) !== undefined;
  }
  return status !== undefined && isArchive(path);
}

/** Whether a name is that of an archive as `npm pack` makes it. */
export function isArchive(path: string): boolean {
  return /\.(tgz|tar\.gz)$/.test(path);
}

/** The package of a folder, where it is, or of an archive, unpacked into the cache. */
export async function packageOnDisk(context: HubContext, path: string): Promise<LocalModel> {
  if (!isArchive(path)) return inFolder(await verifyModelPackage(path), path, path);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const message = `${path} cannot be read: ${systemReason(cause)}`;
    throw new HubError('not-found', message, { file: path, cause });
  }
  const place = context.cache.place('file', basename(path), sha256(bytes).slice(0, 32));
  const put = async () => context.cache.put(place, await unpackPackage(bytes, path));
  const found = await context.locked(place, () => verifyModelPackage(place).catch(put));
  return inFolder(found, place, path);
}

/** A package that was checked, as a model. */
export function inFolder(
  { card, weights }: VerifiedPackage,
  folder: string,
  source: string,
): LocalModel {
  return { weights, source, folder, card };
}
