import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { BuildError } from './error.mjs';

const WAIT_MS = 300_000;

function ownerLives(path) {
  try {
    process.kill(Number(readFileSync(path, 'utf8')), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs `work` while holding a lock file, so that two builds at once do not write the same objects. */
export async function withLock(path, work) {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    try {
      const file = openSync(path, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!ownerLives(path)) rmSync(path, { force: true });
      else if (Date.now() > deadline) {
        throw new BuildError(
          `Another build holds ${path} for too long; end it or remove the file.`,
        );
      } else await sleep(100);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}
