import { readFile } from 'node:fs/promises';
import { systemReason } from '@genesis/core/node';
import { TrainerError } from '../errors.js';

/** The bytes of a weight file. @throws TrainerError 'weights'. */
export async function readWeightBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new TrainerError('weights', `cannot read ${file}: ${systemReason(cause)}`, {
      file,
      cause,
    });
  }
}
