import type { Command } from 'commander';
import { readConfigFile } from '../../config/read-config-file.js';
import { resolveConfig } from '../../config/resolve-config.js';
import { finetuneSchema } from '../../config/schema.js';
import { shortNumber } from '../../report/ticks.js';
import { addOptions, givenOptions } from '../add-options.js';
import { addTrainingFlags, runTraining, type TrainingFlags, trainingAliases } from '../training.js';

export function addFinetune(program: Command): void {
  const command = program
    .command('finetune')
    .description(
      'Train a segmentation or classification network, from pre-trained weights or from none',
    );
  addTrainingFlags(command);
  addOptions(command, finetuneSchema, trainingAliases);
  command.action(async (flags: TrainingFlags) => {
    const { finetune } = await import('../../api/finetune.js');
    const file = flags.config === undefined ? undefined : await readConfigFile(flags.config);
    const given = givenOptions(command, finetuneSchema, trainingAliases);
    const config = resolveConfig(finetuneSchema, given, file, flags.config);
    await runTraining(
      flags,
      (hooks) => finetune({ ...config, ...hooks }),
      ({ epoch, validation }) =>
        `best epoch ${epoch}: ${Object.entries(validation)
          .map(([name, value]) => `${name} ${shortNumber(value)}`)
          .join(', ')}`,
    );
  });
}
