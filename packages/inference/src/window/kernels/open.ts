import type { SumsKernels, SumsSizes } from './api.js';
import { typescriptSums } from './typescript.js';
import { wasmSums } from './wasm.js';

/**
 * The inner loops: in WebAssembly where it may run (very old engines have none, a page's policy can forbid it, and its memory
 * ends at 4 GiB), else in TypeScript. Results are the same bits.
 */
export function openSums(sizes: SumsSizes): SumsKernels {
  try {
    return wasmSums(sizes);
  } catch {
    return typescriptSums(sizes);
  }
}
