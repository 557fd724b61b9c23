import type { Volume } from '@genesis/volume-io';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ClassificationCard } from '../card/api.js';
import { applyNetwork } from '../model/apply-network.js';
import { fitVolume } from '../preprocessing/fit-volume.js';
import { prepareVolume } from '../preprocessing/prepare-volume.js';

/** Probability of each class for a whole volume, prepared as in training. */
export async function classifyVolume(
  volume: Volume,
  model: LayersModel,
  card: ClassificationCard,
): Promise<Float32Array> {
  const { crop, fit, preparation } = card;
  const input = fitVolume(prepareVolume(volume, preparation), [...crop], fit);
  const [probabilities] = await applyNetwork(model, [input.data], [...crop, 1]);
  return probabilities;
}
