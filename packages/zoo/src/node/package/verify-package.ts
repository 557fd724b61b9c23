import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { systemReason } from '@genesis/core/node';
import type { PackageFile, PublishedModel } from '../../card/api.js';
import { HubError } from '../../errors.js';
import { decodeSafetensors } from '../../weights/safetensors.js';
import { readCardFile } from './read-card-file.js';
import { sha256 } from './sha256.js';

/** A model package that was checked. */
export interface VerifiedPackage {
  readonly card: PublishedModel;
  /** Path of the weights. */
  readonly weights: string;
}

/**
 * Checks a model package: its card, size and SHA-256 of every file, and that the weights carry the model card that the package's card
 * repeats.
 *
 * @throws HubError 'not-found', 'bad-card', 'newer-card', 'bad-package', 'length' or 'hash'.
 */
export async function verifyModelPackage(folder: string): Promise<VerifiedPackage> {
  const card = await readCardFile(folder);
  const weights = join(folder, card.weights);
  for (const file of card.files) {
    const bytes = await checkFile(folder, file);
    if (file.path === card.weights) checkWeights(bytes, card, weights);
  }
  return { card, weights };
}

async function checkFile(folder: string, wanted: PackageFile): Promise<Uint8Array> {
  const file = join(folder, wanted.path);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const reason = systemReason(cause);
    throw new HubError('bad-package', `${file} cannot be read: ${reason}`, { file, cause });
  }
  if (bytes.length !== wanted.bytes) {
    const message = `${file} has ${bytes.length} bytes, its card says ${wanted.bytes}`;
    throw new HubError('length', message, { file });
  }
  if (sha256(bytes) !== wanted.sha256) {
    throw new HubError('hash', `${file} is not the file of its card: another SHA-256`, { file });
  }
  return bytes;
}

/** The weights must be what the card says, since the one is shown and the other is used. */
function checkWeights(bytes: Uint8Array, card: PublishedModel, file: string): void {
  let inside: unknown;
  try {
    inside = JSON.parse(decodeSafetensors(bytes).metadata.model ?? 'null');
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new HubError('bad-package', `${file} is no weight file: ${reason}`, { file, cause });
  }
  if (isDeepStrictEqual(inside, card.model)) return;
  throw new HubError('bad-package', `${file} carries another model card than its package shows`, {
    file,
  });
}
