import type { EngineName } from '@genesis/unet3d';
import { type Command, Option } from 'commander';
import type { Axis } from '../../api/mirrored-in-training.js';
import { engineNames } from '../../config/fields.js';
import type { LayoutName } from '../../data/layouts/api.js';
import { type LabelFormat, labelFormats } from '../../data/output-paths.js';
import { plural } from '../../plural.js';
import { duration } from '../../report/duration.js';
import type { CaseProgress } from '../../tasks/common/task.js';
import { parseAxes, parseCount, parseFolds, parseShare } from '../flags.js';
import { addImagesFlag, type ImagesFlags, layoutOption } from '../images-flag.js';

export interface InferenceFlags {
  readonly engine: EngineName | 'auto';
  readonly threads?: number;
  readonly overlap?: number;
  readonly nonFinite?: 'error' | 'zero';
  readonly allowMissingChannels?: boolean;
  readonly resampleChannels?: boolean;
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The flags that say which networks are applied. */
export interface EnsembleFlags {
  readonly model: readonly string[];
  readonly folds?: 'all' | readonly number[];
  readonly mirror?: 'trained' | readonly Axis[];
}

interface PredictFlags extends InferenceFlags, ImagesFlags, EnsembleFlags {
  readonly layout: LayoutName | 'auto';
  readonly overwrite?: boolean;
  readonly probabilities?: string;
  readonly entropy?: string;
  readonly format?: LabelFormat;
  readonly statistics?: string;
  readonly preview?: string;
  readonly names?: boolean;
  readonly out: string;
}

/** The flags that `predict` and `evaluate` have in common. */
export function addInferenceFlags(command: Command): Command {
  return command
    .addOption(new Option('--engine <name>', 'what computes').choices(engineNames).default('auto'))
    .option(
      '--folds <list>',
      'the model is a folder of folds: all, or numbers such as 0,2; their mean is taken',
      parseFolds,
    )
    .option(
      '--mirror <axes>',
      'average over mirror images too: trained (the axes that training mirrored), or some of them, such as x,y',
      parseAxes,
    )
    .option('--threads <n>', 'threads of the native engine', parseCount)
    .option(
      '--overlap <share>',
      'share of a window that its neighbour covers (default: 0.5)',
      parseShare,
    )
    .addOption(
      new Option(
        '--non-finite <what>',
        'what to do with a volume that holds NaN or infinities (default: as in training)',
      ).choices(['error', 'zero']),
    )
    .option('--allow-missing-channels', 'take images that lack a channel: zeros')
    .option('--resample-channels', 'resample channels onto the grid of the first')
    .option('--strict', 'stop at a volume that cannot be used, instead of leaving it out')
    .option('--quiet', 'show only warnings and the result')
    .option('--json', 'print JSON');
}

/** '3/40 liver_3.nii.gz, 2 min left' */
export function caseLine({ name, done, total, secondsLeft }: CaseProgress): string {
  const left = done < total && secondsLeft !== undefined ? `, ${duration(secondsLeft)} left` : '';
  return `${done}/${total} ${name}${left}`;
}

/** Says on stderr what is to be known about the data. */
export function showWarning(text: string): void {
  process.stderr.write(`warning: ${text}\n`);
}

/** Says on stderr what is good to know. */
export function showNote(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function addPredict(program: Command): void {
  const command = program
    .command('predict')
    .description('Segment or classify volumes of any size with a fine-tuned run')
    .requiredOption(
      '--model <run...>',
      'folder of the run, its weight file, or zoo:NAME (see genesis zoo); the mean is taken of several',
    );
  addImagesFlag(command, 'volume, folder of volumes, or a dataset (json, csv)')
    .addOption(layoutOption())
    .requiredOption('--out <path>', 'file or folder; for classification a CSV file');
  command
    .option('--probabilities <folder>', 'write the probability of each class too, in 16 bits')
    .option('--entropy <folder>', 'write how unsure the network is too: 0 certain, 1 not at all')
    .option('--statistics <file>', 'volume, place and intensities of each class: .csv or .json')
    .option('--preview <folder>', 'a PNG of each volume: three planes with outlines')
    .option('--names', 'names and colours of the classes beside each label volume: JSON')
    .addOption(
      new Option(
        '--format <extension>',
        'of label volumes in a folder; seg.nrrd has names and colours in it, for 3D Slicer (default: nii.gz)',
      ).choices([...labelFormats]),
    );
  command.option('--overwrite', 'replace results that are there already');
  addInferenceFlags(command).action(async (flags: PredictFlags) => {
    const { predict } = await import('../../api/predict.js');
    const { json, quiet, ...opts } = flags;
    const predictions = await predict({
      ...opts,
      onWarning: showWarning,
      onNote: quiet ? undefined : showNote,
      onCase: ({ path, ...progress }) => {
        if (!quiet)
          process.stderr.write(`${caseLine({ ...progress, name: path ?? progress.name })}\n`);
      },
    });
    process.stdout.write(
      json
        ? `${JSON.stringify(predictions)}\n`
        : `${plural(predictions.length, 'volume')} predicted: ${opts.out}\n`,
    );
  });
}
