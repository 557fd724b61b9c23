import { setWeights } from '@genesis/unet3d';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { InferenceError } from '../errors.js';
import { buildModel } from './build-model.js';
import type { ModelFile } from './model-file.js';

/**
 * The network of a model file with its weights, all of them. The caller disposes it.
 *
 * @throws InferenceError 'weights' when they do not fit the card's network, 'non-finite' when some are NaN or infinite.
 */
export function modelWithWeights({ card, weights }: ModelFile): LayersModel {
  for (const [name, { data }] of weights) {
    // x − x is 0 for finite numbers only.
    if (data.every((value) => value - value === 0)) continue;
    throw new InferenceError(
      'non-finite',
      `the weight ${name} holds NaN or infinities, so the model cannot be used: its training has diverged`,
    );
  }
  const model = buildModel(card, 0);
  try {
    setWeights(model, weights);
  } catch (cause) {
    model.dispose();
    throw new InferenceError('weights', (cause as Error).message, { cause });
  }
  return model;
}
