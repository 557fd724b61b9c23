import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CARD_FILE } from '../../card/api.js';

/**
 * The folder of a model package that npm has installed: in `node_modules` of `from` or of a folder above.
 *
 * @param version - Only this one. Default: whichever is there.
 */
export async function findInstalled(
  name: string,
  from: string,
  version?: string,
): Promise<string | undefined> {
  for (let at = resolve(from); ; at = dirname(at)) {
    const folder = join(at, 'node_modules', name);
    if (await stat(join(folder, CARD_FILE)).catch(() => undefined)) {
      if (version === undefined || (await versionOf(folder)) === version) return folder;
    }
    if (dirname(at) === at) return undefined;
  }
}

async function versionOf(folder: string): Promise<unknown> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { readonly version?: unknown }).version;
}
