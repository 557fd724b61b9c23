import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite } from '@genesis/core/node';
import { CARD_FILE, type PackageFile, type PublishedModel } from '../../card/api.js';
import { readPublishedModel } from '../../card/parse-card.js';
import { renderReadme } from '../../card/render-readme.js';
import { packageJson } from './package-json.js';
import { readCardFile } from './read-card-file.js';
import { sha256 } from './sha256.js';

/**
 * Writes a model package into a folder, ready for `npm publish`: card, weights, pictures, README.md and package.json. What an earlier
 * version of the package had and this one has not is removed; other files in the folder stay.
 *
 * @param card - Everything but `files`, which follow from `contents`.
 * @param contents - By paths inside the package.
 * @returns The card as it was written.
 * @throws HubError 'bad-card'; GenesisError 'write-failed'. The card is written last, so that a package that was not completed
 *   does not fit its card.
 */
export async function writeModelPackage(
  folder: string,
  card: Omit<PublishedModel, 'files'>,
  contents: ReadonlyMap<string, Uint8Array>,
): Promise<PublishedModel> {
  const files = [...contents].map(
    ([path, bytes]): PackageFile => ({ path, bytes: bytes.length, sha256: sha256(bytes) }),
  );
  // As whoever reads it will see it.
  const whole = readPublishedModel(JSON.stringify({ ...card, files }));
  const before = await readCardFile(folder).catch(() => undefined);
  for (const { path } of before?.files ?? []) {
    if (!contents.has(path)) await rm(join(folder, path), { force: true });
  }
  for (const [path, bytes] of contents) await atomicWrite(join(folder, path), bytes);
  await atomicWrite(join(folder, 'package.json'), packageJson(whole));
  await atomicWrite(join(folder, 'README.md'), renderReadme(whole));
  await atomicWrite(join(folder, CARD_FILE), `${JSON.stringify(whole, null, 2)}\n`);
  return whole;
}
