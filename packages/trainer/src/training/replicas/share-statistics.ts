import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Replicas } from './replicas.js';

/**
 * Gives all replicas the mean of their running statistics, which each has taken from its own samples; so that a run goes on the same
 * whatever process has saved it. Nothing where they are taken from all samples, or where there are none.
 */
export async function shareStatistics(replicas: Replicas, model: LayersModel): Promise<void> {
  if (replicas.size === 1 || replicas.scope?.syncNorm) return;
  const learnt = new Set(model.trainableWeights);
  const statistics = model.weights.filter(
    (weight) => !learnt.has(weight) && weight.originalName.includes('moving'),
  );
  if (statistics.length === 0) return;
  const values = statistics.map((weight) => weight.read().dataSync());
  const all = new Float64Array(values.reduce((sum, { length }) => sum + length, 0));
  let first = 0;
  for (const one of values) {
    all.set(one, first);
    first += one.length;
  }
  await replicas.sum(all);
  first = 0;
  for (const weight of statistics) {
    const { size, shape } = weight.read();
    const mean = Float32Array.from(all.subarray(first, first + size), (sum) => sum / replicas.size);
    first += size;
    const tensor = tf.tensor(mean, shape, 'float32');
    weight.write(tensor);
    tensor.dispose();
  }
}
