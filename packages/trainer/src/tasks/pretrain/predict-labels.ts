import type { LabelHead } from '@genesis/inference';
import type { LabelKind, Labels } from '@genesis/transforms';
import { binaryCrossEntropy, crossEntropy, type OutputsLoss } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import { writeOneHot } from '../../data/one-hot.js';
import { labelValidator, tellLabels } from './label-evaluation.js';
import { labelReport } from './label-report.js';
import type { Objective } from './objective.js';
import type { PretrainConfig } from './options.js';

/** Whether a network can be asked for a label. */
export function isPredicted({ kind }: LabelKind): boolean {
  return kind === 'class' || kind === 'flags';
}

/**
 * To tell what was done to the crop: an output for each label over the encoder, cross-entropy for classes and flags, summed
 * over the labels.
 */
export function predictLabels(
  config: PretrainConfig,
  labels: readonly (readonly [string, LabelKind])[],
): Objective {
  const heads = labels.map(([name, kind]) => headOf(name, kind));
  const loss: OutputsLoss = (targets, predictions) =>
    tf.tidy(
      () =>
        tf.addN(
          heads.map(({ kind }, n) =>
            kind === 'class'
              ? crossEntropy(targets[n], predictions[n])
              : binaryCrossEntropy(targets[n], predictions[n]),
          ),
        ) as tf.Scalar,
    );
  return {
    labels: heads,
    loss,
    targets({ labels: given }) {
      return heads.map((head) => targetTensor(head, given?.[head.name].data ?? []));
    },
    validator: (samples, batchSize, replicas) =>
      labelValidator({ samples, heads, batchSize, loss, targetTensors, replicas }),
    report: async ({ model, samples, records, split }) =>
      labelReport({
        records,
        config,
        split,
        heads,
        samples: await tellLabels(model, samples, heads, config.batch),
      }),
  };

  function targetTensors(given: readonly (Labels | undefined)[]): tf.Tensor[] {
    return heads.map((head) =>
      targetTensor(
        head,
        given.flatMap((one) => one?.[head.name] ?? []),
      ),
    );
  }
}

function headOf(name: string, kind: LabelKind): LabelHead {
  return kind.kind === 'class'
    ? { name, kind: 'class', size: kind.classes }
    : { name, kind: 'flags', size: 'length' in kind ? kind.length : 0 };
}

/** What a head should give for the labels of a batch, one after the other: [n, size]. */
function targetTensor({ kind, size }: LabelHead, labels: ArrayLike<number>): tf.Tensor {
  if (kind === 'flags') {
    return tf.tensor(Float32Array.from(labels), [labels.length / size, size], 'float32');
  }
  const values = new Float32Array(labels.length * size);
  writeOneHot(labels, size, values, 0);
  return tf.tensor(values, [labels.length, size], 'float32');
}
