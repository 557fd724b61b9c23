import type { Heap } from './api.js';

/** Grows in steps of this many bytes. */
const PAGE = 65536;

/** The heap of the loops in TypeScript: an ArrayBuffer that is replaced by a larger one. */
export class PlainHeap implements Heap {
  private memory = new ArrayBuffer(0);
  private end = PAGE;

  reset(to = PAGE): void {
    this.end = to;
  }

  reserve(bytes: number, align = 8): number {
    const at = Math.ceil(this.end / align) * align;
    this.end = at + bytes;
    return at;
  }

  get buffer(): ArrayBuffer {
    if (this.end > this.memory.byteLength) {
      const grown = new ArrayBuffer(Math.ceil(this.end / PAGE) * PAGE);
      new Uint8Array(grown).set(new Uint8Array(this.memory));
      this.memory = grown;
    }
    return this.memory;
  }
}
