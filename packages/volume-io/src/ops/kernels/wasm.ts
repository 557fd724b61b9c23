import type { PlaneKernels, PlaneSizes } from './api.js';
import { wasmBytes } from './wasmBytes.js';

declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: unknown;
  }
}

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
  roundRow(row: number, count: number, out: number): void;
  narrowRow(row: number, count: number, out: number): void;
}

const PAGE = 65536;
const DOUBLE = 8;
/** Rows are worked on by four voxels, and one voxel beyond a plane is read. */
const BEYOND = 4;

let started: { memory: WebAssembly.Memory; run: Exports } | undefined;

function start(): { memory: WebAssembly.Memory; run: Exports } {
  const bytes = Uint8Array.from(atob(wasmBytes), (character) => character.charCodeAt(0));
  const memory = new WebAssembly.Memory({ initial: 1 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return { memory, run: instance.exports as Exports };
}

/**
 * The inner loops in WebAssembly SIMD. Their memory serves the next call too: what an earlier one gave is no longer valid.
 * Throws where WebAssembly is not available, or its memory too small.
 */
export function wasmKernels({ plane, row: count, raw = 0 }: PlaneSizes): PlaneKernels {
  started ??= start();
  const { memory, run } = started;
  // The first page is the stack's.
  let end = PAGE;
  const reserve = (voxels: number): number => {
    const at = end;
    end += DOUBLE * (voxels + BEYOND);
    return at;
  };
  const rawAt = reserve(raw);
  const firstsAt = reserve(count);
  const partsAt = reserve(count);
  const planesAt = [reserve(plane), reserve(plane)] as const;
  const sheetAt = reserve(plane);
  const rowAt = reserve(count);
  const outAt = reserve(count);
  const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE);
  if (missing > 0) memory.grow(missing);
  const { buffer } = memory;
  const doubles = (at: number, length: number): Float64Array =>
    new Float64Array(buffer, at, length);
  const row = doubles(rowAt, count);
  const floats = new Float32Array(buffer, outAt, count);
  const signed = new Int32Array(buffer, outAt, count);
  const unsigned = new Uint32Array(buffer, outAt, count);
  return {
    raw: doubles(rawAt, raw),
    firsts: new Int32Array(buffer, firstsAt, count),
    parts: doubles(partsAt, count),
    planes: [doubles(planesAt[0], plane), doubles(planesAt[1], plane)],
    sheet: doubles(sheetAt, plane),
    row,
    stretch: (from, into, at) =>
      run.stretch(rawAt + DOUBLE * from, firstsAt, partsAt, planesAt[into]! + DOUBLE * at, count),
    mix(near, far, part, at, length) {
      const skip = DOUBLE * at;
      run.mix(planesAt[near]! + skip, planesAt[far]! + skip, part, sheetAt + skip, length);
    },
    mixRows: (near, far, part) =>
      run.mix(sheetAt + DOUBLE * near, sheetAt + DOUBLE * far, part, rowAt, count),
    bilinear: (nx, lo, hi, x0, y0, dx, dy) =>
      run.bilinear(sheetAt, nx, rowAt, lo, hi, x0, y0, dx, dy),
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
