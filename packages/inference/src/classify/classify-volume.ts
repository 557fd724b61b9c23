import type { Volume } from '@genesis/volume-io';
import type { ClassificationCard } from '../card/api.js';
import { InferenceError } from '../errors.js';
import type { Network } from '../model/network.js';
import { fitVolume } from '../preprocessing/fit-volume.js';
import { prepareVolume } from '../preprocessing/prepare-volume.js';

/**
 * Probability of each class of the card for a whole volume, prepared as in training.
 *
 * @throws InferenceError 'non-finite' when the volume or what the network gives holds NaN.
 */
export async function classifyVolume(
  volume: Volume,
  network: Network,
  card: ClassificationCard,
): Promise<Float32Array> {
  const { crop, fit, preparation } = card;
  const input = fitVolume(prepareVolume(volume, preparation), [...crop], fit);
  const [probabilities] = await network([input.data]);
  if (probabilities.some(Number.isNaN)) {
    throw new InferenceError('non-finite', 'the network gives NaN: its training has diverged');
  }
  return Float32Array.from(probabilities);
}
