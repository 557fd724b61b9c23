import type { ReadonlyVec3 } from '@genesis/core';
import { createRng } from '@genesis/transforms';
import { crossEntropy } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import { STREAM } from '../../../data/streams.js';
import type { VoxelOutput } from './api.js';
import { RegionMap } from './region-map.js';

export interface RegionsOpts {
  readonly count: number;
  readonly weight: number;
  readonly crop: ReadonlyVec3;
  readonly seed: number;
}

/**
 * Which region of the body a voxel belongs to; see {@link RegionMap}. The loss grows by `weight` × the cross-entropy; the
 * validation has `regionAccuracy`, the share of voxels of which the region is told, and `regionChance`, that of the most
 * frequent region.
 */
export function regionsOutput({ count, weight, crop, seed }: RegionsOpts): VoxelOutput {
  let map: RegionMap | undefined;
  const known = (): RegionMap => {
    if (!map) throw new Error('regions are looked up before they were found');
    return map;
  };
  // All that were asked for, though fewer may have been found: the network's shape does not depend on the data.
  const channels = count + 1;
  return {
    weight,
    target(crops, sites) {
      const size = crop[0] * crop[1] * crop[2];
      const data = new Float32Array(crops.length * size * channels);
      crops.forEach((one, n) => {
        const labels = known().label(one, sites[n]);
        for (let v = 0; v < size; v++) data[(n * size + v) * channels + labels[v]] = 1;
      });
      return tf.tensor(data, [crops.length, ...crop, channels], 'float32');
    },
    loss: crossEntropy,
    measured: 2,
    shown: 'regionAccuracy',
    measure: (target, output) => [
      crossEntropy(target, output),
      tf.mean(tf.cast(tf.equal(tf.argMax(target, 4), tf.argMax(output, 4)), 'float32')),
    ],
    figures: (validation) => {
      const counts = new Array<number>(channels).fill(0);
      for (const { target, site } of validation) {
        for (const label of known().label(target, site)) counts[label]++;
      }
      const regionChance = Math.max(...counts) / counts.reduce((a, b) => a + b);
      return ([, regionAccuracy]) => ({ regionAccuracy, regionChance });
    },
    async fit(source, volumes) {
      map = await RegionMap.fit(source, volumes, count, createRng(seed, STREAM.regions));
    },
  };
}
