import type { DatasetItem } from '../../data/dataset.js';
import { findDataset } from '../../data/layouts/find-dataset.js';
import { selectChannels } from '../../data/layouts/select-channels.js';
import type { RunContext } from '../../training/run-context.js';
import type { PretrainConfig } from './options.js';

/** The images to pre-train with, labelled or not, for training or for tests. */
export interface PretrainImages {
  readonly items: readonly DatasetItem[];
  /** Names of the channels; left out where nothing names them. */
  readonly channels?: readonly string[];
}

/**
 * Finds the images. A folder is one of volumes, unless a dataset.json in it or `--layout` says more. A run that was begun as one of
 * plain volumes, as those of earlier versions, is resumed as such.
 *
 * @throws TrainerError 'no-data' or 'bad-data'.
 */
export async function pretrainImages(context: RunContext<PretrainConfig>): Promise<PretrainImages> {
  const { config, previous, emit } = context;
  const { images, strict } = config;
  const wasPlain = previous !== undefined && previous.model.preparation.channels === undefined;
  const dataset = await findDataset({
    images,
    layout: wasPlain && config.layout === 'auto' ? 'folders' : config.layout,
    imagesOnly: true,
    strict,
    onWarning: (text) => emit({ type: 'warning', text }),
  });
  const { cases, channels } = selectChannels(dataset, {
    path: images,
    wanted: config.channels,
    allowMissing: config.allowMissingChannels,
    resample: config.resampleChannels,
  });
  return { items: cases.map(({ image }) => image), channels };
}
