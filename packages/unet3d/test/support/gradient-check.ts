import { relativeL2 } from '@genesis/testing';
import * as tf from '@tensorflow/tfjs-core';

/** Values in [−1, 1) that differ from each other, the same every time. */
export function values(shape: number[], salt = 1): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const data = Float32Array.from({ length: size }, (_, i) => {
    const s = Math.sin((i + 1) * 12.9898 + salt * 78.233) * 43758.5453;
    return 2 * (s - Math.floor(s)) - 1;
  });
  return tf.tensor(data, shape);
}

/**
 * Relative L2 distance between the gradient that `f` reports for each input and central differences
 * of Σ f · w with fixed random w. Everything is disposed.
 */
export async function gradientErrors(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: tf.Tensor[],
  step = 1e-2,
): Promise<number[]> {
  const weight = tf.tidy(() => values(f(...inputs).shape, 3));
  const grads = tf.grads((...xs: tf.Tensor[]) => f(...xs))(inputs, weight);
  const weights = await weight.data();
  // Summed in float64, so that the differences are not lost in rounding.
  const value = async (xs: tf.Tensor[]): Promise<number> => {
    const y = tf.tidy(() => f(...xs));
    const data = Array.from(await y.data());
    y.dispose();
    return data.reduce((sum, v, i) => sum + v * weights[i], 0);
  };
  const errors: number[] = [];
  for (const [which, input] of inputs.entries()) {
    const base = Float32Array.from(await input.data());
    const numeric = new Float64Array(base.length);
    for (let i = 0; i < base.length; i++) {
      const moved = async (delta: number): Promise<number> => {
        const data = base.slice();
        data[i] += delta;
        const x = tf.tensor(data, input.shape);
        const result = await value(inputs.map((other, k) => (k === which ? x : other)));
        x.dispose();
        return result;
      };
      numeric[i] = ((await moved(step)) - (await moved(-step))) / (2 * step);
    }
    errors.push(relativeL2(Float64Array.from(await grads[which].data()), numeric));
  }
  tf.dispose([weight, grads]);
  return errors;
}
