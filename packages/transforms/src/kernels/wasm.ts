import { compileWasm, seedBlock, seedStream, WasmHeap } from '@genesis/core';
import type { Shape3 } from '../api.js';
import type { Kernels, Workspace } from './api.js';
import type { BezierTable } from './bezier-table.js';
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

/** Room for the small arguments of a call. */
const ARGUMENTS_SIZE = 1024;
/** Vector loads may read a little beyond the end of an array. */
const GUARD = 16;
const ALIGN = 64;

/** The inner loops in WebAssembly SIMD. Throws where that is not available. */
export function wasmKernels(): Kernels {
  let table: BezierTable | null = null;
  const heap = new WasmHeap<Exports>(compileWasm(wasmBytes), {
    exact: (value: number) => (table as BezierTable).exact(value),
  });
  const { run } = heap;

  function open(shape: Shape3, channels: number, inPlace: boolean): Workspace {
    const [nx, ny, nz] = shape;
    const size = nx * ny * nz;
    const room = (bytes: number): number => heap.reserve(bytes + GUARD, ALIGN);
    heap.reset();
    const args = heap.reserve(ARGUMENTS_SIZE, ALIGN);
    const original = room(4 * size * channels);
    const result = inPlace ? original : room(4 * size * channels);
    const mask = room(size);
    // Noise of one box at most; a curve's table and the shuffling ask for what they need themselves.
    const scratch = room(4 * size);
    // The memory grows now, so that a volume that is too large is refused here.
    void heap.buffer;
    const words = (at: number, values: ArrayLike<number>): number => {
      new Int32Array(heap.buffer, at, values.length).set(values);
      return at;
    };
    const channelOf = (volume: number, channel: number): number => volume + 4 * size * channel;
    return {
      shape,
      channels,
      // Views are made when asked for, because growing the memory invalidates them.
      get original() {
        return new Float32Array(heap.buffer, original, size * channels);
      },
      get result() {
        return new Float32Array(heap.buffer, result, size * channels);
      },
      get mask() {
        return new Uint8Array(heap.buffer, mask, size);
      },
      inRange: () => run.inRange(original, size * channels) === 1,
      flip(axes) {
        for (let c = 0; c < channels; c++) {
          run.flip(channelOf(original, c), channelOf(result, c), nx, ny, nz, axes);
        }
      },
      shuffle({ count, maxSize, seed }, masked) {
        const largest = maxSize[0] * maxSize[1] * maxSize[2];
        heap.reset(scratch);
        const windows = room(24 * count);
        const done = room(nx * ny * Math.ceil(nz / 8));
        const values = room(4 * largest);
        const groups = room(largest);
        const shapeAt = words(args, shape);
        const key = words(args + 64, seedBlock(seed, 1));
        run.drawWindows(
          windows,
          count,
          shapeAt,
          words(args + 128, maxSize),
          words(args + 192, seedStream(seed)),
        );
        const job = [original, result, channels, count, windows, shapeAt, masked ? mask : 0, key];
        run.shuffle(words(args + 256, [...job, done, values, groups]));
      },
      mapIntensity(channel, curve, masked) {
        heap.reset(scratch);
        room(curve.entries.byteLength);
        new Float32Array(heap.buffer, scratch, curve.entries.length).set(curve.entries);
        table = curve;
        run.mapIntensity(channelOf(result, channel), size, scratch, curve.cells, masked ? mask : 0);
      },
      noise(channel, seed) {
        const states = words(args, noiseStates(seed, channel));
        run.noise(channelOf(result, channel), size, mask, states);
      },
      keepBox: ({ start, size: extent }) =>
        run.keepBox(mask, ny, nz, words(args, [...start, ...extent])),
      noiseBox(box, seed) {
        const states = words(args, noiseStates(seed, 0));
        run.noise(scratch, box.size[0] * box.size[1] * box.size[2], 0, states);
        const at = words(args + 64, [...box.start, ...box.size]);
        for (let c = 0; c < channels; c++) run.box(channelOf(result, c), ny, nz, scratch, at);
      },
      addNormal(deviation, seed) {
        const states = words(args, noiseStates(seed, 0));
        run.addNormal(original, result, size * channels, deviation, states);
      },
    };
  }

  return { name: 'wasm', open };
}
