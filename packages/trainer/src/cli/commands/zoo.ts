import { type Command, Option } from 'commander';
import { plural } from '../../plural.js';
import { parseCount } from '../flags.js';

interface PushFlags {
  readonly out: string;
  readonly card: string;
  readonly precision: 'float16' | 'float32';
  readonly samples: number;
}

export function addZoo(program: Command): void {
  const zoo = program.command('zoo').description('Published models: pack one of a run');
  addPush(zoo);
  for (const command of zoo.commands) command.exitOverride();
}

function addPush(zoo: Command): void {
  zoo
    .command('push')
    .description('Pack a run with its card into a folder, ready for npm publish or a hub')
    .argument('<run>', 'folder of the run')
    .requiredOption('--out <dir>', 'folder of the package')
    .requiredOption('--card <file>', 'what is to be said of the model (YAML or JSON)')
    .addOption(
      new Option('--precision <name>', 'of kernels')
        .choices(['float16', 'float32'])
        .default('float16'),
    )
    .option(
      '--samples <n>',
      'samples of the report whose pictures go along: they show the data',
      parseCount,
      3,
    )
    .action(async (run: string, flags: PushFlags) => {
      const { pushModel } = await import('../../api/push-model.js');
      const card = await pushModel({ run, ...flags });
      const bytes = card.files.reduce((sum, file) => sum + file.bytes, 0);
      process.stdout.write(
        `${flags.out}: ${card.name} ${card.version}, ${plural(card.files.length, 'file')}, ${(bytes / 1e6).toFixed(2)} MB\n`,
      );
    });
}
