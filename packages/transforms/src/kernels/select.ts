import type { Shape3 } from '../api.js';
import type { Kernels, KernelsName, Workspace } from './api.js';
import { typescriptKernels } from './typescript.js';
import { wasmKernels } from './wasm.js';

let current: Kernels | null = null;

/** WebAssembly where it may run: it is missing in very old engines, and a page's policy can forbid it. */
function best(): Kernels {
  try {
    return wasmKernels();
  } catch {
    return typescriptKernels();
  }
}

/**
 * Chooses the inner loops of this thread, and of pools made from now on; the default is WebAssembly
 * where it is available. Results do not depend on the choice.
 *
 * @throws what WebAssembly throws when it is asked for and not available
 */
export function selectKernels(name: KernelsName): void {
  current = name === 'wasm' ? wasmKernels() : typescriptKernels();
}

/** Which inner loops this thread uses. */
export function kernelsInUse(): KernelsName {
  current ??= best();
  return current.name;
}

/**
 * The thread's workspace, for a volume of this size. Volumes too large for WebAssembly's memory (4
 * GiB, about 12 bytes a voxel) are worked on in TypeScript.
 *
 * @param inPlace - `result` is to be the same array as `original`
 */
export function openWorkspace(shape: Shape3, channels: number, inPlace: boolean): Workspace {
  current ??= best();
  try {
    return current.open(shape, channels, inPlace);
  } catch (error) {
    if (current.name === 'typescript' || !(error instanceof RangeError)) throw error;
    return typescriptKernels().open(shape, channels, inPlace);
  }
}
