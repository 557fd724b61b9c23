import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { FloatArray } from './api.js';
import { MpiError } from './errors.js';

/** Of {@link Addon}; raised together with kInterface in native/addon.cpp when a function changes. */
const INTERFACE = 1;

/** A group as the addon knows it. */
export interface Group {
  /** Its number in the addon. */
  readonly handle: number;
  readonly rank: number;
  readonly size: number;
  readonly hosts: readonly string[];
}

/** The functions of the addon. Operations: 0 sum, 1 maximum. Rejections carry the library's words. */
export interface Addon {
  /** {@link INTERFACE} of the sources that it was built from. */
  readonly interface?: number;
  /** Name and version of the MPI library; may be asked before `start`. */
  library(): string;
  /** Initialises MPI, once. A text says why that is impossible. */
  start(): (Group & { readonly localRank: number; readonly localSize: number }) | string;
  allReduce(group: number, operation: number, arrays: readonly FloatArray[]): Promise<void>;
  allReduceHalf(
    group: number,
    arrays: readonly Float32Array[],
    scale: number,
    limit: number,
    residual: Float32Array | null,
  ): Promise<void>;
  allReduceSync(group: number, operation: number, array: FloatArray): void;
  broadcast(group: number, root: number, arrays: readonly NodeJS.TypedArray[]): Promise<void>;
  allGather(
    group: number,
    send: readonly Uint8Array[],
    size: number,
    receive: readonly Uint8Array[],
  ): Promise<void>;
  barrier(group: number): Promise<void>;
  split(group: number, color: number, key: number): Promise<Group>;
  abort(exitCode: number): never;
  /** Finalises MPI; aborts all ranks when they do not come within `seconds`, unless these are negative. */
  finish(seconds: number): void;
}

const root = new URL('../', import.meta.url);

/** Why there is no addon. */
function missing(): string {
  const status = new URL('build/native/build-status.json', root);
  const said = existsSync(status) ? JSON.parse(readFileSync(status, 'utf8')) : undefined;
  return (
    (said as { reason?: string } | undefined)?.reason ??
    'the addon was not built. Run "npm rebuild @genesis/mpi" where an MPI library with its headers is installed (Debian: libopenmpi-dev openmpi-bin).'
  );
}

/** The addon's file: GENESIS_MPI_ADDON names one that was built for another library. */
function addonPath(): string {
  return process.env.GENESIS_MPI_ADDON ?? fileURLToPath(new URL('build/native/mpi.node', root));
}

let loaded: Addon | undefined;

/**
 * Loads the addon once.
 *
 * @throws MpiError 'unavailable'.
 */
export function loadAddon(): Addon {
  if (loaded) return loaded;
  const path = addonPath();
  const unavailable = (reason: string, cause?: unknown): MpiError =>
    new MpiError('unavailable', `MPI cannot be used: ${reason}`, { file: path, cause });
  if (!existsSync(path)) throw unavailable(missing());
  let addon: Addon;
  try {
    addon = createRequire(import.meta.url)(path) as Addon;
  } catch (cause) {
    throw unavailable(`${path} cannot be loaded (${(cause as Error).message}).`, cause);
  }
  if (addon.interface !== INTERFACE) {
    throw unavailable(
      `${path} was built from sources of another version. Run "node scripts/build.mjs" in ${fileURLToPath(root)}.`,
    );
  }
  loaded = addon;
  return loaded;
}
