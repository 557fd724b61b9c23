import { parentPort } from 'node:worker_threads';
import type { Request } from './protocol.js';
import { serve } from './serve.js';

if (parentPort === null) throw new Error('This module is the body of a worker thread.');
const port = parentPort;
const handle = serve((message, transfer) => port.postMessage(message, transfer));
port.on('message', (message: Request) => handle(message));
