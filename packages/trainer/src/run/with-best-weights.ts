import { stat } from 'node:fs/promises';
import { getWeights, setWeights } from '@genesis/unet3d';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { loadCheckpoint } from './checkpoint.js';

/** Calls `use` while the network holds the weights of `file`, then puts its own back, bit by bit. Without file: as it is. */
export async function withBestWeights<T>(
  model: LayersModel,
  file: string,
  use: () => Promise<T>,
): Promise<T> {
  if (!(await stat(file).catch(() => undefined))) return use();
  const own = await getWeights(model);
  setWeights(model, (await loadCheckpoint(file)).weights);
  try {
    return await use();
  } finally {
    setWeights(model, own);
  }
}
