import type { ReadonlyVec3 } from '@genesis/core';
import { applyNetworkThen, withChannelAxis } from '@genesis/inference';
import { meanSquaredError, type OutputsLoss } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import { TrainerError } from '../../errors.js';
import { singleProcess } from '../../training/replicas/replicas.js';
import { isOwnBatch, sumsOf } from '../../training/replicas/share-validation.js';
import type { CropSite } from './crop-source.js';
import type { Objective } from './objective.js';
import type { PretrainConfig } from './options.js';

/**
 * To restore crops, and to tell where in its scan each voxel lies, along each axis from −1 to 1: a network that knows where it
 * is has learnt anatomy. The loss grows by `config.places` × the mean square of the distance. The validation's `loss` is
 * the same sum; it has `restoringMse`, which is the loss otherwise, and `explainedPlaces`, the share of the places' variance that is
 * explained (1: perfect, 0: no better than the best constant).
 *
 * @throws TrainerError 'bad-config' for a proxy task that restores nothing, or that mirrors crops, which turns left to right.
 */
export function withPlaces(objective: Objective, config: PretrainConfig): Objective {
  const { places: weight, crop } = config;
  if (objective.labels) {
    throw new TrainerError(
      'bad-config',
      `--places goes with proxy tasks that restore crops, which '${config.proxyTask}' does not`,
    );
  }
  if (mirrors(config)) {
    throw new TrainerError(
      'bad-config',
      "a mirrored crop does not show where it lies: with --places, give --proxy-options 'flip: { rate: 0 }' too",
    );
  }
  const loss: OutputsLoss = (targets, [restored, placed]) =>
    tf.tidy(() => {
      const [places] = targets.slice(-1);
      const restoring = objective.loss(targets.slice(0, -1), [restored]);
      return tf.add(
        restoring,
        tf.mul(weight * AXES, meanSquaredError(places, placed)),
      ) as tf.Scalar;
    });
  return {
    ...objective,
    places: true,
    loss,
    targets: (batch, sites) => [...objective.targets(batch, sites), placesTensor(sites, crop)],
    validator(samples, batchSize, replicas = singleProcess) {
      const validate = objective.validator(samples, batchSize, replicas);
      const variance = varianceOfPlaces(
        samples.map(({ site }) => site),
        crop,
      );
      return async (model) => {
        const found = await validate(model);
        let sum = 0;
        for (let first = 0; first < samples.length; first += batchSize) {
          if (!isOwnBatch(first / batchSize, replicas)) continue;
          const group = samples.slice(first, first + batchSize);
          const [[error]] = await applyNetworkThen(
            model,
            group.map(({ input }) => input.data),
            withChannelAxis(group[0].input.shape),
            (_, placed) => [
              meanSquaredError(
                placesTensor(
                  group.map(({ site }) => site),
                  crop,
                ),
                placed,
              ),
            ],
          );
          sum += error * group.length;
        }
        const [all] = await sumsOf(replicas, [sum]);
        const error = (AXES * all) / samples.length;
        const total = found.monitored + weight * error;
        const { loss: restoringMse, ...others } = found.values;
        return {
          ...found,
          monitored: total,
          values: { loss: total, restoringMse, ...others, explainedPlaces: 1 - error / variance },
          shown: [...(found.shown ?? []), 'explainedPlaces'],
        };
      };
    },
  };
}

const AXES = 3;

function mirrors({ proxyTask, proxyOptions }: PretrainConfig): boolean {
  if (proxyTask !== 'genesis') return false;
  const { flip } = proxyOptions as { flip?: { rate?: number } };
  return flip?.rate !== 0;
}

function placesTensor(sites: readonly CropSite[], crop: ReadonlyVec3): tf.Tensor {
  return tf.tensor(placesOf(sites, crop), [sites.length, ...crop, 3], 'float32');
}

/** Where each voxel of each crop lies in its scan: [n, x, y, z, 3], C order. */
export function placesOf(sites: readonly CropSite[], crop: ReadonlyVec3): Float32Array {
  const data = new Float32Array(sites.length * crop[0] * crop[1] * crop[2] * 3);
  let d = 0;
  for (const { first, step } of sites) {
    const [xs, ys, zs] = crop.map((side, axis) =>
      Float32Array.from({ length: side }, (_, n) => first[axis] + n * step[axis]),
    );
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

/** Mean square of the distance of all voxels from their mean place. */
function varianceOfPlaces(sites: readonly CropSite[], crop: ReadonlyVec3): number {
  const places = placesOf(sites, crop);
  const [sums, squares] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  for (let n = 0; n < places.length; n++) {
    sums[n % 3] += places[n];
    squares[n % 3] += places[n] ** 2;
  }
  const count = places.length / 3;
  const variances = sums.map((sum, axis) => squares[axis] / count - (sum / count) ** 2);
  return variances[0] + variances[1] + variances[2];
}
