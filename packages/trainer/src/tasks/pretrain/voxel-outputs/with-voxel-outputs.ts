import { sizeOf } from '@genesis/core';
import { applyNetworkThen, withChannelAxis } from '@genesis/inference';
import type { Batch } from '@genesis/transforms';
import type { OutputsLoss } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Validation } from '../../../training/api.js';
import { singleProcess } from '../../../training/replicas/replicas.js';
import { isOwnBatch, sumsOf } from '../../../training/replicas/share-validation.js';
import type { PlacedSample } from '../data.js';
import type { Objective } from '../objective.js';
import type { VoxelOutput, WholeCrop } from './api.js';

/**
 * To restore crops, and to tell more of each voxel by other outputs. The validation's `loss` is the weighted sum; it has
 * `restoringMse`, which is the loss otherwise.
 */
export function withVoxelOutputs(objective: Objective, outputs: readonly VoxelOutput[]): Objective {
  const own = outputs.length;
  const loss: OutputsLoss = (targets, [restored, ...told]) =>
    tf.tidy(() =>
      outputs.reduce<tf.Scalar>(
        (sum, { weight, loss: of }, n) =>
          tf.add(sum, tf.mul(weight, of(targets[targets.length - own + n], told[n]))),
        objective.loss(targets.slice(0, -own), [restored]),
      ),
    );
  return {
    ...objective,
    needsSites: true,
    loss,
    targets(batch, sites) {
      const crops = cropsOf(batch);
      return [
        ...objective.targets(batch, sites),
        ...outputs.map((output) => output.target(crops, sites)),
      ];
    },
    async fit(source, volumes) {
      for (const output of outputs) await output.fit?.(source, volumes);
    },
    validator(samples, batchSize, replicas = singleProcess) {
      const validate = objective.validator(samples, batchSize, replicas);
      const figures = outputs.map((output) => output.figures(samples));
      return async (model) => {
        const found = await validate(model);
        const sums = new Array<number>(
          outputs.reduce((sum, { measured }) => sum + measured, 0),
        ).fill(0);
        for (let first = 0; first < samples.length; first += batchSize) {
          if (!isOwnBatch(first / batchSize, replicas)) continue;
          const group = samples.slice(first, first + batchSize);
          const means = await measureOutputs(model, group, outputs);
          means.forEach((mean, n) => {
            sums[n] += mean * group.length;
          });
        }
        const means = (await sumsOf(replicas, sums)).map((sum) => sum / samples.length);
        return withFigures(found, outputs, means, figures);
      };
    },
  };
}

/** All that the outputs measure, one after the other: means over the batch. */
async function measureOutputs(
  model: LayersModel,
  group: readonly PlacedSample[],
  outputs: readonly VoxelOutput[],
): Promise<number[]> {
  const [means] = await applyNetworkThen(
    model,
    group.map(({ input }) => input.data),
    withChannelAxis(group[0].input.shape),
    (_, ...told) => [
      tf.stack(
        outputs.flatMap((output, n) => {
          const target = output.target(
            group.map(({ target: whole }) => whole),
            group.map(({ site }) => site),
          );
          return output.measure(target, told[n]);
        }),
      ),
    ],
  );
  return [...means];
}

function withFigures(
  found: Validation,
  outputs: readonly VoxelOutput[],
  means: readonly number[],
  figures: readonly ReturnType<VoxelOutput['figures']>[],
): Validation {
  const { loss: restoringMse, ...others } = found.values;
  let total = found.monitored;
  let first = 0;
  for (const [n, { weight, measured }] of outputs.entries()) {
    const own = means.slice(first, first + measured);
    total += weight * own[0];
    Object.assign(others, figures[n](own));
    first += measured;
  }
  return {
    ...found,
    monitored: total,
    values: { loss: total, restoringMse, ...others },
    shown: [...(found.shown ?? []), ...outputs.map(({ shown }) => shown)],
  };
}

/** The crops of a batch as they were, views of its memory. */
function cropsOf({ target: { data, shape } }: Batch): WholeCrop[] {
  const [count, ...inner] = shape;
  const size = sizeOf(inner);
  return Array.from({ length: count }, (_, n) => ({
    data: data.subarray(n * size, (n + 1) * size),
    shape: inner,
  }));
}
