import { resolve } from 'node:path';
import type { DatasetItem } from '../../data/dataset.js';
import { findDataset } from '../../data/layouts/find-dataset.js';
import { selectChannels } from '../../data/layouts/select-channels.js';
import { TrainerError } from '../../errors.js';
import type { RunContext } from '../../training/run-context.js';
import { asValidation } from '../common/as-validation.js';
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
  const how = {
    layout: wasPlain && config.layout === 'auto' ? 'folders' : config.layout,
    imagesOnly: true,
    strict,
    onWarning: (text: string) => emit({ type: 'warning', text }),
  } as const;
  const chosen = {
    wanted: config.channels,
    allowMissing: config.allowMissingChannels,
    resample: config.resampleChannels,
  };
  const { cases, channels } = selectChannels(await findDataset({ ...how, images }), {
    ...chosen,
    path: images,
  });
  const items = cases.map(({ image }) => image);
  const path = config.validationImages;
  if (path === undefined) return { items, channels };
  const others = selectChannels(await findDataset({ ...how, images: path }), {
    ...chosen,
    wanted: channels,
    path,
  });
  const apart = others.cases.map(({ image }) => asValidation(image));
  refuseShared(items, apart);
  return { items: [...items, ...apart], channels };
}

/** @throws TrainerError 'bad-data' when a file is on both sides. */
function refuseShared(items: readonly DatasetItem[], apart: readonly DatasetItem[]): void {
  const trained = new Set(items.map(({ path }) => resolve(path)));
  const shared = apart.find(({ path }) => trained.has(resolve(path)));
  if (!shared) return;
  throw new TrainerError('bad-data', `${shared.path} is trained on and validated with`, {
    file: shared.path,
  });
}
