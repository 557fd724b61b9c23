import { stat } from 'node:fs/promises';
import { inputChannels, type ModelCard } from '@genesis/inference';
import type { LayoutName } from '../data/layouts/api.js';
import { findDataset } from '../data/layouts/find-dataset.js';
import type { LabelFormat } from '../data/output-paths.js';
import { strangers } from '../data/training-profile.js';
import { TrainerError } from '../errors.js';
import type { ClassStatistics } from '../tasks/built-in.js';
import type { CasePrediction } from '../tasks/common/task.js';
import { type ApplyOpts, openEnsemble } from './apply-opts.js';
import { channelsFor } from './channels-for.js';
import { imagesOf, type OlderNames } from './images-opt.js';

/** Options of {@link predict}. */
export interface PredictOpts extends ApplyOpts {
  /** A volume, a folder of volumes, or a dataset. */
  readonly images: string;
  /** How the dataset lies on disk. Default 'auto': volumes in a folder, or what a json or table names. */
  readonly layout?: LayoutName | 'auto';
  /** Segmentation: a file (for one input) or a folder. Classification: a CSV file. */
  readonly out: string;
  /** Segmentation: a folder for the probability of each class, a NIfTI each with whole numbers of 1/65535. */
  readonly probabilities?: string;
  /** Segmentation: a folder for the entropy of the probabilities, 0 (certain) to 1 (all classes alike). */
  readonly entropy?: string;
  /** Segmentation: the extension of label volumes in a folder. Default 'nii.gz'. In a 'seg.nrrd' 3D Slicer finds names and colours. */
  readonly format?: LabelFormat;
  /**
   * Segmentation: a file for size, place and intensities of each class of each volume, `.csv` or `.json`; see ClassStatistics. Images are
   * read once more for it.
   */
  readonly statistics?: string;
  /** Segmentation: a folder for a PNG of each volume, three planes with the outlines of the classes. Images are read once more for it. */
  readonly preview?: string;
  /** Segmentation: write names and colours of the classes beside each label volume, a JSON. Default false. */
  readonly names?: boolean;
  /** Replace label volumes or tables that are there already. Default false. */
  readonly overwrite?: boolean;
}

/** Names of the files written, or the classes found. */
export interface Prediction extends CasePrediction {
  /** Segmentation: the label volume. */
  readonly path?: string;
  /** Segmentation: size, place and intensities of each class, where they were asked for. */
  readonly statistics?: readonly ClassStatistics[];
  /** Classification: probability of each class by its name. */
  readonly probabilities?: Readonly<Record<string, number>>;
}

/**
 * Applies a fine-tuned network to volumes of any size. Segmentation writes a label volume for each, in its own
 * geometry; classification writes a CSV of probabilities; another task what it defines.
 *
 * @typeParam P - What the run's task gives for each volume, where it is not one of this package.
 * @throws TrainerError, VolumeIoError, HubError or EngineUnavailableError. Label volumes written before the failure stay.
 */
export async function predict<P extends CasePrediction = Prediction>(
  opts: OlderNames<PredictOpts>,
): Promise<P[]> {
  const images = imagesOf(opts);
  const { task, dispose, ...loaded } = await openEnsemble(opts);
  try {
    if (!task.predict) {
      throw new TrainerError(
        'bad-argument',
        `${loaded.file} is of a pre-training run, which has nothing to predict; fine-tune it first`,
        { file: loaded.file },
      );
    }
    const { out, overlap, overwrite = false, strict = false, onCase, onWarning } = opts;
    const { probabilities, entropy, format, statistics, preview, names } = opts;
    const found = await findDataset({
      images,
      layout: await layoutOf(images, loaded.info, opts.layout),
      imagesOnly: inputChannels(loaded.info.preparation) === 1,
      strict,
      exclude: out,
      onWarning,
    });
    const items = channelsFor(loaded.info, found, images).map(({ image }) => image);
    const { training, preparation } = loaded.info;
    for (const text of training ? strangers(items, training, preparation) : []) onWarning?.(text);
    const kept = { out, probabilities, entropy, format, statistics, preview, names };
    const how = { overlap, overwrite, strict, onCase, onWarning };
    return (await task.predict({ ...loaded, items, images, ...kept, ...how })) as P[];
  } finally {
    dispose();
  }
}

/**
 * A folder is one of volumes, whose tree the predictions mirror, unless another layout is asked for, or the model takes several
 * channels.
 */
async function layoutOf(
  images: string,
  { preparation }: ModelCard,
  layout: LayoutName | 'auto' = 'auto',
): Promise<LayoutName | 'auto'> {
  if (layout !== 'auto' || inputChannels(preparation) > 1) return layout;
  const isFolder = (await stat(images).catch(() => undefined))?.isDirectory() ?? false;
  return isFolder ? 'folders' : 'auto';
}
