import { isGenesisError } from '@genesis/core';
import type { ModelCard } from '@genesis/inference';
import { readModelFile } from '@genesis/inference/node';
import type { NamedNdArrays } from '@genesis/unet3d';
import { TrainerError } from '../errors.js';

export interface LoadedRun {
  readonly info: ModelCard;
  readonly weights: NamedNdArrays;
  /** The weight file that was read. */
  readonly file: string;
}

/**
 * Reads the best weights of a run, or a weight file taken out of one.
 *
 * @param path - Folder of a run, or a `.safetensors` file that a run wrote.
 * @throws TrainerError 'run-missing' or 'run-broken'.
 */
export async function loadRun(path: string): Promise<LoadedRun> {
  try {
    const { card, weights, file } = await readModelFile(path);
    return { info: card, weights, file };
  } catch (cause) {
    if (!isGenesisError(cause)) throw cause;
    const code = cause.code === 'not-found' ? 'run-missing' : 'run-broken';
    throw new TrainerError(code, cause.message, { file: cause.file ?? path, cause });
  }
}
