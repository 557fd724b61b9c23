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

/** The inner loops in WebAssembly SIMD. Throws where it is not available, or its memory too small. */
export function wasmSums({ voxels, channels, shares }: SumsSizes): SumsKernels {
  module ??= compileWasm(wasmBytes);
  const heap = new WasmHeap<Exports>(module);
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
  };
}
