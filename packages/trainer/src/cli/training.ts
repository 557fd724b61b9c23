import type { Command } from 'commander';
import type { StopReason } from '../training/api.js';
import type { TrainingHooks, TrainingResult } from '../training/train-run.js';
import { listenForInterrupt } from './interrupt.js';
import { showProgress } from './progress.js';

/** Short names of options. */
export const trainingAliases = { learningRate: 'lr' } as const;

/** Flags of the training commands that are no options of the run. */
export interface TrainingFlags {
  readonly config?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

export function addTrainingFlags(command: Command): void {
  command
    .option('--config <file>', 'JSON or YAML file with the options below; flags win over it')
    .option('--quiet', 'show only warnings and the result')
    .option('--json', 'print the result as JSON on stdout');
}

const ENDED: Readonly<Record<StopReason, string>> = {
  epochs: 'done',
  'early-stopping': 'stopped early: no improvement',
  time: 'stopped: the time is up',
  interrupted: 'interrupted; continue with --resume',
};

/** Runs a training function with progress on stderr and its outcome on stdout; the report's path comes last. */
export async function runTraining(
  flags: TrainingFlags,
  train: (hooks: TrainingHooks) => Promise<TrainingResult>,
  summary: (best: NonNullable<TrainingResult['best']>) => string,
): Promise<void> {
  const interrupt = listenForInterrupt();
  try {
    const onEvent = showProgress({ quiet: flags.quiet ?? false, stream: process.stderr });
    const result = await train({ signal: interrupt.signal, onEvent });
    if (flags.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    else {
      const lines = [`${ENDED[result.reason]} (${result.epochs} epochs, ${result.steps} steps)`];
      if (result.best) lines.push(summary(result.best));
      lines.push(`run: ${result.run}`, `report: ${result.report}`);
      process.stdout.write(`${lines.join('\n')}\n`);
    }
    if (result.reason === 'interrupted') process.exitCode = interrupt.exitCode() ?? 1;
  } finally {
    interrupt.release();
  }
}
