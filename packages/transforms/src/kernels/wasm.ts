import { seedBlock, seedStream } from '@genesis/core';
import type { Shape3 } from '../api.js';
import type { BezierTable } from '../deformations/bezier-table.js';
import type { Kernels, Workspace } from './api.js';
import { noiseStates } from './noise.js';
import { wasmBytes } from './wasm-bytes.js';

/** What kernels.c exports; pointers are byte offsets. */
interface Exports {
  inRange(values: number, n: number): number;
  flip(from: number, to: number, nx: number, ny: number, nz: number, axes: number): void;
  noise(out: number, n: number, mask: number, states: number): void;
  addNormal(from: number, to: number, n: number, deviation: number, states: number): void;
  box(volume: number, ny: number, nz: number, values: number, box: number): void;
  keepBox(mask: number, ny: number, nz: number, box: number): void;
  mapIntensity(values: number, n: number, table: number, cells: number, mask: number): void;
  drawWindows(windows: number, count: number, shape: number, maxSize: number, state: number): void;
  shuffle(job: number): void;
}

declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number });
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

const PAGE = 65536;
/** The first page is the stack; these follow: small arguments, then the volumes. */
const ARGUMENTS = PAGE;
const ARGUMENTS_SIZE = 1024;
const VOLUMES = ARGUMENTS + ARGUMENTS_SIZE;
/** Vector loads may read a little beyond the end of an array. */
const GUARD = 16;

const align = (bytes: number): number => Math.ceil((bytes + GUARD) / 64) * 64;

/** The inner loops in WebAssembly SIMD. Throws where that is not available. */
export function wasmKernels(): Kernels {
  const bytes = Uint8Array.from(atob(wasmBytes), (character) => character.charCodeAt(0));
  const memory = new WebAssembly.Memory({ initial: 4 });
  let table: BezierTable | null = null;
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: { memory, exact: (value: number) => (table as BezierTable).exact(value) },
  });
  const run = instance.exports as Exports;

  /** Makes the memory at least so large. Its old views die with it. */
  function reserve(end: number): void {
    const missing = end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  }

  function open(shape: Shape3, channels: number, inPlace: boolean): Workspace {
    const [nx, ny, nz] = shape;
    const size = nx * ny * nz;
    const original = VOLUMES;
    const result = inPlace ? original : original + align(4 * size * channels);
    const mask = result + align(4 * size * channels);
    const scratch = mask + align(size);
    // Noise of one box, or a curve's table; shuffling asks for what it needs itself.
    reserve(scratch + align(4 * size));
    const words = (at: number, values: ArrayLike<number>): number => {
      new Int32Array(memory.buffer, at, values.length).set(values);
      return at;
    };
    const channelOf = (volume: number, channel: number): number => volume + 4 * size * channel;
    return {
      shape,
      channels,
      // Views are made when asked for, because growing the memory invalidates them.
      get original() {
        return new Float32Array(memory.buffer, original, size * channels);
      },
      get result() {
        return new Float32Array(memory.buffer, result, size * channels);
      },
      get mask() {
        return new Uint8Array(memory.buffer, mask, size);
      },
      inRange: () => run.inRange(original, size * channels) === 1,
      flip(axes) {
        for (let c = 0; c < channels; c++) {
          run.flip(channelOf(original, c), channelOf(result, c), nx, ny, nz, axes);
        }
      },
      shuffle({ count, maxSize, seed }, masked) {
        const largest = maxSize[0] * maxSize[1] * maxSize[2];
        const windows = scratch;
        const done = windows + align(24 * count);
        const values = done + align(nx * ny * Math.ceil(nz / 8));
        const groups = values + align(4 * largest);
        reserve(groups + align(largest));
        const shapeAt = words(ARGUMENTS, shape);
        const key = words(ARGUMENTS + 64, seedBlock(seed, 1));
        run.drawWindows(
          windows,
          count,
          shapeAt,
          words(ARGUMENTS + 128, maxSize),
          words(ARGUMENTS + 192, seedStream(seed)),
        );
        const job = [original, result, channels, count, windows, shapeAt, masked ? mask : 0, key];
        run.shuffle(words(ARGUMENTS + 256, [...job, done, values, groups]));
      },
      mapIntensity(channel, curve, masked) {
        reserve(scratch + align(curve.entries.byteLength));
        new Float32Array(memory.buffer, scratch, curve.entries.length).set(curve.entries);
        table = curve;
        run.mapIntensity(channelOf(result, channel), size, scratch, curve.cells, masked ? mask : 0);
      },
      noise(channel, seed) {
        const states = words(ARGUMENTS, noiseStates(seed, channel));
        run.noise(channelOf(result, channel), size, mask, states);
      },
      keepBox: ({ start, size: extent }) =>
        run.keepBox(mask, ny, nz, words(ARGUMENTS, [...start, ...extent])),
      noiseBox(box, seed) {
        const states = words(ARGUMENTS, noiseStates(seed, 0));
        run.noise(scratch, box.size[0] * box.size[1] * box.size[2], 0, states);
        const at = words(ARGUMENTS + 64, [...box.start, ...box.size]);
        for (let c = 0; c < channels; c++) run.box(channelOf(result, c), ny, nz, scratch, at);
      },
      addNormal(deviation, seed) {
        const states = words(ARGUMENTS, noiseStates(seed, 0));
        run.addNormal(original, result, size * channels, deviation, states);
      },
    };
  }

  return { name: 'wasm', open };
}
