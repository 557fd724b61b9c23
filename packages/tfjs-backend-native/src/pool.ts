import type { Addon } from './addon.js';

/** Memory of one tensor that came from a {@link BufferPool}. */
export interface Block {
  readonly buffer: ArrayBuffer;
  readonly handle: BigUint64Array;
  readonly bytes: number;
}

/** Smaller tensors live in ordinary typed arrays: V8 makes those faster than the pool would. */
export const SMALLEST_POOLED = 1 << 15;
const GRAIN = 1 << 16;
/** An idle block may be this much larger than what is asked. */
const LOOSE = 1.25;

/**
 * Keeps the memory of disposed tensors for the next ones. It never lets the process hold more than its
 * live tensors once needed: before the sum of live and idle blocks would pass the highest sum of live
 * blocks so far, the blocks that are idle for longest are given back to the system.
 */
export class BufferPool {
  /** Idle blocks, the longest idle first. */
  readonly #idle: Block[] = [];
  #idleBytes = 0;
  #liveBytes = 0;
  #peakBytes = 0;

  constructor(private readonly addon: Addon) {}

  get liveBytes(): number {
    return this.#liveBytes;
  }
  get idleBytes(): number {
    return this.#idleBytes;
  }
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** A block of at least `bytes`, contents undefined. */
  take(bytes: number): Block {
    const size = Math.ceil(bytes / GRAIN) * GRAIN;
    const block = this.#takeIdle(size) ?? this.#allocate(size);
    this.#liveBytes += block.bytes;
    this.#peakBytes = Math.max(this.#peakBytes, this.#liveBytes);
    return block;
  }

  /** Takes back a block that no tensor and no view in use refers to. */
  give(block: Block): void {
    this.#liveBytes -= block.bytes;
    this.#idleBytes += block.bytes;
    this.#idle.push(block);
  }

  /** Leaves a block to the garbage collector, because its views may still be in use. */
  forget(block: Block): void {
    this.#liveBytes -= block.bytes;
  }

  /** Gives all idle memory back to the system. */
  trim(): void {
    while (this.#idle.length > 0) this.#releaseOldest();
    this.#peakBytes = this.#liveBytes;
  }

  #takeIdle(size: number): Block | undefined {
    let best = -1;
    for (let i = this.#idle.length - 1; i >= 0; i--) {
      const bytes = this.#idle[i]!.bytes;
      if (bytes < size || bytes > size * LOOSE) continue;
      if (best < 0 || bytes < this.#idle[best]!.bytes) best = i;
    }
    if (best < 0) return undefined;
    const [block] = this.#idle.splice(best, 1);
    this.#idleBytes -= block!.bytes;
    return block;
  }

  #allocate(size: number): Block {
    const limit = Math.max(this.#peakBytes, this.#liveBytes + size);
    while (this.#idle.length > 0 && this.#liveBytes + this.#idleBytes + size > limit) {
      this.#releaseOldest();
    }
    const handle = new BigUint64Array(1);
    return { buffer: this.addon.allocate(size, handle), handle, bytes: size };
  }

  #releaseOldest(): void {
    const block = this.#idle.shift()!;
    this.#idleBytes -= block.bytes;
    this.addon.release(block.buffer, block.handle);
  }
}
