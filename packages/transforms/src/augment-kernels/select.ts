import { compileWasm, WasmHeap } from '@genesis/core';
import { kernelsInUse } from '../kernels/select.js';
import type { AugmentKernels, AugmentLoops } from './api.js';
import { typescriptAugmentKernels } from './typescript.js';
import { wasmBytes } from './wasm-bytes.js';

let current: AugmentKernels | null = null;

function wasmAugmentKernels(): AugmentKernels {
  const heap = new WasmHeap<AugmentLoops>(compileWasm(wasmBytes));
  return { name: 'wasm', heap, run: heap.run };
}

/** The inner loops of this thread, of the kind that `selectKernels` chose. */
export function augmentKernels(): AugmentKernels {
  const wanted = kernelsInUse();
  if (current?.name !== wanted) {
    current = wanted === 'wasm' ? wasmAugmentKernels() : typescriptAugmentKernels();
  }
  return current;
}
