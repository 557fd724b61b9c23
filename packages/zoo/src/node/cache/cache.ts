import { readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { atomicWrite, makeFolder, temporaryPath, writeFailure } from '@genesis/core/node';
import { compareVersions } from '../npm/compare-versions.js';
import { sha256 } from '../package/sha256.js';
import { type VerifiedPackage, verifyModelPackage } from '../package/verify-package.js';

/** A folder of fetched models: `models/SOURCE/NAME/VERSION/`, each a whole package that fits its card. */
export class ModelCache {
  /** @param folder - Made when something is put into it. */
  constructor(readonly folder: string) {}

  /** Where a package is or will be. */
  place(source: 'npm' | 'hf' | 'url' | 'file', name: string, version: string): string {
    return join(this.folder, 'models', source, flat(name), flat(version));
  }

  /** Where bytes of an address are collected until they are whole; the same for every process. */
  partial(url: string): string {
    return join(this.folder, 'partial', sha256(url).slice(0, 32));
  }

  /** The lock of a place. */
  lock(place: string): string {
    return join(this.folder, 'locks', sha256(place).slice(0, 32));
  }

  /** The versions of a package that are here, newest first. */
  async versions(source: 'npm' | 'hf', name: string): Promise<string[]> {
    const found = await readdir(dirname(this.place(source, name, '0'))).catch(() => []);
    return found.filter((one) => !one.startsWith('.')).sort((a, b) => compareVersions(b, a));
  }

  /** The folders of all packages. */
  async all(): Promise<string[]> {
    const list = async (path: string): Promise<string[]> =>
      (await readdir(path).catch(() => [])).filter((name) => !name.startsWith('.')).sort();
    const folders: string[] = [];
    const top = join(this.folder, 'models');
    for (const source of await list(top)) {
      for (const name of await list(join(top, source))) {
        for (const version of await list(join(top, source, name))) {
          folders.push(join(top, source, name, version));
        }
      }
    }
    return folders;
  }

  /**
   * Puts a package in its place, whole or not at all, after it was checked.
   *
   * @param files - By paths inside it.
   * @throws HubError as verifyModelPackage; GenesisError 'write-failed'.
   */
  async put(place: string, files: ReadonlyMap<string, Uint8Array>): Promise<VerifiedPackage> {
    const staging = temporaryPath(place);
    try {
      for (const [path, bytes] of files) await atomicWrite(join(staging, path), bytes);
      const { card } = await verifyModelPackage(staging);
      try {
        await makeFolder(dirname(place));
        await rm(place, { recursive: true, force: true });
        await rename(staging, place);
      } catch (cause) {
        throw writeFailure(place, cause);
      }
      return { card, weights: join(place, card.weights) };
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }
}

/** A name as one part of a path. */
function flat(name: string): string {
  return name.replaceAll('/', '+');
}
