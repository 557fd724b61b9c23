import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';
import { completionScript } from '#src/cli/completion.js';
import { createProgram } from '#src/cli/program.js';

const run = promisify(execFile);
const hasBash = await run('bash', ['--version']).then(
  () => true,
  () => false,
);

/** What bash offers for the last word. */
async function offered(...words: string[]): Promise<string[]> {
  const script = `${completionScript(createProgram(), 'bash')}
COMP_WORDS=(genesis ${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length}
_genesis
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['--norc', '-c', script]);
  return stdout.trim().split('\n');
}

(hasBash ? test : test.skip)('bash completes commands, options and their values', async (t) => {
  t.deepEqual(await offered('pre'), ['pretrain', 'predict']);
  t.deepEqual(await offered('pretrain', '--proxy'), ['--proxy-task', '--proxy-options']);
  t.deepEqual(await offered('pretrain', '--proxy-task', 'r'), ['rubiks-cube', 'rotation']);
  t.deepEqual(await offered('finetune', '--norm', ''), [
    'batch',
    'batchRunning',
    'instance',
    'group',
  ]);
  t.deepEqual(await offered('completion', 'f'), ['fish']);
  t.deepEqual(await offered('finetune', '--task', 's'), ['segmentation']);
  t.true((await offered('finetune', '--labels', '')).every((word) => !word.startsWith('-')));
  t.true((await offered('zoo', 'p')).includes('push'));
});

test('every command and every option that is shown is completed by all shells', (t) => {
  const program = createProgram();
  const [bash, fish] = [completionScript(program, 'bash'), completionScript(program, 'fish')];
  t.true(completionScript(program, 'zsh').endsWith(bash));
  for (const command of program.commands) {
    t.true(fish.includes(`-a ${command.name()} -d `));
    for (const { long } of command.createHelp().visibleOptions(command)) {
      t.true(bash.includes(String(long)), `${command.name()} ${long}`);
      t.true(fish.includes(`-l ${String(long).slice(2)} `), `${command.name()} ${long}`);
    }
  }
});
