import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelReference } from '../../hub/reference.js';
import type { LocalModel } from '../api.js';
import { compareVersions } from '../npm/compare-versions.js';
import type { HubContext } from './context.js';
import { isModelPackage, packageOnDisk } from './folder.js';

/**
 * Looks for a model in the folder that `$GENESIS_MIRROR` names: archives of npm beside each other, packages in folders that are called as the
 * package, the model or the repository, and files of addresses under `HOST/PATH`.
 *
 * @returns undefined when it is not there, or there is no mirror.
 */
export async function findInMirror(
  context: HubContext,
  reference: ModelReference,
): Promise<LocalModel | undefined> {
  const { mirror } = context.settings;
  if (mirror === undefined) return undefined;
  for (const path of await candidates(mirror, reference)) {
    if (await isModelPackage(path)) {
      const found = await packageOnDisk(context, path);
      if (fits(found, reference)) return found;
    } else if (isFileReference(reference) && (await isFile(path))) {
      return { weights: path, source: path };
    }
  }
  return undefined;
}

async function candidates(mirror: string, reference: ModelReference): Promise<string[]> {
  switch (reference.kind) {
    case 'npm': {
      const names = [
        reference.package,
        ...(reference.model === undefined ? [] : [reference.model]),
      ];
      const folders = names.map((name) => join(mirror, name));
      return [...folders, ...(await archives(mirror, reference.package))];
    }
    case 'hf':
      return [join(mirror, reference.repository, reference.file ?? '')];
    case 'url': {
      const { host, pathname } = new URL(reference.url);
      return [join(mirror, host, pathname.replace(/\/model\.json$/, ''))];
    }
    case 'path':
      return [];
  }
}

/** The archives of a package, newest first: 'genesis-model-x-1.0.0.tgz'. */
async function archives(mirror: string, name: string): Promise<string[]> {
  const start = `${name.replace('@', '').replace('/', '-')}-`;
  const versions = (await readdir(mirror).catch(() => []))
    .filter((file) => file.startsWith(start) && file.endsWith('.tgz'))
    .map((file) => file.slice(start.length, -'.tgz'.length))
    .filter((version) => /^\d+\.\d+\.\d+/.test(version));
  return versions
    .sort((a, b) => compareVersions(b, a))
    .map((version) => join(mirror, `${start}${version}.tgz`));
}

function fits({ card }: LocalModel, reference: ModelReference): boolean {
  if (reference.kind !== 'npm') return true;
  return reference.version === undefined || reference.version === card?.version;
}

function isFileReference(reference: ModelReference): boolean {
  return reference.kind === 'url' || (reference.kind === 'hf' && reference.file !== undefined);
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
