import type { Heap } from './api.js';

/** Views of a heap; each is good until the heap grows. */
export const floats = ({ buffer }: Heap, at: number, length: number): Float32Array<ArrayBuffer> =>
  new Float32Array(buffer, at, length);
export const doubles = ({ buffer }: Heap, at: number, length: number): Float64Array<ArrayBuffer> =>
  new Float64Array(buffer, at, length);
export const words = ({ buffer }: Heap, at: number, length: number): Int32Array<ArrayBuffer> =>
  new Int32Array(buffer, at, length);
export const halves = ({ buffer }: Heap, at: number, length: number): Uint16Array<ArrayBuffer> =>
  new Uint16Array(buffer, at, length);
export const bytes = ({ buffer }: Heap, at: number, length: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(buffer, at, length);
