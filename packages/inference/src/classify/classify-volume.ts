import type { ClassificationCard } from '../card/api.js';
import { InferenceError } from '../errors.js';
import type { Network } from '../model/network.js';
import { fitVolume } from '../preprocessing/fit-volume.js';
import { type Image, prepareChannels, stackChannels } from '../preprocessing/prepare-channels.js';

/**
 * Probability of each class of the card for a whole volume, prepared as in training.
 *
 * @param image - A volume, or one for each channel.
 * @throws InferenceError 'non-finite' when the volume or what the network gives holds NaN, 'bad-argument' as prepareChannels.
 */
export async function classifyVolume(
  image: Image,
  network: Network,
  card: ClassificationCard,
): Promise<Float32Array> {
  const { crop, fit, preparation } = card;
  const channels = prepareChannels(image, preparation);
  const input = stackChannels(channels.map((channel) => fitVolume(channel, crop, fit)));
  const [probabilities] = await network([input.data]);
  if (probabilities.some(Number.isNaN)) {
    throw new InferenceError('non-finite', 'the network gives NaN: its training has diverged');
  }
  return Float32Array.from(probabilities);
}
