import { Worker } from 'node:worker_threads';
import type { WorkerEvents, WorkerPort } from './protocol.js';

/** Starts a worker thread. */
export function spawnWorker(events: WorkerEvents): WorkerPort {
  const worker = new Worker(new URL('./worker-node.js', import.meta.url), {
    execArgv: inheritedFlags(process.execArgv),
  });
  let stopping = false;
  worker.unref();
  worker.on('message', (message) => events.onMessage(message));
  worker.on('messageerror', (error) => events.onFailure(error));
  worker.on('error', (error) => events.onFailure(error));
  worker.on('exit', (code) => {
    if (!stopping) events.onFailure(new Error(`the worker thread ended with exit code ${code}`));
  });
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    async terminate() {
      stopping = true;
      await worker.terminate();
    },
    setBusy(busy) {
      if (busy) worker.ref();
      else worker.unref();
    },
  };
}

/** The flags of this process without the source text that it may have been given (`node -e`). */
function inheritedFlags(flags: readonly string[]): string[] {
  const evaluates = (flag: string): boolean =>
    ['-e', '--eval', '-p', '--print', '-pe'].includes(flag);
  return flags.filter(
    (flag, i) =>
      !flag.startsWith('--input-type') && !evaluates(flag) && !(i > 0 && evaluates(flags[i - 1])),
  );
}
