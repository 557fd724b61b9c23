import type { Volume } from '@genesis/volume-io';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ModelInfo } from '../card/api.js';
import { stackBatch } from '../model/stack-batch.js';
import { fitVolume } from '../preprocessing/fit-volume.js';
import { prepareVolume } from '../preprocessing/prepare-volume.js';

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
