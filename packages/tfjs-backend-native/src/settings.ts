import { loadAddon, loadedAddon } from './addon.js';
import type { NativeIsa, NativeMemory, NativePrecision, NativeStatus } from './api.js';
import { NativeSettingError, NativeUnavailableError } from './errors.js';
import { manifest } from './manifest.js';
import { currentBackend } from './register.js';

const { version } = manifest;

/** Says whether the back end can be used, and how it is set. Never throws. */
export function nativeStatus(): NativeStatus {
  try {
    const { addon, path } = loadedAddon();
    return {
      available: true,
      addon: path,
      isa: addon.isa(),
      threads: addon.threads(),
      precision: addon.isStrict() ? 'strict' : 'fast',
      version,
    };
  } catch (error) {
    if (!(error instanceof NativeUnavailableError)) throw error;
    const { reason, command } = error;
    return { available: false, reason, command, isa: '', threads: 0, precision: 'fast', version };
  }
}

/**
 * Sets the number of threads of the whole process; the initial value is the environment variable
 * GENESIS_NUM_THREADS or the number of processors that the process may use (affinity, quotas of containers, Slurm). Results do not depend on it.
 * @throws NativeSettingError unless `count` is a whole number from 1 to 256
 */
export function setNumThreads(count: number): void {
  if (!Number.isInteger(count) || count < 1 || count > 256) {
    throw new NativeSettingError(
      'threads',
      `The number of threads must be a whole number from 1 to 256, not ${count}.`,
    );
  }
  loadAddon().setThreads(count);
}

/** Sets the precision of convolutions in the whole process. */
export function setPrecision(precision: NativePrecision): void {
  if (precision !== 'fast' && precision !== 'strict') {
    throw new NativeSettingError(
      'precision',
      `The precision must be 'fast' or 'strict', not '${precision}'.`,
    );
  }
  loadAddon().setStrict(precision === 'strict');
}

/**
 * Forces an instruction set in the whole process (for tests; the initial value is the environment
 * variable GENESIS_ISA or the best that the processor has).
 * @throws NativeSettingError when the processor lacks it
 */
export function setInstructionSet(isa: NativeIsa): void {
  if (!loadAddon().setIsa(isa)) {
    throw new NativeSettingError(
      'isa',
      `This processor or build has no instruction set '${isa}'; the best one is '${loadAddon().bestIsa()}'.`,
    );
  }
}

/** Memory held by this thread's tensors and by the kernels. */
export function nativeMemory(): NativeMemory {
  const pool = currentBackend()?.pool;
  return {
    live: pool?.liveBytes ?? 0,
    idle: pool?.idleBytes ?? 0,
    peak: pool?.peakBytes ?? 0,
    scratch: loadAddon().scratchBytes(),
  };
}

/** Gives memory that is kept for later tensors and kernels back to the system. */
export function trimNativeMemory(): void {
  currentBackend()?.pool.trim();
  loadAddon().releaseScratch();
}
