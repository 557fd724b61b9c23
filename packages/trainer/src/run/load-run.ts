import { stat } from 'node:fs/promises';
import { type ModelCard, parseModelCard } from '@genesis/inference';
import type { NamedNdArrays } from '@genesis/unet3d';
import { TrainerError } from '../errors.js';
import { loadCheckpoint } from './checkpoint.js';
import { runPaths } from './layout.js';

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
  const status = await stat(path).catch(() => undefined);
  if (!status)
    throw new TrainerError('run-missing', `${path}: there is no such run`, { file: path });
  const file = status.isDirectory() ? runPaths(path).best : path;
  if (status.isDirectory() && !(await stat(file).catch(() => undefined))) {
    throw new TrainerError(
      'run-missing',
      `${path} holds no checkpoints/best.safetensors: it is not the folder of a run, or the run has not completed an epoch yet`,
      { file: path },
    );
  }
  const { weights, model } = await loadCheckpoint(file);
  try {
    return { info: parseModelCard(model), weights, file };
  } catch (cause) {
    throw new TrainerError('run-broken', `${file} cannot be used: ${(cause as Error).message}`, {
      file,
      cause,
    });
  }
}
