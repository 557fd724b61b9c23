import type { Command } from 'commander';
import { readConfigFile } from '../../config/readConfigFile.js';
import { resolveConfig } from '../../config/resolveConfig.js';
import { finetuneSchema } from '../../config/schema.js';
import { shortNumber } from '../../report/ticks.js';
import { addOptions, givenOptions } from '../addOptions.js';
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
    const { finetune } = await import('../../commands/finetune.js');
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
