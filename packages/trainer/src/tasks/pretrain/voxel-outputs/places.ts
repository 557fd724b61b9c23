import type { ReadonlyVec3 } from '@genesis/core';
import { meanSquaredError } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import type { CropSite } from '../crop-source.js';
import type { VoxelOutput } from './api.js';

const AXES = 3;

/**
 * Where in the body a voxel lies, along each axis from −1 to 1. The loss grows by `weight` × the mean square of the distance;
 * the validation has `explainedPlaces`, the share of the places' variance that is explained (1: perfect, 0: no better than the
 * best constant).
 */
export function placesOutput(weight: number, crop: ReadonlyVec3): VoxelOutput {
  return {
    weight: weight * AXES,
    target: (_, sites) =>
      tf.tensor(placesOf(sites, crop), [sites.length, ...crop, AXES], 'float32'),
    loss: meanSquaredError,
    measured: 1,
    shown: 'explainedPlaces',
    measure: (target, output) => [meanSquaredError(target, output)],
    figures: (validation) => {
      const variance = varianceOfPlaces(
        validation.map(({ site }) => site),
        crop,
      );
      return ([error]) => ({ explainedPlaces: 1 - (AXES * error) / variance });
    },
  };
}

/** Where each voxel of each crop lies in its scan: [n, x, y, z, 3], C order. */
export function placesOf(sites: readonly CropSite[], crop: ReadonlyVec3): Float32Array {
  const data = new Float32Array(sites.length * crop[0] * crop[1] * crop[2] * AXES);
  let d = 0;
  for (const site of sites) {
    const [xs, ys, zs] = axesOf(site, crop);
    for (const x of xs) {
      for (const y of ys) {
        for (const z of zs) {
          data[d++] = x;
          data[d++] = y;
          data[d++] = z;
        }
      }
    }
  }
  return data;
}

/** The places of a crop's voxels along each axis. */
export function axesOf({ first, step }: CropSite, crop: readonly number[]): Float32Array[] {
  return [0, 1, 2].map((axis) =>
    Float32Array.from({ length: crop[axis] }, (_, n) => first[axis] + n * step[axis]),
  );
}

/** Mean square of the distance of all voxels from their mean place. */
function varianceOfPlaces(sites: readonly CropSite[], crop: ReadonlyVec3): number {
  const places = placesOf(sites, crop);
  const [sums, squares] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  for (let n = 0; n < places.length; n++) {
    sums[n % AXES] += places[n];
    squares[n % AXES] += places[n] ** 2;
  }
  const count = places.length / AXES;
  const variances = sums.map((sum, axis) => squares[axis] / count - (sum / count) ** 2);
  return variances[0] + variances[1] + variances[2];
}
