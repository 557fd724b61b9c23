import type { Addon } from './addon.js';

/** A hole in a region. */
interface Hole {
  offset: number;
  bytes: number;
}

/** One piece of address space from which blocks are cut. Sizes and offsets are multiples of a page. */
export class Region {
  readonly buffer: ArrayBuffer;
  readonly #handle = new BigUint64Array(1);
  /** By offset; neighbours are joined. */
  #holes: Hole[];
  #touched = 0;

  /** Throws when the system has no such address space. */
  constructor(
    private readonly addon: Addon,
    readonly bytes: number,
  ) {
    this.buffer = addon.allocate(bytes, this.#handle);
    this.#holes = [{ offset: 0, bytes }];
  }

  /** Bytes for which the system supplies memory, at most. */
  get touched(): number {
    return this.#touched;
  }

  get empty(): boolean {
    return this.#holes.length === 1 && this.#holes[0].bytes === this.bytes;
  }

  /**
   * How badly `size` bytes fit here: the size of the smallest hole that has them, more where that means
   * to touch new memory, infinity where there is none.
   */
  misfit(size: number): number {
    return this.#bestHole(size).misfit;
  }

  /** Cuts `size` bytes from the hole that fits best and returns their offset. */
  take(size: number): number {
    const { index } = this.#bestHole(size);
    const hole = this.#holes[index];
    const { offset } = hole;
    if (hole.bytes === size) this.#holes.splice(index, 1);
    else {
      hole.offset += size;
      hole.bytes -= size;
    }
    this.#touched = Math.max(this.#touched, offset + size);
    return offset;
  }

  give(offset: number, size: number): void {
    let index = this.#holes.findIndex((hole) => hole.offset > offset);
    if (index < 0) index = this.#holes.length;
    const before = this.#holes[index - 1];
    const after = this.#holes[index];
    const joinsBefore = before !== undefined && before.offset + before.bytes === offset;
    const joinsAfter = after !== undefined && offset + size === after.offset;
    if (joinsBefore && joinsAfter) {
      before.bytes += size + after.bytes;
      this.#holes.splice(index, 1);
    } else if (joinsBefore) before.bytes += size;
    else if (joinsAfter) {
      after.offset = offset;
      after.bytes += size;
    } else this.#holes.splice(index, 0, { offset, bytes: size });
  }

  /** Gives the memory of the holes back to the system; the address space stays. */
  discard(): void {
    for (const { offset, bytes } of this.#holes) this.addon.discard(this.buffer, offset, bytes);
    this.#touched = this.bytes - this.#holes.reduce((sum, hole) => sum + hole.bytes, 0);
  }

  #bestHole(size: number): { index: number; misfit: number } {
    let best = -1;
    let misfit = Number.POSITIVE_INFINITY;
    this.#holes.forEach(({ offset, bytes }, index) => {
      if (bytes < size) return;
      const cost = offset + size > this.#touched ? bytes + this.bytes : bytes;
      if (cost < misfit) {
        misfit = cost;
        best = index;
      }
    });
    return { index: best, misfit };
  }

  /** Gives everything back. No view of the region may be in use. */
  release(): void {
    this.addon.release(this.buffer, this.#handle);
  }
}
