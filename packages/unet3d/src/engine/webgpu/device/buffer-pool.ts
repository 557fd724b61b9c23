/** Makes a buffer on the device. */
export type MakeBuffer = (descriptor: GPUBufferDescriptor) => GPUBuffer;

/** A free buffer may be this much larger than what is asked for. */
const SLACK = 1 / 8;
/** Sizes are rounded up to whole vectors of four floats. */
const VECTOR = 16;

/** A buffer nobody uses. */
interface Free {
  readonly buffer: GPUBuffer;
  /** Number of the submission whose commands used it last. */
  readonly submission: number;
}

/** Rounds a number of bytes up to whole vectors. */
export function wholeVectors(bytes: number): number {
  return Math.max(VECTOR, Math.ceil(bytes / VECTOR) * VECTOR);
}

/**
 * Buffers that are used again. Commands run in order, so that one which is released may be given out at once, even while earlier
 * commands have yet to use it; only what is written from outside the command order must wait for their submission.
 */
export class BufferPool {
  /** Bytes of all buffers that there are. */
  numBytesAllocated = 0;
  /** Bytes of the buffers in use. */
  numBytesUsed = 0;
  /** The most that `numBytesAllocated` has been. */
  peakBytesAllocated = 0;
  /** The most that `numBytesUsed` has been. */
  peakBytesUsed = 0;
  /** Number of the submission that is being recorded. */
  submission = 0;
  private readonly make: MakeBuffer;
  private readonly free = new Map<GPUBufferUsageFlags, Map<number, Free[]>>();
  private readonly used = new Set<GPUBuffer>();

  constructor(make: MakeBuffer) {
    this.make = make;
  }

  /**
   * A buffer of at least `size` bytes.
   * @param idle - Whether no command that is still being recorded may use it, as writes from outside the command order need.
   */
  acquireBuffer(
    size: number,
    usage: GPUBufferUsageFlags,
    mappedAtCreation = false,
    reuse = true,
    idle = false,
  ): GPUBuffer {
    const bytes = wholeVectors(size);
    const buffer =
      (reuse && this.takeFree(bytes, usage, idle)) || this.create(bytes, usage, mappedAtCreation);
    this.used.add(buffer);
    this.numBytesUsed += buffer.size;
    this.peakBytesUsed = Math.max(this.peakBytesUsed, this.numBytesUsed);
    return buffer;
  }

  /** Gives a buffer back; destroyed when it is not to be used again. */
  releaseBuffer(buffer: GPUBuffer, reuse = true): void {
    if (!this.used.delete(buffer)) return;
    this.numBytesUsed -= buffer.size;
    if (!reuse) {
      this.destroy(buffer);
      return;
    }
    let sizes = this.free.get(buffer.usage);
    if (!sizes) {
      sizes = new Map();
      this.free.set(buffer.usage, sizes);
    }
    const same = sizes.get(buffer.size);
    const entry = { buffer, submission: this.submission };
    if (same) same.push(entry);
    else sizes.set(buffer.size, [entry]);
  }

  /** Destroys what nobody uses and no unsubmitted command needs; returns the number of bytes. */
  trim(): number {
    const before = this.numBytesAllocated;
    for (const sizes of this.free.values()) {
      for (const [size, entries] of sizes) {
        const kept = entries.filter(({ submission }) => submission === this.submission);
        for (const { buffer, submission } of entries) {
          if (submission !== this.submission) this.destroy(buffer);
        }
        if (kept.length > 0) sizes.set(size, kept);
        else sizes.delete(size);
      }
    }
    return before - this.numBytesAllocated;
  }

  /** Starts measuring the peaks anew. */
  resetPeaks(): void {
    this.peakBytesAllocated = this.numBytesAllocated;
    this.peakBytesUsed = this.numBytesUsed;
  }

  /** Destroys everything. */
  dispose(): void {
    for (const buffer of this.used) this.destroy(buffer);
    this.used.clear();
    this.numBytesUsed = 0;
    for (const sizes of this.free.values()) {
      for (const entries of sizes.values()) for (const { buffer } of entries) this.destroy(buffer);
    }
    this.free.clear();
  }

  private takeFree(
    bytes: number,
    usage: GPUBufferUsageFlags,
    idle: boolean,
  ): GPUBuffer | undefined {
    const sizes = this.free.get(usage);
    if (!sizes) return undefined;
    const most = bytes * (1 + SLACK);
    let best: number | undefined;
    for (const [size, entries] of sizes) {
      if (size < bytes || size > most || (best !== undefined && size >= best)) continue;
      if (idle && !entries.some(({ submission }) => submission < this.submission)) continue;
      best = size;
      if (size === bytes) break;
    }
    const entries = best === undefined ? undefined : sizes.get(best);
    if (best === undefined || !entries) return undefined;
    const at = idle
      ? entries.findIndex(({ submission }) => submission < this.submission)
      : entries.length - 1;
    const [{ buffer }] = entries.splice(at, 1);
    if (entries.length === 0) sizes.delete(best);
    return buffer;
  }

  private create(size: number, usage: GPUBufferUsageFlags, mappedAtCreation: boolean): GPUBuffer {
    const buffer = this.make({ size, usage, mappedAtCreation });
    this.numBytesAllocated += size;
    this.peakBytesAllocated = Math.max(this.peakBytesAllocated, this.numBytesAllocated);
    return buffer;
  }

  private destroy(buffer: GPUBuffer): void {
    this.numBytesAllocated -= buffer.size;
    buffer.destroy();
  }
}
