import { batchMask, type LabelKind } from '@genesis/transforms';
import { meanSquaredError, type OutputsLoss, sumOverReplicas } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import ndarray from 'ndarray';
import { TrainerError } from '../../errors.js';
import { ofOneOutput } from '../../training/of-one-output.js';
import { batchTensor } from './batch-tensor.js';
import type { PretrainSample } from './data.js';
import { identityMse, illustrate, restorationValidator, type ScoredSample } from './evaluation.js';
import type { Objective } from './objective.js';
import type { PretrainConfig } from './options.js';
import { pretrainReport } from './report.js';

/** A label that says which voxels are hidden. */
export interface MaskLabel {
  readonly name: string;
  readonly kind: LabelKind;
}

/** Whether a label says which voxels are hidden. */
export function isMask({ kind }: LabelKind): boolean {
  return kind === 'patch-mask' || kind === 'box';
}

/** To restore the crop: mean squared error over all voxels, or over those that `mask` names. */
export function restoreCrops(config: PretrainConfig, mask?: MaskLabel): Objective {
  const scored = (sample: PretrainSample): ScoredSample =>
    mask ? { ...sample, hidden: hiddenVoxels(sample, mask, config) } : sample;
  return {
    loss: mask ? hiddenError : ofOneOutput(meanSquaredError),
    targets: ({ target, labels }) => {
      const wanted = batchTensor(target);
      if (!mask || !labels) return [wanted];
      return [wanted, batchTensor(batchMask(mask.kind, labels[mask.name], config.crop))];
    },
    validator(samples, batchSize, replicas) {
      const all = samples.map(scored);
      if (!(identityMse(all) > 0)) {
        throw new TrainerError(
          'bad-config',
          `the proxy task '${config.proxyTask}' leaves the validation crops as they are, so there is nothing to restore`,
        );
      }
      return restorationValidator(all, batchSize, replicas);
    },
    report: async ({ model, samples, records, split }) =>
      pretrainReport({
        records,
        config,
        split,
        ...(await illustrate(model, samples.map(scored), config)),
      }),
  };
}

function hiddenVoxels(
  { input, labels, volume }: PretrainSample,
  { name, kind }: MaskLabel,
  { crop }: PretrainConfig,
): Float32Array {
  const label = labels?.[name];
  if (!Array.isArray(label)) throw new Error(`the sample of ${volume} lacks the label ${name}`);
  const { data } = batchMask(kind, ndarray(Int32Array.from(label), [1, label.length]), crop);
  const channels = input.size / data.length;
  if (channels === 1) return data;
  return Float32Array.from({ length: input.size }, (_, n) => data[Math.floor(n / channels)]);
}

/** Mean squared error over the voxels where the second target is 1, which has one channel for all. */
const hiddenError: OutputsLoss = ([target, hidden], [prediction]) =>
  tf.tidy(() => {
    const channels = target.shape[4] ?? 1;
    const wide = channels === 1 ? hidden : tf.tile(hidden, [1, 1, 1, 1, channels]);
    const [t, h, p] = [target, wide, prediction].map((one) => tf.reshape(one, [-1]));
    const errors = sumOverReplicas(tf.sum(tf.mul(tf.square(tf.sub(p, t)), h)));
    return tf.div(errors, sumOverReplicas(tf.sum(h))) as tf.Scalar;
  });
