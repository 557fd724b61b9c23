import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import test from 'ava';
import { main, runCli } from '../helpers/run-cli.js';
import { writePhantoms } from '../helpers/volumes.js';

test('with --progress json each event and the result is a line on stdout', async (t) => {
  const folder = await tempFolder(t);
  await writePhantoms(join(folder, 'in'), 2, [20, 20, 20]);
  const small = '--crop 8,8,8 --width 2 --levels 2 --batch 2 --epochs 2 --crops-per-volume 4';
  const { stdout, stderr, code } = await runCli([
    'pretrain',
    ...['--images', join(folder, 'in'), '--out', join(folder, 'run'), '--validation-crops', '2'],
    ...small.split(' '),
    ...['--progress', 'json'],
  ]);
  t.is(code, 0, stderr);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const count = (type: string): number => lines.filter((line) => line.type === type).length;
  t.deepEqual([count('begin'), count('step'), count('epoch'), count('end')], [1, 4, 2, 1]);
  const epoch = lines.findLast(({ type }) => type === 'epoch');
  t.like(epoch.result, { epoch: 2, step: 4 });
  t.true(Number.isFinite(epoch.result.validation.values.loss));
  t.like(lines.at(-1), { type: 'result', result: { reason: 'epochs', steps: 4 } });
  t.is(stderr, '');
});

test('a run whose progress nobody reads any more saves and stops, and says so by its status', async (t) => {
  const folder = await tempFolder(t);
  await writePhantoms(join(folder, 'in'), 2, [20, 20, 20]);
  const small = '--crop 8,8,8 --width 2 --levels 2 --batch 2 --epochs 1000 --crops-per-volume 4';
  const child = spawn(
    process.execPath,
    [
      ...[main, 'pretrain', '--images', join(folder, 'in'), '--out', join(folder, 'run')],
      ...['--validation-crops', '2', ...small.split(' '), '--progress', 'json'],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let heard = '';
  child.stdout.on('data', (text: Buffer) => {
    heard += String(text);
    if (heard.includes('"type":"epoch"')) child.stdout.destroy();
  });
  const [code] = await once(child, 'exit');
  t.is(code, 143);
  await t.notThrowsAsync(access(join(folder, 'run', 'checkpoints', 'last.safetensors')));
});
