import type { ModelCard } from '@genesis/inference';
import type { DatasetCase, FoundDataset } from '../data/layouts/api.js';
import { selectChannels } from '../data/layouts/select-channels.js';

/**
 * The cases with the channels that a model takes, by their names in its card.
 *
 * @throws TrainerError 'bad-data' when the dataset has no channel of one of these names, or a case lacks one where the model was not
 *   trained for that.
 */
export function channelsFor(
  { preparation }: ModelCard,
  dataset: FoundDataset,
  path: string,
): readonly DatasetCase[] {
  const { channels, allowMissing, resampleChannels } = preparation;
  // A model that knows no names takes the only channel of anything.
  const wanted = channels?.map(({ name }) => name) ?? dataset.channels?.slice(0, 1);
  return selectChannels(dataset, { path, wanted, allowMissing, resample: resampleChannels }).cases;
}
