import { type Command, Option } from 'commander';
import { readConfigFile } from '../config/read-config-file.js';
import { asSavedToday, resolveConfig } from '../config/resolve-config.js';
import { plural } from '../plural.js';
import { checkStage } from '../run/check-stage.js';
import { optionsToResume } from '../run/saved-options.js';
import { presetsFor, schemaFor, type TaskEntry } from '../tasks/common/task.js';
import { findTask } from '../tasks/registry.js';
import type { StopReason } from '../training/api.js';
import type { OnEvent } from '../training/events.js';
import { openReplicas } from '../training/replicas/open-replicas.js';
import { type Replicas, singleProcess } from '../training/replicas/replicas.js';
import type { TrainingHooks } from '../training/run-context.js';
import type { TrainingResult } from '../training/train-run.js';
import { addOptions, givenOptions } from './add-options.js';
import { foldTable } from './fold-table.js';
import { listenForInterrupt } from './interrupt.js';
import { showProgress } from './progress.js';
import { endTogether, showLateWarnings } from './together.js';

/** Flags of the training commands that are no options of the run. */
interface TrainingFlags {
  readonly config?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
  readonly progress?: 'bar' | 'json';
}

/** Gives a command the options of its tasks, and trains the one that is asked for. */
export function addTrainingCommand(
  command: Command,
  tasks: readonly TaskEntry[],
  examples: readonly string[],
): void {
  command
    .option('--config <file>', 'JSON or YAML file with the options below; flags win over it')
    .option('--quiet', 'show only warnings and the result')
    .addOption(
      new Option(
        '--progress <how>',
        'bar on a terminal, else a line an epoch; or json: every event and the result as a line on stdout',
      ).choices(['bar', 'json']),
    )
    .option('--json', 'print the result as JSON on stdout');
  addOptions(command, tasks);
  command.addHelpText('after', `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`);
  command.action(async (flags: TrainingFlags) => {
    const file = flags.config === undefined ? undefined : await readConfigFile(flags.config);
    const given = givenOptions(command, tasks);
    const [only] = tasks;
    const all = { ...file, ...given };
    if (all.resume === true && typeof all.out === 'string') {
      const kinds = tasks.map(({ kind }) => kind);
      await checkStage(all.out, kinds, command.name());
    }
    const before = await optionsToResume(all);
    const kind = given.task ?? file?.task ?? before.task;
    const entry = tasks.length === 1 ? only : findTask(kind, only.stage);
    const schema = schemaFor(entry, given, { ...before, ...file });
    const saved = asSavedToday(schema, before);
    const presets = presetsFor(entry, given, { ...saved, ...file });
    const config = resolveConfig(schema, given, { ...presets, ...saved, ...file }, flags.config);
    const [task, { trainAs }] = [await entry.load(), await import('../api/train-task.js')];
    const train = (hooks: TrainingHooks) => trainAs(task, { ...config, ...hooks });
    const opened = await openReplicas(config);
    const run = (replicas?: Replicas) => runTraining(flags, train, task.summarize, replicas);
    await (opened ? endTogether(opened, run) : run());
  });
}

const ENDED: Readonly<Record<StopReason, string>> = {
  epochs: 'done',
  'early-stopping': 'stopped early: no improvement',
  time: 'stopped: the time is up',
  interrupted: 'interrupted; continue with --resume',
};

/** Runs a training function with progress on stderr and its outcome on stdout; the report's path comes last. */
async function runTraining(
  flags: TrainingFlags,
  train: (hooks: TrainingHooks) => Promise<TrainingResult>,
  summary: (best: NonNullable<TrainingResult['best']>) => string,
  replicas: Replicas = singleProcess,
): Promise<void> {
  const isFirst = replicas.rank === 0;
  const onEvent = isFirst ? shownAs(flags) : showLateWarnings(replicas, process.stderr);
  const interrupt = listenForInterrupt((text) => onEvent({ type: 'warning', text }));
  try {
    const result = await train({ signal: interrupt.signal, onEvent, replicas });
    if (isFirst) tell(result, flags, summary);
    if (result.reason === 'interrupted') process.exitCode = interrupt.exitCode() ?? 1;
  } finally {
    interrupt.release();
  }
}

function shownAs({ progress, quiet = false }: TrainingFlags): OnEvent {
  if (progress !== 'json') return showProgress({ quiet, stream: process.stderr });
  return (event) => void process.stdout.write(`${JSON.stringify(event)}\n`);
}

/** The outcome on stdout: as JSON, or in words with the report's path last. */
function tell(
  result: TrainingResult,
  flags: TrainingFlags,
  summary: (best: NonNullable<TrainingResult['best']>) => string,
): void {
  if (flags.json || flags.progress === 'json') {
    const said = flags.progress === 'json' ? { type: 'result', result } : result;
    process.stdout.write(`${JSON.stringify(said)}\n`);
    return;
  }
  const done = `${plural(result.epochs, 'whole epoch')}, ${plural(result.steps, 'step')}`;
  const lines = [`${ENDED[result.reason]} (${done})`];
  if (result.best) lines.push(summary(result.best));
  if (result.folds) lines.push('', foldTable(result.folds), '');
  lines.push(`run: ${result.run}`, `report: ${result.report}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}
