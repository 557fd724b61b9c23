import * as tf from '@tensorflow/tfjs-core';

/** Whether the engine in use has a kernel of this name. */
export function hasKernel(name: string): boolean {
  // Reading the back end first makes tfjs settle on one when none was selected yet.
  tf.backend();
  return tf.getKernel(name, tf.getBackend()) != null;
}

/** Runs a kernel of the engine in use. `attrs` are passed as they are. */
export function runKernel<T extends tf.Tensor | tf.Tensor[]>(
  name: string,
  inputs: Record<string, tf.Tensor>,
  attrs: Record<string, unknown>,
): T {
  return tf.engine().runKernel<T>(name, inputs, attrs as tf.NamedAttrMap);
}
