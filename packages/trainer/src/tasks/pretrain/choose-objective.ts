import { createTask, type LabelKind } from '@genesis/transforms';
import { TrainerError } from '../../errors.js';
import type { Objective } from './objective.js';
import type { PretrainConfig } from './options.js';
import { isPredicted, predictLabels } from './predict-labels.js';
import { isMask, restoreCrops } from './restore-crops.js';
import { withPlaces } from './with-places.js';

/**
 * What the options ask for: to tell the labels where the proxy task has some that a network can tell, else to restore, on
 * all voxels or on the hidden ones.
 *
 * @throws TrainerError 'bad-config' when the proxy task hides no voxels and their error alone is asked for.
 */
export function chooseObjective(config: PretrainConfig): Objective {
  const objective = chosenBy(config);
  return config.places > 0 ? withPlaces(objective, config) : objective;
}

function chosenBy(config: PretrainConfig): Objective {
  const { proxyTask, proxyOptions, crop, maskedLoss } = config;
  const kinds = Object.entries(createTask(proxyTask, proxyOptions).labelKinds(crop));
  if (!maskedLoss) {
    const predicted = kinds.filter(([, kind]) => isPredicted(kind));
    return predicted.length > 0 ? predictLabels(config, predicted) : restoreCrops(config);
  }
  const mask = kinds.find(([, kind]: [string, LabelKind]) => isMask(kind));
  if (mask) return restoreCrops(config, { name: mask[0], kind: mask[1] });
  throw new TrainerError(
    'bad-config',
    `the proxy task '${proxyTask}' does not tell which voxels it hides, so their error alone cannot be taken: leave --masked-loss out, or choose masked-autoencoding or in-painting`,
  );
}
