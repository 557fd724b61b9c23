import type { EngineName } from '@genesis/unet3d';
import { type Command, Option } from 'commander';
import { engineNames } from '../../config/fields.js';
import type { LayoutName } from '../../data/layouts/api.js';
import { plural } from '../../plural.js';
import { parseCount, parseShare } from '../flags.js';
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

interface PredictFlags extends InferenceFlags, ImagesFlags {
  readonly layout: LayoutName | 'auto';
  readonly overwrite?: boolean;
  readonly model: string;
  readonly out: string;
}

/** The flags that `predict` and `evaluate` have in common. */
export function addInferenceFlags(command: Command): Command {
  return command
    .addOption(new Option('--engine <name>', 'what computes').choices(engineNames).default('auto'))
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
      '--model <run>',
      'folder of the run, its weight file, or zoo:NAME (see genesis zoo)',
    );
  addImagesFlag(command, 'volume, folder of volumes, or a dataset (json, csv)')
    .addOption(layoutOption())
    .requiredOption('--out <path>', 'file or folder; for classification a CSV file');
  command.option('--overwrite', 'replace results that are there already');
  addInferenceFlags(command).action(async (flags: PredictFlags) => {
    const { predict } = await import('../../api/predict.js');
    const { json, quiet, ...opts } = flags;
    const predictions = await predict({
      ...opts,
      onWarning: showWarning,
      onNote: quiet ? undefined : showNote,
      onCase: ({ name, done, total, path }) => {
        if (!quiet) process.stderr.write(`${done}/${total} ${path ?? name}\n`);
      },
    });
    process.stdout.write(
      json
        ? `${JSON.stringify(predictions)}\n`
        : `${plural(predictions.length, 'volume')} predicted: ${opts.out}\n`,
    );
  });
}
