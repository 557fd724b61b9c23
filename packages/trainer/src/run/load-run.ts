import { isGenesisError } from '@genesis/core';
import type { ModelCard } from '@genesis/inference';
import { readModelFile } from '@genesis/inference/node';
import type { NamedNdArrays } from '@genesis/unet3d';
import { TrainerError } from '../errors.js';
import { locateModel } from './locate-model.js';

export interface LoadedRun {
  readonly info: ModelCard;
  readonly weights: NamedNdArrays;
  /** The weight file that was read. */
  readonly file: string;
}

/**
 * Reads the best weights of a run, a weight file taken out of one, or a published model.
 *
 * @param path - Folder of a run, a `.safetensors` file that a run wrote, or what `locateModel` takes, such as `zoo:NAME`.
 * @param onNote - As for `locateModel`.
 * @throws TrainerError 'run-missing' or 'run-broken'; HubError.
 */
export async function loadRun(path: string, onNote?: (note: string) => void): Promise<LoadedRun> {
  const model = await locateModel(path, onNote);
  try {
    const { card, weights, file } = await readModelFile(model?.weights ?? path);
    return { info: card, weights, file };
  } catch (cause) {
    if (!isGenesisError(cause)) throw cause;
    const code = cause.code === 'not-found' ? 'run-missing' : 'run-broken';
    throw new TrainerError(code, cause.message, { file: cause.file ?? path, cause });
  }
}
