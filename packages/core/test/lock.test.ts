import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { GenesisError } from '@genesis/core';
import { isClaim, takeLock } from '@genesis/core/node';
import { tempFolder } from '@genesis/testing';
import test, { type ExecutionContext } from 'ava';

/** Short times, so that tests end soon; a busy machine must still beat in time. */
const QUICK = { beatMs: 50, patienceMs: 1500 } as const;

const program = fileURLToPath(new URL('lock/holder.js', import.meta.url));

async function lockPath(t: ExecutionContext): Promise<string> {
  return join(await tempFolder(t), '.lock');
}

/** No process has this number: it is above the largest that Linux gives. */
const NOBODY = 2 ** 30;

const old = (pid: number, host = hostname()): string => JSON.stringify({ pid, host });

interface Holder {
  readonly child: ChildProcess;
  /** Sends a command and resolves with its answer. */
  ask(command: string): Promise<string>;
}

/** A process that takes and holds locks on demand; ended after the test. */
function holder(t: ExecutionContext, path: string, inNamespace = false): Holder {
  const args = [path, JSON.stringify(QUICK)];
  const child = inNamespace
    ? spawn('unshare', ['-pf', '--kill-child', process.execPath, program, ...args], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      })
    : fork(program, args, { execArgv: [] });
  t.teardown(() => child.kill('SIGKILL'));
  return {
    child,
    async ask(command) {
      const answer = once(child, 'message');
      child.send(command);
      return String((await answer)[0]);
    },
  };
}

test('a lock holds until given back, in this process too', async (t) => {
  const path = await lockPath(t);
  const lock = await takeLock(path);
  await lock.assertHeld();
  const error = await t.throwsAsync(() => takeLock(path), {
    instanceOf: GenesisError,
    code: 'locked',
    message: /another process/,
  });
  t.is((error as GenesisError).file, path);
  await lock.release();
  await lock.release();
  await t.throwsAsync(() => lock.assertHeld(), { code: 'lock-lost' });
  const again = await takeLock(path);
  await again.release();
  t.deepEqual(await readdir(join(path, '..')), []);
});

test('a file that says no more than a process id is a lock of nobody when that is ours or unused', async (t) => {
  const path = await lockPath(t);
  for (const pid of [NOBODY, process.pid]) {
    await writeFile(path, old(pid));
    const start = performance.now();
    const lock = await takeLock(path, { patienceMs: 60_000 });
    t.true(performance.now() - start < 10_000);
    await lock.release();
  }
  t.deepEqual(await readdir(join(path, '..')), []);
});

test('without signs of life a lock is taken over, whoever has the process id now', async (t) => {
  const path = await lockPath(t);
  const other = { id: 'a', machine: 'another', space: 'another', began: '1', pid: process.ppid };
  for (const content of [
    old(process.ppid), // given to another process since
    old(1, `not-${hostname()}`),
    JSON.stringify({ ...other, host: hostname() }),
    '{"pid":', // cut short by a crash
    '',
  ]) {
    await writeFile(path, content);
    const waits: number[] = [];
    const lock = await takeLock(path, { ...QUICK, onWait: (_, ms) => waits.push(ms) });
    t.deepEqual(waits, [QUICK.patienceMs]);
    await lock.release();
  }
  t.deepEqual(await readdir(join(path, '..')), []);
});

test('signs of life keep a lock, whatever clocks say', async (t) => {
  const path = await lockPath(t);
  await writeFile(path, old(1, `not-${hostname()}`));
  // A clock that runs an hour ahead, or is set back: only that the time changes counts.
  let seconds = Date.now() / 1000 + 3600;
  const beats = setInterval(() => {
    seconds -= 10;
    utimes(path, seconds, seconds).catch(() => undefined);
  }, 100);
  try {
    await t.throwsAsync(() => takeLock(path, QUICK), { code: 'locked' });
  } finally {
    clearInterval(beats);
  }
  await (await takeLock(path, QUICK)).release();
});

test('a lock whose process id began at another time is nobody’s', async (t) => {
  const path = await lockPath(t);
  const lock = await takeLock(path);
  const text = await readFile(path, 'utf8');
  await lock.release();
  const owner = JSON.parse(text) as { began?: string; machine?: string };
  if (owner.began === undefined) {
    t.pass('this system does not say when a process began');
    return;
  }
  await writeFile(path, JSON.stringify({ ...owner, id: 'a', began: '1' }));
  await (await takeLock(path, { patienceMs: 60_000 })).release();
  // This very process, by another thread perhaps.
  await writeFile(path, JSON.stringify({ ...owner, id: 'b' }));
  await t.throwsAsync(() => takeLock(path, { patienceMs: 60_000 }), { code: 'locked' });
});

test('of many processes that find one stale lock exactly one takes it', async (t) => {
  t.timeout(120_000, 'processes start slowly on a busy machine');
  const path = await lockPath(t);
  const holders = Array.from({ length: 8 }, () => holder(t, path));
  for (const content of [old(NOBODY), old(1, 'elsewhere'), undefined, '', old(NOBODY)]) {
    if (content !== undefined) await writeFile(path, content);
    const answers = await Promise.all(holders.map(({ ask }) => ask('take')));
    t.deepEqual([...answers].sort(), [...Array(7).fill('locked'), 'taken']);
    await Promise.all(holders.map(({ ask }) => ask('release')));
    t.deepEqual(await readdir(join(path, '..')), []);
  }
});

test('processes that come, go and die never hold a lock together', async (t) => {
  t.timeout(180_000, 'processes start slowly on a busy machine');
  const path = await lockPath(t);
  const holders = Array.from({ length: 5 }, () => holder(t, path));
  const results = await Promise.all(holders.map(({ ask }) => ask('storm')));
  const turns = results.map(Number);
  t.true(turns.every(Number.isInteger), results.join('; '));
  t.log(`${turns.join(', ')} turns`);
  t.true(turns.reduce((sum, n) => sum + n, 0) >= 20);
});

test('the lock of a killed process is taken at once', async (t) => {
  const path = await lockPath(t);
  const { child, ask } = holder(t, path);
  t.is(await ask('take'), 'taken');
  await t.throwsAsync(() => takeLock(path), { code: 'locked' });
  // A process that is stopped still lives.
  child.kill('SIGSTOP');
  await t.throwsAsync(() => takeLock(path), { code: 'locked' });
  const end = once(child, 'exit');
  child.kill('SIGKILL');
  await end;
  const start = performance.now();
  const lock = await takeLock(path, { patienceMs: 60_000 });
  t.true(performance.now() - start < 10_000);
  await lock.release();
  t.deepEqual(await readdir(join(path, '..')), []);
});

const namespaces = (() => {
  try {
    return execFileSync('unshare', ['-pf', 'sh', '-c', 'echo $$'], { encoding: 'utf8' }) === '1\n';
  } catch {
    return false;
  }
})();
/** The number that the holder in a namespace has here. */
function inner({ child }: Holder): number {
  return Number(execFileSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' }));
}

const inContainer = namespaces ? test : test.skip;

inContainer('process 1 of a container is not process 1 of another', async (t) => {
  t.timeout(60_000, 'processes start slowly on a busy machine');
  const path = await lockPath(t);
  const [first, second] = [holder(t, path, true), holder(t, path, true)];
  t.is(await first.ask('take'), 'taken');
  t.is((JSON.parse(await readFile(path, 'utf8')) as { pid: number }).pid, 1);
  t.is(await second.ask('take'), 'locked');
  const end = once(first.child, 'exit');
  process.kill(inner(first), 'SIGKILL');
  await end;
  t.is(await second.ask('take'), 'taken');
  t.is(await second.ask('release'), 'released');
  t.deepEqual(await readdir(join(path, '..')), []);
});

inContainer(
  'a holder that slept too long is told that it has lost its lock, and leaves the new one',
  async (t) => {
    t.timeout(60_000, 'processes start slowly on a busy machine');
    const path = await lockPath(t);
    const sleeper = holder(t, path, true);
    t.is(await sleeper.ask('take'), 'taken');
    const pid = inner(sleeper);
    process.kill(pid, 'SIGSTOP');
    await sleep(200);
    const lock = await takeLock(path, QUICK);
    process.kill(pid, 'SIGCONT');
    t.is(await sleeper.ask('check'), 'lock-lost');
    t.is(await sleeper.ask('release'), 'released');
    await lock.assertHeld();
    await t.throwsAsync(() => takeLock(path), { code: 'locked' });
    await lock.release();
  },
);

test('a main thread that computes does not silence the holder', async (t) => {
  const path = await lockPath(t);
  const { ask } = holder(t, path);
  t.is(await ask('take'), 'taken');
  const busy = ask('compute');
  const before = (await stat(path)).mtimeMs;
  await sleep(1000);
  t.true((await stat(path)).mtimeMs > before);
  t.is(await busy, 'computed');
});

test('a folder where nothing can be made is named, with the reason', async (t) => {
  const folder = await tempFolder(t);
  await chmod(folder, 0o555);
  const { ask } = holder(t, join(folder, '.lock'));
  // As root, permissions do not count: the process becomes another user first.
  t.regex(
    await ask('take as nobody'),
    /^write-failed cannot write .*\.lock: permission is denied$/,
  );
  await t.throwsAsync(() => takeLock(join(folder, 'none', '.lock')), {
    code: 'write-failed',
    message: /no such file or folder/,
  });
  await rm(folder, { recursive: true });
});

test('names of claims', (t) => {
  for (const name of ['.lock', '.lock.2', '.lock.17']) t.true(isClaim(name, '.lock'), name);
  for (const name of ['lock', '.lock.', '.lock.1', '.lock.02', '.lock.x', '.locks', 'a.lock'])
    t.false(isClaim(name, '.lock'), name);
});
