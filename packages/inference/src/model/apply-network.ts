import type { NumberArray } from '@genesis/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { stackBatch } from './stack-batch.js';

/**
 * Applies a network to a batch and reads back what `finish` makes of its outputs, such as a loss or the most probable classes.
 * All tensors between are disposed.
 *
 * @param inputs - At least one, equally long.
 * @param shape - Of one input, channels last.
 * @param finish - Called once with the network's outputs, inside `tf.tidy`.
 * @returns The values of each tensor that `finish` returned; owned by the caller.
 */
export async function applyNetworkThen(
  model: LayersModel,
  inputs: readonly Float32Array[],
  shape: readonly number[],
  finish: (...outputs: tf.Tensor[]) => tf.Tensor[],
): Promise<NumberArray[]> {
  const results = tf.tidy(() => {
    const outputs = model.predictOnBatch(stackBatch(inputs, shape));
    return Array.isArray(outputs) ? finish(...outputs) : finish(outputs);
  });
  const values = await Promise.all(results.map((result) => result.data()));
  tf.dispose(results);
  return values;
}

/**
 * Applies a network to a batch. With batch statistics the outputs depend on what else is in the batch.
 *
 * @param inputs - At least one, equally long.
 * @param shape - Of one input, channels last.
 * @returns The output for each input, C order, owned by the caller; outputs of one batch share a buffer.
 */
export async function applyNetwork(
  model: LayersModel,
  inputs: readonly Float32Array[],
  shape: readonly number[],
): Promise<Float32Array[]> {
  const [values] = await applyNetworkThen(model, inputs, shape, (output) => [output]);
  const size = values.length / inputs.length;
  return inputs.map((_, n) => values.subarray(n * size, (n + 1) * size) as Float32Array);
}
