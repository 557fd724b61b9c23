import type { Volume } from '@genesis/volume-io';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { fitVolume } from '../data/fit-volume.js';
import { prepareVolume } from '../data/prepare-volume.js';
import type { ModelInfo } from '../model/api.js';
import { stackBatch } from '../tasks/stack-batch.js';

/** Probability of each class for a whole volume, prepared as in training. */
export async function classifyVolume(
  volume: Volume,
  model: LayersModel,
  info: ModelInfo,
): Promise<Float32Array> {
  const input = fitVolume(
    prepareVolume(volume, info.preparation),
    [...info.crop],
    info.fit ?? 'center',
  );
  const output = tf.tidy(
    () => model.predictOnBatch(stackBatch([input.data], [...info.crop, 1])) as tf.Tensor,
  );
  const values = (await output.data()) as Float32Array;
  output.dispose();
  return values.slice();
}
