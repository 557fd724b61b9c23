import type { Request, Response } from './protocol.js';
import { serve } from './serve.js';

interface WorkerScope {
  postMessage(message: Response, transfer: ArrayBuffer[]): void;
  onmessage: ((event: { data: Request }) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
const handle = serve((message, transfer) => scope.postMessage(message, transfer));
scope.onmessage = ({ data }) => handle(data);
