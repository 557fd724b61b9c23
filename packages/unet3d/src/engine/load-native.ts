import type { EngineDetails } from './api.js';
import { importOptional } from './import-optional.js';

/** The part of the back end's package that is used here; it may not be installed, so no static types. */
interface NativePackage {
  registerNativeBackend(): void;
  nativeStatus(): {
    available: boolean;
    reason?: string;
    isa?: string;
    threads?: number;
    version?: string;
  };
}

/** Loads and registers the C++ back end of this project. @throws Error with the reason. */
export async function loadNative(): Promise<EngineDetails> {
  const native = await importOptional<NativePackage>('@genesis/tfjs-backend-native');
  const status = native.nativeStatus();
  if (!status.available) throw new Error(status.reason ?? 'its addon is not built');
  native.registerNativeBackend();
  const { isa = 'unknown', threads = 1, version = 'unknown' } = status;
  return { isa, threads, version };
}
