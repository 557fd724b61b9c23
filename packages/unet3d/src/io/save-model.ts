import type * as tfl from '@tensorflow/tfjs-layers';
import { modelFolder } from './model-folder.js';

/**
 * Saves architecture and weights to a folder (`model.json`, `weights.bin`; made if it is missing),
 * the standard TensorFlow.js format.
 * @throws GenesisError `write-failed`; in a browser UNet3dError `no-file-system`.
 */
export async function saveModel(model: tfl.LayersModel, folder: string): Promise<void> {
  await model.save(modelFolder(folder));
}
