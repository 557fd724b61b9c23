import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { type Addon, loadAddon } from './addon.js';
import type { World } from './api.js';
import { createCommunicator } from './communicator.js';
import { MpiError } from './errors.js';
import { launchedBy } from './launched-by.js';

/** Seconds that a process that failed waits for the others before it ends them too. */
const PATIENCE = 10;

let world: World | undefined;

/**
 * All processes that `mpirun` or Slurm has started together; one alone when nobody has. The first call initialises MPI and blocks
 * until all ranks are there; it is finalised when the process ends. Any thread may call it, and every worker has its own view of
 * the same rank: one thread of the addon alone talks to the library.
 *
 * A process that ends with an uncaught error ends all others, since they would wait for it for ever.
 *
 * @throws MpiError 'unavailable', or 'launcher' when the addon was built for another library than the one that started it.
 */
export function mpiWorld(): World {
  if (world) return world;
  const addon = loadAddon();
  const started = addon.start();
  if (typeof started === 'string') {
    throw new MpiError('unavailable', `MPI cannot be used: ${started}`);
  }
  const launch = launchedBy();
  if (launch && launch.size > 1 && started.size === 1) {
    throw new MpiError(
      'launcher',
      `this process is one of ${launch.size} that ${launch.launcher}'s launcher has started, but @genesis/mpi was built for ${addon.library().split('\n')[0].trim()}, which sees one: start it with that library's mpirun, or build it again with MPICXX set to the other one's compiler`,
    );
  }
  if (isMainThread) finishAtExit(addon);
  const { localRank, localSize } = started;
  world = {
    ...createCommunicator(addon, started),
    localRank,
    localSize,
    abort: (exitCode) => addon.abort(exitCode),
  };
  return world;
}

function finishAtExit(addon: Addon): void {
  let crash: { readonly error: unknown } | undefined;
  process.on('uncaughtExceptionMonitor', (error) => {
    crash = { error };
  });
  process.on('exit', (code) => {
    if (crash) {
      // Node would print it after this event, which is too late.
      writeSync(process.stderr.fd, `${inspect(crash.error)}\n`);
      addon.abort(code || 1);
    }
    addon.finish(code === 0 ? -1 : PATIENCE);
  });
}
