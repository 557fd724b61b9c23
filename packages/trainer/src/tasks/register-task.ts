import { registerModelKind } from '@genesis/inference';
import type { Task } from './common/task.js';
import { addTask } from './registry.js';

/**
 * Makes a task known to `finetune`, `predict` and `evaluate`, for this process, and its kind of model to
 * `@genesis/inference`.
 *
 * @throws TrainerError 'bad-argument' when another task has this kind.
 */
export function registerTask(task: Task): void {
  addTask(task);
  if (task.model) registerModelKind(task.model);
}
