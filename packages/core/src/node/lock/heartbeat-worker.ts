// The thread of a heartbeat: see heartbeat.ts.
import { workerData } from 'node:worker_threads';
import { type Beat, touch } from './touch.js';

const { fd, beatMs } = workerData as Beat;

setInterval(() => touch(fd), beatMs);
