import { Worker } from 'node:worker_threads';
import { type Beat, touch } from './touch.js';

/**
 * Touches an open file every `beatMs` milliseconds in a thread of its own, because the main thread may compute for minutes
 * without coming back to its event loop. Does not keep the process alive.
 *
 * @returns A function that ends it; the file may be closed afterwards.
 */
export function startHeartbeat(beat: Beat): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let worker: Worker | undefined;
  const onThisThread = (): void => {
    timer = setInterval(() => touch(beat.fd), beat.beatMs);
    timer.unref();
  };
  try {
    const url = new URL('./heartbeat-worker.js', import.meta.url);
    worker = new Worker(url, { workerData: beat, execArgv: [] });
    worker.on('error', onThisThread);
    worker.unref();
  } catch {
    onThisThread(); // threads are not allowed here
  }
  return async () => {
    clearInterval(timer);
    await worker?.terminate();
  };
}
