import type { PlaneKernels, PlaneSizes } from './api.js';
import { typescriptKernels } from './typescript.js';
import { wasmKernels } from './wasm.js';

/**
 * Inner loops for planes and rows of these sizes: in WebAssembly where it may run (very old engines have none, a page's
 * policy can forbid it, and its memory ends at 4 GiB), else in TypeScript. Results are the same bits. Only one at a time:
 * the memory of the last is used again.
 */
export function openKernels(sizes: PlaneSizes): PlaneKernels {
  try {
    return wasmKernels(sizes);
  } catch {
    return typescriptKernels(sizes);
  }
}
