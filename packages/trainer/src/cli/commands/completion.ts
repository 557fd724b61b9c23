import { Argument, type Command } from 'commander';
import { completionScript, shells } from '../completion.js';

/** `genesis completion`: what a shell needs to complete commands, options and their values. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('Print a script that makes bash, zsh or fish complete the command')
    .addArgument(new Argument('<shell>', 'which shell').choices([...shells]))
    .addHelpText(
      'after',
      `
Examples:
  genesis completion bash >> ~/.bashrc
  genesis completion zsh >> ~/.zshrc
  genesis completion fish > ~/.config/fish/completions/genesis.fish`,
    )
    .action((shell: (typeof shells)[number]) => {
      process.stdout.write(completionScript(program, shell));
    });
}
