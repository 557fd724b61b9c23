import type { TypedArray } from '@genesis/core';
import type { ReadSlabsOpts, ReadVoxelsOpts, Region, VolumeHeader } from '../api.js';
import type { OpenedVolume } from '../formats/common/api.js';
import type { Volume } from '../voxels/volume.js';
import { guardRead } from './guard-read.js';

/** A volume that several handles read from: what it holds open is let go of when none is left. */
export class SharedVolume {
  private handles = 0;
  private released: Promise<void> = Promise.resolve();

  /** @param name - For messages. */
  constructor(
    readonly name: string,
    private readonly volume: OpenedVolume,
  ) {}

  get header(): VolumeHeader {
    return this.volume.header;
  }

  /** Counts one more handle. */
  hold(): void {
    this.handles++;
  }

  async read(opts: ReadVoxelsOpts, region?: Region): Promise<Volume<TypedArray>> {
    await this.released;
    return guardRead(this.name, () => this.volume.read(opts, region));
  }

  async *slabs(opts: ReadSlabsOpts): AsyncGenerator<TypedArray> {
    await this.released;
    const slabs = this.volume.slabs(opts);
    try {
      for (;;) {
        const step = await guardRead(this.name, () => slabs.next());
        if (step.done) return;
        yield step.value;
      }
    } finally {
      await slabs.return(undefined);
    }
  }

  /** Counts one handle less, which reads no more. */
  async drop(): Promise<void> {
    if (--this.handles === 0) this.released = this.volume.release();
    await this.released;
  }
}
