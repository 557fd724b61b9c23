import { TrainerError } from '../errors.js';
import { builtInTasks } from './built-in.js';
import type { TaskEntry } from './common/task.js';

const entries = new Map<string, TaskEntry>(builtInTasks.map((entry) => [entry.kind, entry]));

/** Adds a task; see `registerTask`, which does the rest. */
export function addTask(task: TaskEntry): void {
  const known = entries.get(task.kind);
  if (known && known !== task) {
    throw new TrainerError('bad-argument', `there is a task '${task.kind}' already`);
  }
  entries.set(task.kind, task);
}

/**
 * The task of this kind.
 *
 * @param stage - Of the command that asks, so that it finds its own tasks only.
 * @throws TrainerError 'bad-config' that lists the kinds that there are.
 */
export function findTask(kind: unknown, stage?: TaskEntry['stage']): TaskEntry {
  const found = typeof kind === 'string' ? entries.get(kind) : undefined;
  if (found && (stage === undefined || found.stage === stage)) return found;
  if (kind === undefined) throw new TrainerError('bad-config', "the option 'task' is missing");
  const known = tasksOf(stage).map((task) => task.kind);
  throw new TrainerError(
    'bad-config',
    `option 'task' is ${JSON.stringify(kind)}: expected one of ${known.map((one) => `"${one}"`).join('|')}`,
  );
}

/** All tasks, or those of one command, in the order in which they were registered. */
export function tasksOf(stage?: TaskEntry['stage']): TaskEntry[] {
  return [...entries.values()].filter((task) => stage === undefined || task.stage === stage);
}
