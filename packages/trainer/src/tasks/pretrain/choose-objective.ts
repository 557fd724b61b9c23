import { createTask, type LabelKind } from '@genesis/transforms';
import { TrainerError } from '../../errors.js';
import type { Objective } from './objective.js';
import type { PretrainConfig } from './options.js';
import { isPredicted, predictLabels } from './predict-labels.js';
import { isMask, restoreCrops } from './restore-crops.js';
import type { VoxelOutput } from './voxel-outputs/api.js';
import { placesOutput } from './voxel-outputs/places.js';
import { regionsOutput } from './voxel-outputs/regions.js';
import { withVoxelOutputs } from './voxel-outputs/with-voxel-outputs.js';

/**
 * What the options ask for: to tell the labels where the proxy task has some that a network can tell, else to restore, on
 * all voxels or on the hidden ones, and beside that what `places` and `regions` ask for.
 *
 * @throws TrainerError 'bad-config' when the proxy task hides no voxels and their error alone is asked for; for places or regions
 * with a proxy task that restores nothing, or that mirrors crops, which turns left to right.
 */
export function chooseObjective(config: PretrainConfig): Objective {
  const objective = chosenBy(config);
  const outputs = voxelOutputs(config);
  if (outputs.length === 0) return objective;
  const flag = config.places > 0 ? '--places' : '--regions';
  if (objective.labels) {
    throw new TrainerError(
      'bad-config',
      `${flag} goes with proxy tasks that restore crops, which '${config.proxyTask}' does not`,
    );
  }
  if (mirrors(config)) {
    throw new TrainerError(
      'bad-config',
      `a mirrored crop does not show where it lies: with ${flag}, give --proxy-options 'flip: { rate: 0 }' too`,
    );
  }
  return withVoxelOutputs(objective, outputs);
}

/** What is to be told of each voxel beside restoring it, in the order of the network's outputs. */
function voxelOutputs({
  places,
  regions,
  regionsWeight,
  crop,
  seed,
}: PretrainConfig): VoxelOutput[] {
  return [
    ...(places > 0 ? [placesOutput(places, crop)] : []),
    ...(regions > 0 ? [regionsOutput({ count: regions, weight: regionsWeight, crop, seed })] : []),
  ];
}

function mirrors({ proxyTask, proxyOptions }: PretrainConfig): boolean {
  if (proxyTask !== 'genesis') return false;
  const { flip } = proxyOptions as { flip?: { rate?: number } };
  return flip?.rate !== 0;
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
