import { seedBlock } from '@genesis/core';
import type { Shape3 } from '../api.js';
import type { Kernels, Workspace } from './api.js';
import { lookUp } from './bezier-table.js';
import { drawWindows } from './draw-windows.js';
import { fillNoise, noiseStates } from './noise.js';
import { addNormal } from './normal.js';
import { type ShuffleScratch, shuffle, shuffleScratch } from './shuffle.js';

/** Memory that serves one volume after another. */
interface Arena {
  original: Float32Array;
  result: Float32Array;
  mask: Uint8Array;
  done: Uint8Array;
  windows: Int32Array;
  values: Float32Array;
  scratch: ShuffleScratch;
}

/** The inner loops in TypeScript: where WebAssembly may not run, and what it is compared with. */
export function typescriptKernels(): Kernels {
  const arena: Arena = {
    original: new Float32Array(0),
    result: new Float32Array(0),
    mask: new Uint8Array(0),
    done: new Uint8Array(0),
    windows: new Int32Array(0),
    values: new Float32Array(0),
    scratch: shuffleScratch(0),
  };
  return {
    name: 'typescript',
    open(shape, channels, inPlace) {
      const size = shape[0] * shape[1] * shape[2];
      if (arena.mask.length < size) {
        arena.mask = new Uint8Array(size);
        arena.done = new Uint8Array(size);
      }
      if (arena.original.length < size * channels) {
        arena.original = new Float32Array(size * channels);
        arena.result = new Float32Array(size * channels);
      }
      return workspace(arena, shape, channels, inPlace);
    },
  };
}

function workspace(arena: Arena, shape: Shape3, channels: number, inPlace: boolean): Workspace {
  const size = shape[0] * shape[1] * shape[2];
  const original = arena.original.subarray(0, size * channels);
  const result = inPlace ? original : arena.result.subarray(0, size * channels);
  const mask = arena.mask.subarray(0, size);
  return {
    shape,
    channels,
    original,
    result,
    mask,
    inRange() {
      for (let i = 0; i < original.length; i++) {
        const v = original[i];
        if (!(v >= 0 && v <= 1)) return false;
      }
      return true;
    },
    flip(axes) {
      const [nx, ny, nz] = shape;
      for (let c = 0; c < channels; c++) {
        for (let x = 0; x < nx; x++) {
          for (let y = 0; y < ny; y++) {
            const fromX = axes & 1 ? nx - 1 - x : x;
            const fromY = axes & 2 ? ny - 1 - y : y;
            let from = c * size + (fromX * ny + fromY) * nz;
            const to = c * size + (x * ny + y) * nz;
            if (axes & 4) from += nz - 1;
            const step = axes & 4 ? -1 : 1;
            for (let z = 0; z < nz; z++) result[to + z] = original[from + z * step];
          }
        }
      }
    },
    shuffle(factors, masked) {
      const { count, maxSize } = factors;
      if (arena.windows.length < 6 * count) arena.windows = new Int32Array(6 * count);
      const largest = maxSize[0] * maxSize[1] * maxSize[2];
      if (arena.scratch.values.length <= largest) arena.scratch = shuffleScratch(largest);
      const { windows, done, scratch } = arena;
      drawWindows(windows, factors, shape);
      if (masked) done.set(mask);
      else done.fill(0, 0, size);
      shuffle(
        { from: original, to: result, shape, channels, windows, count, done, scratch },
        seedBlock(factors.seed, 1),
      );
    },
    mapIntensity(channel, table, masked) {
      const start = channel * size;
      for (let i = 0; i < size; i++) {
        if (masked && mask[i] === 1) continue;
        result[start + i] = lookUp(table, result[start + i]);
      }
    },
    noise(channel, seed) {
      const out = result.subarray(channel * size, (channel + 1) * size);
      fillNoise(out, size, mask, noiseStates(seed, channel));
    },
    keepBox({ start, size: [sx, sy, sz] }) {
      for (let x = start[0]; x < start[0] + sx; x++) {
        for (let y = start[1]; y < start[1] + sy; y++) {
          const row = (x * shape[1] + y) * shape[2] + start[2];
          mask.fill(0, row, row + sz);
        }
      }
    },
    noiseBox({ start, size: [sx, sy, sz] }, seed) {
      const count = sx * sy * sz;
      if (arena.values.length < count) arena.values = new Float32Array(count);
      fillNoise(arena.values, count, null, noiseStates(seed, 0));
      for (let c = 0; c < channels; c++) {
        let j = 0;
        for (let x = 0; x < sx; x++) {
          for (let y = 0; y < sy; y++) {
            const row = c * size + ((start[0] + x) * shape[1] + start[1] + y) * shape[2] + start[2];
            for (let z = 0; z < sz; z++) result[row + z] = arena.values[j++];
          }
        }
      }
    },
    addNormal: (deviation, seed) => addNormal(original, result, deviation, noiseStates(seed, 0)),
  };
}
