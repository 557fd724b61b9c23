import {
  compileWasm,
  copyStrided,
  type NumberArray,
  WasmHeap,
  type WasmModule,
} from '@genesis/core';
import type { NdArray } from 'ndarray';
import type { PlaneKernels, PlaneSizes, RowKernels, VolumeKernels } from './api.js';
import { wasmBytes } from './wasm-bytes.js';

/** What resample.c exports; pointers are byte offsets. */
interface Exports {
  stretch(row: number, firsts: number, parts: number, out: number, count: number): void;
  mix(near: number, far: number, part: number, out: number, count: number): void;
  bilinear(
    sheet: number,
    nx: number,
    row: number,
    lo: number,
    hi: number,
    x0: number,
    y0: number,
    dx: number,
    dy: number,
  ): void;
  arePlain(values: number, count: number): number;
  trilinear(
    voxels: number,
    nx: number,
    plane: number,
    plain: number,
    row: number,
    lo: number,
    hi: number,
    x0: number,
    y0: number,
    z0: number,
    dx: number,
    dy: number,
    dz: number,
  ): void;
  roundRow(row: number, count: number, out: number): void;
  narrowRow(row: number, count: number, out: number): void;
}

const FLOAT = 4;
const DOUBLE = 8;
/** Rows are worked on by four voxels, and one voxel beyond a plane or a volume is read. */
const BEYOND = 4;

let module: WasmModule | undefined;

function openHeap(): WasmHeap<Exports> {
  module ??= compileWasm(wasmBytes);
  return new WasmHeap(module);
}

/** Where there is room for so many voxels of `size` bytes. */
function reserve(heap: WasmHeap<Exports>, voxels: number, size = DOUBLE): number {
  return heap.reserve(size * (voxels + BEYOND));
}

let planeHeap: WasmHeap<Exports> | undefined;

/**
 * The inner loops of planes in WebAssembly SIMD. Their memory serves the next call too: what an earlier one gave is no
 * longer valid. Throws where WebAssembly is not available, or its memory too small.
 */
export function wasmPlanes({ plane, row: count, raw = 0 }: PlaneSizes): PlaneKernels {
  planeHeap ??= openHeap();
  planeHeap.reset();
  const heap = planeHeap;
  const { run } = heap;
  const rawAt = reserve(heap, raw);
  const firstsAt = reserve(heap, count);
  const partsAt = reserve(heap, count);
  const planesAt = [reserve(heap, plane), reserve(heap, plane)] as const;
  const sheetAt = reserve(heap, plane);
  const rowAt = reserve(heap, count);
  const outAt = reserve(heap, count);
  const { buffer } = heap;
  const doubles = (at: number, length: number): Float64Array =>
    new Float64Array(buffer, at, length);
  return {
    ...rowKernels(run, buffer, rowAt, outAt, count),
    raw: doubles(rawAt, raw),
    firsts: new Int32Array(buffer, firstsAt, count),
    parts: doubles(partsAt, count),
    planes: [doubles(planesAt[0], plane), doubles(planesAt[1], plane)],
    sheet: doubles(sheetAt, plane),
    stretch: (from, into, at) =>
      run.stretch(rawAt + DOUBLE * from, firstsAt, partsAt, planesAt[into] + DOUBLE * at, count),
    mix(near, far, part, at, length) {
      const skip = DOUBLE * at;
      run.mix(planesAt[near] + skip, planesAt[far] + skip, part, sheetAt + skip, length);
    },
    mixRows: (near, far, part) =>
      run.mix(sheetAt + DOUBLE * near, sheetAt + DOUBLE * far, part, rowAt, count),
    bilinear: (nx, lo, hi, x0, y0, dx, dy) =>
      run.bilinear(sheetAt, nx, rowAt, lo, hi, x0, y0, dx, dy),
  };
}

/**
 * The inner loop of volumes in WebAssembly SIMD, for at most `most` planes at a time. Their memory is their own, and goes with
 * them. The voxels must be exact as float32. Throws where WebAssembly is not available, or its memory too small.
 */
export function wasmVolume(data: NdArray<NumberArray>, most: number, count: number): VolumeKernels {
  const [nx, ny, nz] = data.shape;
  const size = nx * ny;
  // Room for more planes than are needed, so that they seldom have to be moved.
  const slots = Math.min(nz, most + Math.max(8, most >> 1));
  const heap = openHeap();
  const { run } = heap;
  const rowAt = reserve(heap, count);
  const outAt = reserve(heap, count);
  const voxelsAt = reserve(heap, slots * size, FLOAT);
  const { buffer } = heap;
  const voxels = new Float32Array(buffer, voxelsAt, slots * size);
  let first = 0;
  let end = 0;
  let plain = true;
  return {
    ...rowKernels(run, buffer, rowAt, outAt, count),
    voxels,
    get first() {
      return first;
    },
    need(from, to) {
      if (to >= first + slots) {
        if (from < end) voxels.copyWithin(0, (from - first) * size, (end - first) * size);
        first = from;
        end = Math.max(end, from);
      }
      if (to < end) return;
      const planes = to + 1 - end;
      const at = (end - first) * size;
      const into = { offset: at, stride: [1, nx, size] };
      copyStrided(data.data, data.lo(0, 0, end), voxels, into, [nx, ny, planes]);
      plain &&= run.arePlain(voxelsAt + FLOAT * at, planes * size) === 1;
      end = to + 1;
    },
    trilinear: (lo, hi, x0, y0, z0, dx, dy, dz) => {
      const origin = voxelsAt - FLOAT * first * size;
      run.trilinear(origin, nx, size, plain ? 1 : 0, rowAt, lo, hi, x0, y0, z0, dx, dy, dz);
    },
  };
}

function rowKernels(
  run: Exports,
  buffer: ArrayBuffer,
  rowAt: number,
  outAt: number,
  count: number,
): RowKernels {
  const row = new Float64Array(buffer, rowAt, count);
  const floats = new Float32Array(buffer, outAt, count);
  const signed = new Int32Array(buffer, outAt, count);
  const unsigned = new Uint32Array(buffer, outAt, count);
  return {
    row,
    store(target, at) {
      if (target instanceof Float64Array) {
        target.set(row, at);
      } else if (target instanceof Float32Array) {
        run.narrowRow(rowAt, count, outAt);
        target.set(floats, at);
      } else {
        run.roundRow(rowAt, count, outAt);
        target.set(target instanceof Uint32Array ? unsigned : signed, at);
      }
    },
  };
}
