import type { ReadonlyVec3 } from '@genesis/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { applyNetwork } from './apply-network.js';

/**
 * What prediction applies: prepared crops [x, y, z] or [x, y, z, channels] (C order) in, an output for each out. Crops of one call are a
 * batch; outputs are only read by the callee afterwards.
 */
export type Network = (crops: readonly Float32Array[]) => Promise<readonly Float32Array[]>;

/** A network of TensorFlow.js as prediction applies it. The model stays the caller's. */
export function networkOf(model: LayersModel, crop: ReadonlyVec3): Network {
  const channels = model.inputs[0].shape.at(-1) ?? 1;
  return (crops) => applyNetwork(model, crops, [...crop, channels]);
}

/** The mean of the outputs of several networks; one alone is applied as it is. */
export function meanOfNetworks(members: readonly Network[]): Network {
  if (members.length === 1) return members[0];
  return async (crops) => {
    const sums = crops.map(() => new Float64Array());
    for (const member of members) {
      for (const [n, output] of (await member(crops)).entries()) {
        if (sums[n].length === 0) sums[n] = Float64Array.from(output);
        else for (let v = 0; v < output.length; v++) sums[n][v] += output[v];
      }
    }
    return sums.map((sum) => Float32Array.from(sum, (value) => value / members.length));
  };
}
