import { copyStrided, type NumberArray, type Vec3 } from '@genesis/core';
import type { NdArray } from 'ndarray';
import type { PlaneKernels, PlaneSizes, RowKernels, VolumeKernels } from './api.js';
import { wasmBytes } from './wasm-bytes.js';

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

const PAGE = 65536;
const FLOAT = 4;
const DOUBLE = 8;
/** Rows are worked on by four voxels, and one voxel beyond a plane or a volume is read. */
const BEYOND = 4;

let module: WebAssembly.Module | undefined;

class Loops {
  readonly run: Exports;
  private readonly memory = new WebAssembly.Memory({ initial: 1 });
  /** The first page is the stack's. */
  private end = PAGE;

  constructor() {
    module ??= new WebAssembly.Module(
      Uint8Array.from(atob(wasmBytes), (character) => character.charCodeAt(0)),
    );
    const instance = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    this.run = instance.exports as Exports;
  }

  /** Forgets what was reserved. */
  reset(): void {
    this.end = PAGE;
  }

  /** Where there is room for so many voxels. */
  reserve(voxels: number, size = DOUBLE): number {
    const at = this.end;
    this.end = Math.ceil((at + size * (voxels + BEYOND)) / DOUBLE) * DOUBLE;
    return at;
  }

  /** The memory, large enough for all that was reserved. Throws RangeError where it cannot be. */
  buffer(): ArrayBuffer {
    const missing = Math.ceil((this.end - this.memory.buffer.byteLength) / PAGE);
    if (missing > 0) this.memory.grow(missing);
    return this.memory.buffer;
  }
}

let planeLoops: Loops | undefined;

/**
 * The inner loops of planes in WebAssembly SIMD. Their memory serves the next call too: what an earlier one gave is no
 * longer valid. Throws where WebAssembly is not available, or its memory too small.
 */
export function wasmPlanes({ plane, row: count, raw = 0 }: PlaneSizes): PlaneKernels {
  planeLoops ??= new Loops();
  planeLoops.reset();
  const loops = planeLoops;
  const { run } = loops;
  const rawAt = loops.reserve(raw);
  const firstsAt = loops.reserve(count);
  const partsAt = loops.reserve(count);
  const planesAt = [loops.reserve(plane), loops.reserve(plane)] as const;
  const sheetAt = loops.reserve(plane);
  const rowAt = loops.reserve(count);
  const outAt = loops.reserve(count);
  const buffer = loops.buffer();
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
  const loops = new Loops();
  const { run } = loops;
  const rowAt = loops.reserve(count);
  const outAt = loops.reserve(count);
  const voxelsAt = loops.reserve(slots * size, FLOAT);
  const buffer = loops.buffer();
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
      const layout = { offset: data.lo(0, 0, end).offset, stride: data.stride as Vec3 };
      const into = { offset: at, stride: [1, nx, size] as Vec3 };
      copyStrided(data.data, layout, voxels, into, [nx, ny, planes]);
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
