import { encodeModel } from '@genesis/unet3d';
import { TrainerError } from '../errors.js';
import type { ExportFiles, ExportSource } from './api.js';
import { describeModel } from './describe-model.js';
import { DESCRIPTION_FILE, descriptionText } from './description-file.js';

/**
 * A model as TensorFlow.js keeps one, with what is to be known of it. `loadLayersModel` of `@genesis/unet3d` knows its layers.
 *
 * @throws TrainerError 'bad-argument' where halves are asked for, which the format does not have.
 */
export async function tfjsFiles({ card, model, half }: ExportSource): Promise<ExportFiles> {
  if (half) {
    throw new TrainerError(
      'bad-argument',
      'TensorFlow.js has no halves: export it without --half, or as onnx',
    );
  }
  const description = describeModel(card, model, 'model.json');
  return new Map([...(await encodeModel(model)), [DESCRIPTION_FILE, descriptionText(description)]]);
}
