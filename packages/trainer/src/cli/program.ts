import { Command } from 'commander';
import { version } from '../version.js';
import { addCompare } from './commands/compare.js';
import { addCompletion } from './commands/completion.js';
import { addConvert } from './commands/convert.js';
import { addDataset } from './commands/dataset.js';
import { addDoctor } from './commands/doctor.js';
import { addEvaluate } from './commands/evaluate.js';
import { addExport } from './commands/export.js';
import { addFinetune } from './commands/finetune.js';
import { addInfo } from './commands/info.js';
import { addPhantom } from './commands/phantom.js';
import { addPredict } from './commands/predict.js';
import { addPretrain } from './commands/pretrain.js';
import { addZoo } from './commands/zoo.js';

/** The `genesis` command with its subcommands. Nothing ends the process: errors are thrown to the caller. */
export function createProgram(): Command {
  const program = new Command('genesis')
    .description('Self-supervised pre-training for 3-D medical images (Models Genesis)')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(add --help for the options)');
  addPretrain(program);
  addFinetune(program);
  addPredict(program);
  addEvaluate(program);
  addExport(program);
  addCompare(program);
  addConvert(program);
  addDataset(program);
  addInfo(program);
  addDoctor(program);
  addPhantom(program);
  addZoo(program);
  addCompletion(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}
