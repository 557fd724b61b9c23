import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { tempFolder } from '@genesis/testing';
import test from 'ava';

const run = promisify(execFile);
const lockModule = new URL('../../scripts/lib/lock.mjs', import.meta.url).href;
const folder = fileURLToPath(new URL('..', import.meta.url));

/** Appends "in", waits, appends "out" to a file while holding the lock of builds, in a process of its own. */
const work = `
  const [lock, log] = process.argv.slice(1);
  const { appendFileSync } = await import('node:fs');
  const { withLock } = await import(${JSON.stringify(lockModule)});
  await withLock(lock, async () => {
    appendFileSync(log, 'in ');
    await new Promise((done) => setTimeout(done, 100));
    appendFileSync(log, 'out ');
  });`;

test('two builds at once take turns; the lock of a killed one does not hold them up', async (t) => {
  const temporary = await tempFolder(t, folder);
  const [lock, log] = [join(temporary, '.lock'), join(temporary, 'log')];
  // A process id of nobody; before, one that another process was given since would have blocked all builds.
  writeFileSync(lock, JSON.stringify({ pid: 2 ** 30, host: hostname() }));
  await Promise.all(
    [1, 2, 3].map(() => run(process.execPath, ['--input-type=module', '--eval', work, lock, log])),
  );
  t.is(readFileSync(log, 'utf8'), 'in out '.repeat(3));
  t.deepEqual(readdirSync(temporary), ['log']);
  t.false(existsSync(lock));
});
