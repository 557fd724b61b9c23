import test from 'ava';
import { Command } from 'commander';
import { addOptions, givenOptions } from '#src/cli/add-options.js';
import { tasksOf } from '#src/tasks/registry.js';

function given(...args: string[]): Record<string, unknown> {
  const command = new Command().exitOverride();
  const tasks = tasksOf('finetune');
  addOptions(command, tasks);
  command.parse(args, { from: 'user' });
  return givenOptions(command, tasks);
}

test('what is on unless told otherwise has a flag that turns it off, and counts as given only when it is', (t) => {
  t.deepEqual(given(), {});
  t.deepEqual(given('--no-rescale'), { rescale: false });
  t.deepEqual(given('--rescale'), { rescale: true });
});
