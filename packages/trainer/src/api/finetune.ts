import { type NetworkConfig, referenceNetwork } from '@genesis/inference';
import { resolveConfig } from '../config/resolve-config.js';
import { type FinetuneConfigInput, finetuneSchema } from '../config/schema.js';
import { checkCrop } from '../model/check-crop.js';
import { findInitialWeights } from '../model/init-weights.js';
import { networkFrom } from '../model/network-from.js';
import { planClassification } from '../tasks/classification/plan.js';
import { planSegmentation } from '../tasks/segmentation/plan.js';
import { type TrainingHooks, type TrainingResult, trainRun } from '../training/train-run.js';

export type FinetuneOpts = FinetuneConfigInput & TrainingHooks;

/** `best.validation` holds `loss` and `dice` with `dice:CLASS`, or `accuracy` and `auc`. */
export type FinetuneResult = TrainingResult;

/**
 * Trains a segmentation or classification network, from pre-trained weights (encoder, and decoder for segmentation)
 * or from none; all layers learn. Writes a run folder that `predict` and `evaluate` take.
 *
 * @throws TrainerError, VolumeIoError, WeightFormatError or EngineUnavailableError; 'weights' when not one layer of
 *   `init` fits. When nothing has been trained yet, no folder is left.
 */
export async function finetune(opts: FinetuneOpts): Promise<FinetuneResult> {
  const { onEvent, signal, reduceGradients, ...given } = opts;
  const config = resolveConfig(finetuneSchema, given);
  return trainRun(config, opts, async () => {
    const initial = await findInitialWeights(config.init);
    const network = networkFrom(config, forInference(initial?.network ?? referenceNetwork));
    if (config.crop) checkCrop(config.crop, network.levels);
    const plan = config.task === 'segmentation' ? planSegmentation : planClassification;
    return plan({ config, network, initial, onEvent });
  });
}

/**
 * The reference normalises by the batch at hand even at inference, so that a result depends on what else is in the
 * batch. A network that is to be used learns running statistics instead; the other weights are the same.
 */
function forInference(network: NetworkConfig): NetworkConfig {
  return network.norm === 'batch' ? { ...network, norm: 'batchRunning' } : network;
}
