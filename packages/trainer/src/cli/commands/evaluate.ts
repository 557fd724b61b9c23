import { atomicWrite } from '@genesis/core/node';
import type { Command } from 'commander';
import type {
  ClassificationEvaluation,
  SegmentationEvaluation,
  Summary,
} from '../../api/evaluation.js';
import { formatTable } from '../table.js';
import { addInferenceFlags, type InferenceFlags } from './predict.js';

interface EvaluateFlags extends InferenceFlags {
  readonly model: string;
  readonly images: string;
  readonly labels: string;
  readonly out?: string;
}

export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description('Compare the predictions of a fine-tuned run with labels')
    .requiredOption('--model <run>', 'folder of the run, or its weight file')
    .requiredOption('--images <dir>', 'volumes')
    .requiredOption('--labels <path>', 'label volumes of the same names, or a CSV (name,label)')
    .option('--out <file>', 'write the figures as JSON too');
  addInferenceFlags(command).action(async (flags: EvaluateFlags) => {
    const { evaluate } = await import('../../api/evaluate.js');
    const { json, quiet, out, ...opts } = flags;
    const result = await evaluate({
      ...opts,
      onCase: ({ name, done, total }) => {
        if (!quiet) process.stderr.write(`${done}/${total} ${name}\n`);
      },
    });
    if (out !== undefined) await atomicWrite(out, `${JSON.stringify(result, null, 2)}\n`);
    if (result.seenInTraining.length > 0) {
      process.stderr.write(
        `warning: ${result.seenInTraining.length} of ${result.cases.length} cases were used in training, so their figures are too good\n`,
      );
    }
    const text = result.kind === 'segmentation' ? segmentationTable(result) : classTable(result);
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${text}\n`);
  });
}

const three = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(3));
const plusMinus = ({ mean, sd }: Summary): string => `${three(mean)} ± ${three(sd)}`;

function segmentationTable(result: SegmentationEvaluation): string {
  const cases = formatTable(
    ['case', 'class', 'Dice', 'IoU', 'mean IoU'],
    result.cases.flatMap(({ name, scores }) =>
      Object.entries(scores).map(([label, score]) => [
        name,
        label,
        three(score.dice),
        three(score.iou),
        three(score.meanIou),
      ]),
    ),
  );
  const all = { ...result.classes, 'mean of classes': result.foreground };
  const classes = formatTable(
    ['class', 'cases', 'Dice', 'IoU', 'mean IoU 0.5:0.05:0.95'],
    Object.entries(all).map(([name, score]) => [
      name,
      String(score.dice.cases),
      plusMinus(score.dice),
      plusMinus(score.iou),
      plusMinus(score.meanIou),
    ]),
  );
  return `${cases}\n\n${classes}`;
}

function classTable(result: ClassificationEvaluation): string {
  const names = Object.keys(result.cases[0]?.probabilities ?? {});
  const cases = formatTable(
    ['case', 'truth', 'prediction', ...names.map((name) => `p(${name})`)],
    result.cases.map(({ name, truth, prediction, probabilities }) => [
      name,
      truth,
      prediction,
      ...names.map((label) => three(probabilities[label])),
    ]),
  );
  return `${cases}\n\naccuracy ${three(result.accuracy)}\nAUC      ${three(result.auc)}`;
}
