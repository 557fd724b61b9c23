import { atomicWrite } from '@genesis/core/node';
import type { Command } from 'commander';
import { imagesOf } from '../../api/images-opt.js';
import { checkOutputs } from '../../data/check-outputs.js';
import type { LayoutName } from '../../data/layouts/api.js';
import { parseInteger } from '../flags.js';
import { addImagesFlag, type ImagesFlags, layoutOption } from '../images-flag.js';
import { addInferenceFlags, type InferenceFlags, showWarning } from './predict.js';

interface EvaluateFlags extends InferenceFlags, ImagesFlags {
  readonly model: string;
  readonly labels?: string;
  readonly layout: LayoutName | 'auto';
  readonly ignoreLabel?: number;
  readonly out?: string;
}

export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description('Compare the predictions of a fine-tuned run with labels')
    .requiredOption('--model <run>', 'folder of the run, or its weight file');
  addImagesFlag(command, 'volume, folder of volumes, or a dataset with its labels')
    .option(
      '--labels <path>',
      "label volumes of the same names (default: the dataset's own), or a CSV (name,label)",
    )
    .addOption(layoutOption())
    .option('--ignore-label <n>', 'voxels with this label do not count', parseInteger)
    .option('--out <file>', 'write the figures as JSON too');
  addInferenceFlags(command).action(async (flags: EvaluateFlags) => {
    const { evaluateTask } = await import('../../api/evaluate.js');
    const { json, quiet, out, ...opts } = flags;
    if (out !== undefined) {
      const inputs = [imagesOf(opts), opts.labels ?? imagesOf(opts), opts.model];
      await checkOutputs({ inputs, outputs: [out], overwrite: true });
    }
    const { task, evaluation: result } = await evaluateTask({
      ...opts,
      onWarning: showWarning,
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
    const text = json ? undefined : task.tabulate?.(result);
    process.stdout.write(`${text ?? JSON.stringify(result)}\n`);
  });
}
