// A process that does with a lock what it is told: see lock.test.ts.
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isGenesisError } from '@genesis/core';
import { type Lock, type TakeLockOpts, takeLock } from '@genesis/core/node';

const [path, text] = process.argv.slice(2);
const opts = JSON.parse(text) as TakeLockOpts;
let lock: Lock | undefined;

async function take(): Promise<string> {
  try {
    lock = await takeLock(path, opts);
    return 'taken';
  } catch (error) {
    if (!isGenesisError(error)) throw error;
    return error.code === 'locked' ? 'locked' : `${error.code} ${error.message}`;
  }
}

/** For some seconds: takes the lock, makes a file that nobody else may have made, and gives up one way or another. */
async function storm(): Promise<string> {
  const inside = `${path}-inside`;
  const end = performance.now() + 6000;
  let turns = 0;
  while (performance.now() < end) {
    if ((await take()) !== 'taken') {
      await sleep(Math.random() * 20);
      continue;
    }
    try {
      closeSync(openSync(inside, 'wx'));
    } catch {
      return 'two held the lock';
    }
    turns++;
    await sleep(Math.random() * 10);
    rmSync(inside);
    await lock?.release();
    // One in four leaves what a killed process does.
    if (Math.random() < 0.25) {
      try {
        writeFileSync(path, JSON.stringify({ pid: 2 ** 30, host: hostname() }), { flag: 'wx' });
      } catch {
        // somebody holds it
      }
    }
  }
  return String(turns);
}

const commands: Record<string, () => Promise<string>> = {
  take,
  storm,
  async 'take as nobody'() {
    if (process.getuid?.() === 0) process.setuid?.(65534);
    return take();
  },
  async release() {
    await lock?.release();
    lock = undefined;
    return 'released';
  },
  async check() {
    return lock === undefined
      ? 'none'
      : lock.assertHeld().then(
          () => 'held',
          (error: { code: string }) => error.code,
        );
  },
  async compute() {
    const end = performance.now() + 1500;
    while (performance.now() < end);
    return 'computed';
  },
};

process.on('message', async (command: string) => {
  process.send?.(await commands[command]());
});
