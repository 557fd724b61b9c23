import { atomicWrite } from '@genesis/core/node';
import { type Command, Option } from 'commander';
import { imagesOf } from '../../api/images-opt.js';
import { checkOutputs } from '../../data/check-outputs.js';
import { parseRegion, readClassList } from '../../data/class-list.js';
import type { DescribedClass, LayoutName } from '../../data/layouts/api.js';
import { TrainerError } from '../../errors.js';
import type { CaseProgress } from '../../tasks/common/task.js';
import { parseInteger, parsePositive, parseShare } from '../flags.js';
import { addImagesFlag, type ImagesFlags, layoutOption } from '../images-flag.js';
import {
  addInferenceFlags,
  caseLine,
  type EnsembleFlags,
  type InferenceFlags,
  showNote,
  showWarning,
} from './predict.js';

/** How figures are taken, and what becomes of them. */
interface FigureFlags {
  readonly region: readonly DescribedClass[];
  readonly tolerance?: number;
  readonly surface?: 'elements' | 'voxels';
  readonly lesionOverlap?: number;
  readonly out?: string;
  readonly csv?: string;
}

interface EvaluateFlags extends InferenceFlags, ImagesFlags, FigureFlags {
  readonly model?: EnsembleFlags['model'];
  readonly folds?: EnsembleFlags['folds'];
  readonly mirror?: EnsembleFlags['mirror'];
  readonly predictions?: string;
  readonly classes?: string;
  readonly labels?: string;
  readonly layout: LayoutName | 'auto';
  readonly ignoreLabel?: number;
}

export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description('Compare the predictions of a fine-tuned run, or a folder of them, with labels')
    .option(
      '--model <run...>',
      'folder of the run, its weight file, or zoo:NAME (see genesis zoo); the mean is taken of several',
    )
    .option('--predictions <path>', 'label volumes that somebody predicted, instead of a model');
  addImagesFlag(command, 'volume, folder of volumes, or a dataset with its labels')
    .option(
      '--labels <path>',
      "label volumes of the same names (default: the dataset's own), or a CSV (name,label)",
    )
    .addOption(layoutOption())
    .option('--ignore-label <n>', 'voxels with this label do not count', parseInteger)
    .option(
      '--classes <list>',
      'with --predictions: 1=liver,2=tumor or a dataset.json (default: each label but 0)',
    )
    .option(
      '--region <name=labels>',
      'score labels together too, such as whole=1,2,3; may be repeated',
      (text, before: readonly DescribedClass[]) => [...before, parseRegion(text)],
      [],
    )
    .option('--tolerance <mm>', 'of the surface Dice (default: 1)', parsePositive)
    .addOption(
      new Option(
        '--surface <kind>',
        "mesh elements weighted by area (DeepMind's definition, the default), or border voxels (MONAI's)",
      ).choices(['elements', 'voxels']),
    )
    .option(
      '--lesion-overlap <share>',
      'a lesion is found when more than this share of it is predicted (default: 0, one voxel)',
      parseShare,
    )
    .option('--out <file>', 'write the figures as JSON too')
    .option('--csv <file>', 'write the figures of each case and class as CSV too');
  addInferenceFlags(command).addHelpText(
    'after',
    '\nExamples:\n  genesis evaluate --model runs/seg --images test --labels test-labels\n  genesis evaluate --predictions out --labels test-labels --classes 1=liver',
  );
  command.action(async (flags: EvaluateFlags) => {
    if ((flags.model === undefined) === (flags.predictions === undefined)) {
      throw new TrainerError(
        'bad-argument',
        'give either --model, to predict and compare, or --predictions, to compare what is there',
      );
    }
    if (flags.predictions === undefined) await evaluateModel(flags);
    else await evaluateFolder(flags, flags.predictions);
  });
}

async function evaluateModel(flags: EvaluateFlags): Promise<void> {
  const { json, quiet, out, csv, region, model = [], classes, predictions: _, ...opts } = flags;
  if (classes !== undefined) {
    throw new TrainerError('bad-argument', '--classes goes with --predictions: a model knows its');
  }
  await checkFiles(flags, [imagesOf(opts), opts.labels ?? imagesOf(opts), ...model]);
  const { evaluateTask } = await import('../../api/evaluate.js');
  const { task, evaluation: result } = await evaluateTask({
    ...opts,
    model,
    regions: region,
    onWarning: showWarning,
    onNote: quiet ? undefined : showNote,
    onCase: caseShower(quiet),
  });
  if (result.seenInTraining.length > 0) {
    process.stderr.write(
      `warning: ${result.seenInTraining.length} of ${result.cases.length} cases were used in training, so their figures are too good\n`,
    );
  }
  const table = csv === undefined ? undefined : task.csv?.(result);
  if (csv !== undefined && table === undefined) {
    throw new TrainerError('bad-argument', `--csv: a ${result.kind} has no such table`);
  }
  await show(flags, result, table, json ? undefined : task.tabulate?.(result));
}

async function evaluateFolder(flags: EvaluateFlags, predictions: string): Promise<void> {
  const { json, quiet, labels, region, strict, ignoreLabel } = flags;
  if (labels === undefined || flags.images !== undefined) {
    throw new TrainerError('bad-argument', '--predictions needs --labels, and no --images');
  }
  await checkFiles(flags, [predictions, labels]);
  const { evaluatePredictions } = await import('../../api/evaluate-predictions.js');
  const { figureTables } = await import('../../tasks/common/figures/figure-tables.js');
  const { figuresCsv } = await import('../../tasks/common/figures/figures-csv.js');
  const named = flags.classes === undefined ? undefined : await readClassList(flags.classes);
  const result = await evaluatePredictions({
    predictions,
    labels,
    classes: named?.classes?.filter(({ values }) => values.join() !== '0'),
    regions: region,
    tolerance: flags.tolerance,
    surface: flags.surface,
    lesionOverlap: flags.lesionOverlap,
    ignoreLabel: ignoreLabel ?? named?.ignoreLabel,
    strict,
    onWarning: showWarning,
    onCase: caseShower(quiet),
  });
  await show(flags, result, figuresCsv(result.cases), json ? undefined : figureTables(result));
}

/** No file of figures may replace what is read. */
async function checkFiles({ out, csv }: FigureFlags, inputs: readonly string[]): Promise<void> {
  const outputs = [out, csv].filter((path) => path !== undefined);
  if (outputs.length > 0) await checkOutputs({ inputs, outputs, overwrite: true });
}

/** Writes the files that were asked for, and the table, or else JSON, to stdout. */
async function show(
  { out, csv }: FigureFlags,
  result: object,
  table: string | undefined,
  text: string | undefined,
): Promise<void> {
  if (out !== undefined) await atomicWrite(out, `${JSON.stringify(result, null, 2)}\n`);
  if (csv !== undefined && table !== undefined) await atomicWrite(csv, table);
  process.stdout.write(`${text ?? JSON.stringify(result)}\n`);
}

function caseShower(quiet: boolean | undefined): (progress: CaseProgress) => void {
  return (progress) => {
    if (!quiet) process.stderr.write(`${caseLine(progress)}\n`);
  };
}
