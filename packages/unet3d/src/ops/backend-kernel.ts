import * as tf from '@tensorflow/tfjs-core';

/** Runs a kernel of the back end in use by its name. `attrs` are passed as they are. */
export function runBackendKernel<T extends tf.Tensor | tf.Tensor[]>(
  name: string,
  inputs: Record<string, tf.Tensor>,
  attrs: Record<string, unknown>,
): T {
  return tf.engine().runKernel<T>(name, inputs, attrs as tf.NamedAttrMap);
}
