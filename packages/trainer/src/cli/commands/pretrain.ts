import type { Command } from 'commander';
import { readConfigFile } from '../../config/read-config-file.js';
import { resolveConfig } from '../../config/resolve-config.js';
import { pretrainSchema } from '../../config/schema.js';
import { shortNumber } from '../../report/ticks.js';
import { addOptions, givenOptions } from '../add-options.js';
import { addTrainingFlags, runTraining, type TrainingFlags, trainingAliases } from '../training.js';

export function addPretrain(program: Command): void {
  const command = program
    .command('pretrain')
    .description('Train a network to restore deformed crops of unlabelled volumes');
  addTrainingFlags(command);
  addOptions(command, pretrainSchema, trainingAliases);
  command.action(async (flags: TrainingFlags) => {
    const { pretrain } = await import('../../api/pretrain.js');
    const file = flags.config === undefined ? undefined : await readConfigFile(flags.config);
    const given = givenOptions(command, pretrainSchema, trainingAliases);
    const config = resolveConfig(pretrainSchema, given, file, flags.config);
    await runTraining(
      flags,
      (hooks) => pretrain({ ...config, ...hooks }),
      ({ epoch, validation }) => {
        const { loss, identityMse, ratio } = validation;
        const share = `${(Math.abs(1 - ratio) * 100).toFixed(1)} % ${ratio < 1 ? 'below' : 'above'}`;
        return `validation MSE ${shortNumber(loss)} (epoch ${epoch}) is ${share} that of the deformed input itself, ${shortNumber(identityMse)}`;
      },
    );
  });
}
