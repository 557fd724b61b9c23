import { compileWasm, WasmHeap, type WasmModule } from '@genesis/core';
import type { SumsKernels, SumsSizes } from './api.js';
import { wasmBytes } from './wasm-bytes.js';

/** What window-sums.c exports; pointers are byte offsets. */
interface Exports {
  add(
    values: number,
    shares: number,
    sums: number,
    totals: number,
    channels: number,
    ni: number,
    nj: number,
    nk: number,
    from: number,
    fromPlane: number,
    fromRow: number,
    to: number,
    toPlane: number,
    toRow: number,
  ): void;
  divide(sums: number, totals: number, channels: number, count: number): void;
}

const FLOAT = Float32Array.BYTES_PER_ELEMENT;

let module: WasmModule | undefined;

/**
 * The last memory that was given back. It may be collected like any other; until then it is used again, since two would
 * otherwise be there at a time: one that waits for its collection, and a new one.
 */
let spare: WeakRef<WasmHeap<Exports>> | undefined;

function takeHeap(): WasmHeap<Exports> {
  module ??= compileWasm(wasmBytes);
  const heap = spare?.deref() ?? new WasmHeap<Exports>(module);
  spare = undefined;
  heap.reset();
  return heap;
}

/** The inner loops in WebAssembly SIMD. Throws where it is not available, or its memory too small. */
export function wasmSums({ voxels, channels, shares }: SumsSizes): SumsKernels {
  const heap = takeHeap();
  const { run } = heap;
  const [sharesAt, valuesAt, totalsAt, sumsAt] = [
    shares.length,
    shares.length * channels,
    voxels,
    voxels * channels,
  ].map((count) => heap.reserve(FLOAT * count, 16));
  const view = (at: number, count: number) => new Float32Array(heap.buffer, at, count);
  const values = view(valuesAt, shares.length * channels);
  view(sharesAt, shares.length).set(shares);
  return {
    sums: view(sumsAt, voxels * channels),
    totals: view(totalsAt, voxels),
    add(given, [ni, nj, nk], from, to) {
      values.set(given);
      run.add(
        ...([valuesAt, sharesAt, sumsAt, totalsAt, channels, ni, nj, nk] as const),
        ...([from.offset, from.plane, from.row, to.offset, to.plane, to.row] as const),
      );
    },
    divide(first, end) {
      const at = FLOAT * first;
      run.divide(sumsAt + at * channels, totalsAt + at, channels, end - first);
    },
    release() {
      spare = new WeakRef(heap);
    },
  };
}
