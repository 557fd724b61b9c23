export { atomicWrite, writeFailure } from './atomic-write.js';
export { takeLock } from './lock.js';
export { makeFolder } from './make-folder.js';
export { systemReason } from './system-reason.js';
export { temporaryPath } from './temporary-path.js';
