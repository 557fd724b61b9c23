import { readFile } from 'node:fs/promises';
import { systemReason } from '@genesis/core/node';
import type { ModelCard } from '@genesis/inference';
import type { AugmentationSpec } from '@genesis/transforms';
import type { Engine, RescaledKernel } from '@genesis/unet3d';
import type { DataRecord } from '../data/identify.js';
import { TrainerError } from '../errors.js';
import type { RunPaths } from './layout.js';

/** What a run is, beside its options: run.json. */
export interface RunInfo {
  readonly model: ModelCard;
  readonly parameters: number;
  readonly engine: Pick<Engine, 'name' | 'details'>;
  readonly split: SplitNames;
  /** The volumes, so that a resumed run knows them; runs of earlier versions lack it. */
  readonly data?: readonly DataRecord[];
  readonly transfer?: TransferReport;
  /** How training samples are varied, where a pool of augmentations does it. */
  readonly augmentation?: AugmentationSpec;
  /** How long the run is to be, where its time was planned. */
  readonly length?: RunLength;
  /** The learning rate that was found, where it was looked for. */
  readonly learningRate?: number;
  /** Folder in which it was started or resumed last: where relative paths of its options begin. */
  readonly cwd?: string;
  readonly versions: Readonly<Record<string, string>>;
  /** When the run began, ISO 8601. */
  readonly startedAt: string;
  /** When it was resumed. */
  readonly resumedAt?: readonly string[];
}

/** How long a run is to be: what was measured before its first step, and what follows from it. */
export interface RunLength {
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly secondsPerStep?: number;
  readonly secondsPerValidation?: number;
}

/** Names of the volumes on each side of the split. */
export interface SplitNames {
  readonly train: readonly string[];
  readonly validation: readonly string[];
}

/** What came over from pre-training, for the log and the run. */
export interface TransferReport {
  readonly source: string;
  readonly matched: readonly string[];
  /** Weights of the network that start at random, and why. */
  readonly random: readonly TensorNote[];
  /** Running means and variances that the file lacks; they start at 0 and 1 and are learnt from the data. */
  readonly statistics: readonly string[];
  /** The first layer's kernel, where one channel was repeated for several. */
  readonly repeated?: { readonly name: string; readonly channels: number };
  /** Kernels that were brought to the size of fresh ones, since a normalisation follows them; none with `rescale: false`. */
  readonly rescaled?: readonly RescaledKernel[];
  /** Tensors of the file that have no place in the network, and why. */
  readonly unused: readonly TensorNote[];
}

/** A tensor by name, and what is to be said about it. */
export interface TensorNote {
  readonly name: string;
  readonly reason: string;
}

/**
 * Reads run.json.
 *
 * @returns undefined when there is none, as in a run that ended before its first step.
 * @throws TrainerError 'run-broken'.
 */
export async function readRunInfo(paths: RunPaths): Promise<RunInfo | undefined> {
  try {
    return JSON.parse(await readFile(paths.info, 'utf8')) as RunInfo;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new TrainerError('run-broken', `${paths.info} cannot be read: ${systemReason(cause)}`, {
      file: paths.info,
      cause,
    });
  }
}
