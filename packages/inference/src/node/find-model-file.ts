import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceError } from '../errors.js';

/** Where a run keeps the weights of its best epoch. */
export const BEST_WEIGHTS = join('checkpoints', 'best.safetensors');

/**
 * The model file that a path means: the best weights of a run's folder, or the file itself.
 *
 * @throws InferenceError 'not-found'.
 */
export async function findModelFile(path: string): Promise<string> {
  const status = await stat(path).catch(() => undefined);
  if (!status)
    throw new InferenceError('not-found', `${path}: there is no such run`, { file: path });
  if (!status.isDirectory()) return path;
  const file = join(path, BEST_WEIGHTS);
  if (await stat(file).catch(() => undefined)) return file;
  throw new InferenceError(
    'not-found',
    `${path} holds no checkpoints/best.safetensors: it is not the folder of a run, or the run has not completed an epoch yet`,
    { file: path },
  );
}
