import type { Addon } from './addon.js';
import { Region } from './region.js';

/** Memory of one tensor that came from a {@link BufferPool}. */
export interface Block {
  readonly region: Region;
  readonly offset: number;
  readonly bytes: number;
}

/** Smaller tensors live in ordinary typed arrays: V8 makes those faster than the pool would. */
export const SMALLEST_POOLED = 1 << 15;
const GRAIN = 1 << 16;
/**
 * Address space taken at once, the most that Node 20 allows in one buffer; the system supplies memory
 * only for what is touched, but Windows counts all of it as used, so less there. One large region leaves
 * fewer unusable holes than several.
 */
const REGION_BYTES = process.platform === 'win32' ? 2 ** 30 : 2 ** 32;
const SMALLEST_REGION_BYTES = 2 ** 26;

/**
 * Memory for tensors, cut from large regions and joined again when tensors are disposed. The smallest
 * hole that fits is taken, so that a step of a training loop finds the memory of the step before: pages
 * that were touched once are not given back and faulted in anew, which costs more than most kernels.
 * What is held is the highest sum of live tensors so far and a few percent for holes.
 */
export class BufferPool {
  readonly #regions: Region[] = [];
  #liveBytes = 0;
  #peakBytes = 0;

  constructor(private readonly addon: Addon) {}

  get liveBytes(): number {
    return this.#liveBytes;
  }
  /** Memory that was touched and is not in use. */
  get idleBytes(): number {
    return this.#regions.reduce((sum, region) => sum + region.touched, 0) - this.#liveBytes;
  }
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** A block of at least `bytes`, contents undefined. */
  take(bytes: number): Block {
    const size = Math.ceil(bytes / GRAIN) * GRAIN;
    let best: Region | undefined;
    let bestMisfit = Number.POSITIVE_INFINITY;
    for (const region of this.#regions) {
      const misfit = region.misfit(size);
      if (misfit < bestMisfit) {
        bestMisfit = misfit;
        best = region;
      }
    }
    const region = best ?? this.#addRegion(size);
    const block = { region, offset: region.take(size), bytes: size };
    this.#liveBytes += size;
    this.#peakBytes = Math.max(this.#peakBytes, this.#liveBytes);
    return block;
  }

  /** Takes back a block that no tensor and no view in use refers to. */
  give(block: Block): void {
    block.region.give(block.offset, block.bytes);
    this.#liveBytes -= block.bytes;
  }

  /** Gives all idle memory back to the system. */
  trim(): void {
    for (let i = this.#regions.length - 1; i >= 0; i--) {
      const region = this.#regions[i];
      if (region.empty) {
        region.release();
        this.#regions.splice(i, 1);
      } else region.discard();
    }
    this.#peakBytes = this.#liveBytes;
  }

  #addRegion(size: number): Region {
    let region: Region;
    try {
      region = new Region(this.addon, Math.max(size, REGION_BYTES));
    } catch {
      // Where address space is limited (ulimit, strict overcommit) a smaller region may still do.
      region = new Region(this.addon, Math.max(size, SMALLEST_REGION_BYTES));
    }
    this.#regions.push(region);
    return region;
  }
}
