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

/** Millimeters in the unit of places: so that they are about as large as a feature. */
const UNIT = 100;

/**
 * To restore crops, and to tell where in the scan each voxel lies: a network that knows where it is has learnt anatomy. Adds
 * `placeError` to the validation, the root mean square of the distance in mm.
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
      'a mirrored crop does not show where it lies: with --places, set proxyOptions: { flip: { rate: 0 } }',
    );
  }
  const loss: OutputsLoss = (targets, [restored, placed]) =>
    tf.tidy(() => {
      const [places] = targets.slice(-1);
      const restoring = objective.loss(targets.slice(0, -1), [restored]);
      return tf.add(restoring, tf.mul(weight, meanSquaredError(places, placed))) as tf.Scalar;
    });
  return {
    ...objective,
    places: true,
    loss,
    targets: (batch, sites) => [...objective.targets(batch, sites), placesTensor(sites, crop)],
    validator(samples, batchSize, replicas = singleProcess) {
      const validate = objective.validator(samples, batchSize, replicas);
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
        const error = all / samples.length;
        return {
          ...found,
          monitored: found.monitored + weight * error,
          values: { ...found.values, placeError: UNIT * Math.sqrt(3 * error) },
          shown: [...(found.shown ?? []), 'placeError'],
        };
      };
    },
  };
}

function mirrors({ proxyTask, proxyOptions }: PretrainConfig): boolean {
  if (proxyTask !== 'genesis') return false;
  const { flip } = proxyOptions as { flip?: { rate?: number } };
  return flip?.rate !== 0;
}

/** Where each voxel of each crop lies: [n, x, y, z, 3], in units of {@link UNIT} mm from the middle of its scan. */
function placesTensor(sites: readonly CropSite[], crop: ReadonlyVec3): tf.Tensor {
  const [sx, sy, sz] = crop;
  const data = new Float32Array(sites.length * sx * sy * sz * 3);
  let d = 0;
  for (const { center, spacing } of sites) {
    const [xs, ys, zs] = crop.map((side, axis) =>
      Float32Array.from(
        { length: side },
        (_, n) => (center[axis] + (n - (side - 1) / 2) * spacing[axis]) / UNIT,
      ),
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
  return tf.tensor(data, [sites.length, sx, sy, sz, 3], 'float32');
}
