import type { Request, Response, WorkerEvents, WorkerPort } from './protocol.js';

/** The part of the DOM's Worker that is used here. */
interface WebWorker {
  postMessage(message: Request, transfer: ArrayBuffer[]): void;
  terminate(): void;
  onmessage: ((event: { data: Response }) => void) | null;
  onerror: ((event: { message?: string; error?: unknown }) => void) | null;
  onmessageerror: ((event: unknown) => void) | null;
}

declare const Worker: new (url: URL, opts: { type: 'module' }) => WebWorker;

/** Starts a web worker; bundlers recognise the expression and bundle the worker's module. */
export function spawnWorker(events: WorkerEvents): WorkerPort {
  const worker = new Worker(new URL('./worker-browser.js', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }) => events.onMessage(data);
  worker.onerror = ({ message, error }) =>
    events.onFailure(error ?? new Error(message ?? 'the web worker could not be started'));
  worker.onmessageerror = () => events.onFailure(new Error('a message could not be read'));
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    async terminate() {
      worker.terminate();
    },
    setBusy() {},
  };
}
