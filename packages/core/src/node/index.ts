export { atomicWrite, writeFailure } from './atomic-write.js';
export { isClaim } from './lock/claims.js';
export type { Owner } from './lock/owner.js';
export { type Lock, type TakeLockOpts, takeLock } from './lock/take-lock.js';
export { makeFolder } from './make-folder.js';
export { systemReason } from './system-reason.js';
export { isTemporary, temporaryPath } from './temporary-path.js';
