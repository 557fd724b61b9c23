import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { atomicWrite } from '@genesis/core/node';
import { CARD_FILE } from '../../card/api.js';
import { HubError } from '../../errors.js';
import type { LocalModel } from '../api.js';
import { readCardFile } from './read-card-file.js';
import { verifyModelPackage } from './verify-package.js';

/**
 * Copies a model to a folder of the user: its package, or the weights alone.
 *
 * @param to - Made when it is missing; may hold the same model, and nothing else.
 * @returns The model as it is there, checked again.
 * @throws HubError 'bad-package' for a folder with something else in it; GenesisError 'write-failed'.
 */
export async function copyModel(model: LocalModel, to: string): Promise<LocalModel> {
  const { folder, card, weights } = model;
  if (folder === undefined || card === undefined) {
    const path = join(to, basename(weights));
    await atomicWrite(path, await readFile(weights));
    return { ...model, weights: path };
  }
  const there = await readdir(to).catch(() => []);
  if (there.length > 0 && (await readCardFile(to).catch(() => undefined))?.name !== card.name) {
    throw new HubError('bad-package', `${to} holds something else than ${card.name}`, { file: to });
  }
  const extras = (await readdir(folder)).filter((name) =>
    /^(README\.md|LICENSE|package\.json)$/.test(name),
  );
  // The card last, so that what was broken off does not fit it.
  for (const path of [...card.files.map((file) => file.path), ...extras, CARD_FILE]) {
    await atomicWrite(join(to, path), await readFile(join(folder, path)));
  }
  return { ...model, folder: to, weights: (await verifyModelPackage(to)).weights };
}
