import { readFile } from 'node:fs/promises';
import type { LayoutName } from '../data/layouts/api.js';
import { TrainerError } from '../errors.js';
import { runOfFile, runPaths } from '../run/layout.js';
import type { RunInfo } from '../run/run-info.js';
import type { Evaluation } from '../tasks/built-in.js';
import type { FigureOpts } from '../tasks/common/figures/api.js';
import type { Task, TaskEvaluation } from '../tasks/common/task.js';
import { type ApplyOpts, openEnsemble } from './apply-opts.js';
import { imagesOf, type OlderNames } from './images-opt.js';

/** Options of {@link evaluate}. */
export interface EvaluateOpts extends FigureOpts, ApplyOpts {
  /** A volume, a folder of volumes, or a dataset with its labels. */
  readonly images: string;
  /** Folder of label volumes, or a CSV for classification. Default: the dataset's own. */
  readonly labels?: string;
  /** How the dataset lies on disk. Default 'auto': as it looks; two folders where `labels` is given. */
  readonly layout?: LayoutName | 'auto';
  /** Segmentation: voxels with this label do not count. Default: that of the run's training. */
  readonly ignoreLabel?: number;
}

/**
 * Applies a fine-tuned network to labelled volumes and compares. Overlaps are taken on the image's own grid.
 *
 * @typeParam E - What the run's task finds, where it is not one of this package.
 * @throws TrainerError, VolumeIoError, HubError or EngineUnavailableError.
 */
export async function evaluate<E extends TaskEvaluation = Evaluation>(
  opts: OlderNames<EvaluateOpts>,
): Promise<E> {
  return (await evaluateTask(opts)).evaluation as E;
}

/** The same beside the task, which knows how to show it. */
export async function evaluateTask(
  opts: OlderNames<EvaluateOpts>,
): Promise<{ readonly task: Task; readonly evaluation: TaskEvaluation }> {
  const images = imagesOf(opts);
  const { task, dispose, ...loaded } = await openEnsemble(opts);
  try {
    if (!task.evaluate) {
      throw new TrainerError(
        'bad-argument',
        `${loaded.file} is of a pre-training run, which has no classes; fine-tune it first`,
        { file: loaded.file },
      );
    }
    const { labels, layout, overlap, strict = false, onCase, onWarning } = opts;
    const runs = loaded.files.flatMap((file) => runOfFile(file) ?? []);
    const ignoreLabel = opts.ignoreLabel ?? (await ignoredInTraining(runs[0], onWarning));
    const seen = new Set((await Promise.all(runs.map(trainedNames))).flat());
    const how = { ignoreLabel, overlap, strict, onCase, onWarning };
    const { regions, tolerance, surface, lesionOverlap } = opts;
    const figures = { regions, tolerance, surface, lesionOverlap };
    const request = { ...loaded, images, labels, layout, ...how, seen, figures };
    return { task, evaluation: await task.evaluate(request) };
  } finally {
    dispose();
  }
}

/** Names of the volumes that the run has seen; none where the weights stand without their run. */
async function trainedNames(run: string): Promise<string[]> {
  const text = await readFile(runPaths(run).info, 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const { split } = JSON.parse(text) as RunInfo;
  return [...split.train, ...split.validation];
}

/** The label that the run left out, which is said; none where the weights stand without their run. */
async function ignoredInTraining(
  run: string | undefined,
  onWarning: EvaluateOpts['onWarning'],
): Promise<number | undefined> {
  if (run === undefined) return undefined;
  const text = await readFile(runPaths(run).config, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { ignoreLabel } = JSON.parse(text) as { readonly ignoreLabel?: unknown };
  if (typeof ignoreLabel !== 'number') return undefined;
  onWarning?.(`voxels with the label ${ignoreLabel} do not count, as in training`);
  return ignoreLabel;
}
