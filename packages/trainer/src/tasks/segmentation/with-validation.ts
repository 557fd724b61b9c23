import { realpath } from 'node:fs/promises';
import { TrainerError } from '../../errors.js';
import { asValidation } from '../common/as-validation.js';
import {
  type LabeledPair,
  type LabeledPairs,
  type LabeledPairsOpts,
  labeledPairs,
} from './labeled-pairs.js';
import type { SegmentationConfig } from './options.js';

/**
 * The cases with those of the validation folder, if one is given: these are validated with, all others trained on.
 *
 * @throws TrainerError 'bad-data' when the folders share a file or have other channels.
 */
export async function withValidation(
  dataset: LabeledPairs,
  { validationImages, validationLabels }: SegmentationConfig,
  how: Omit<LabeledPairsOpts, 'images' | 'labels'>,
): Promise<LabeledPairs> {
  if (validationImages === undefined) {
    if (validationLabels === undefined) return dataset;
    throw new TrainerError('bad-config', 'validationLabels needs validationImages');
  }
  const other = await labeledPairs({ ...how, images: validationImages, labels: validationLabels });
  const channels = (one: LabeledPairs): string => (one.channels ?? ['image']).join(', ');
  if ((dataset.channels?.length ?? 1) !== (other.channels?.length ?? 1)) {
    throw new TrainerError(
      'bad-data',
      `${validationImages} has the channels ${channels(other)}, but the training images have ${channels(dataset)}`,
      { file: validationImages },
    );
  }
  const trained = await Promise.all(dataset.pairs.map(({ image }) => realpath(image.path)));
  for (const { image } of other.pairs) {
    if (!trained.includes(await realpath(image.path))) continue;
    throw new TrainerError('bad-data', `${image.path} is trained on and validated with`, {
      file: image.path,
    });
  }
  const pairs = other.pairs.map(
    ({ image, label }): LabeledPair => ({
      name: asValidation(image).name,
      image: asValidation(image),
      label: asValidation(label),
      split: 'validation',
    }),
  );
  const trainOnly = dataset.pairs.map((pair): LabeledPair => ({ ...pair, split: 'train' }));
  return { ...dataset, pairs: [...trainOnly, ...pairs] };
}
