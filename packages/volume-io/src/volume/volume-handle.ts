import type { ArrayOf, DType, TypedArray } from '@genesis/core';
import type { ReadSlabsOpts, ReadVoxelsOpts, Region, VolumeHeader } from '../api.js';
import { VolumeIoError } from '../errors.js';
import { moveToOut, typedAsOut } from '../voxels/out-array.js';
import type { Volume } from '../voxels/volume.js';
import type { SharedVolume } from './shared-volume.js';

/** An open volume: its header has been read, its voxels can be, whole or in parts, any number of times. */
export class VolumeHandle {
  private readonly volume: SharedVolume;
  private readonly reads = new Set<Promise<unknown>>();
  private closed = false;

  /** @internal Made by openVolume and by entries of listVolumes. */
  constructor(volume: SharedVolume) {
    this.volume = volume;
    volume.hold();
  }

  /** What the file says about its volume. */
  get header(): VolumeHeader {
    return this.volume.header;
  }

  /**
   * Reads the volume. The voxels are new memory that the caller owns, or `out`, in the order in which the file keeps them.
   *
   * @throws VolumeIoError for anything that is wrong; the message names the file and the reason.
   */
  read<T extends TypedArray>(opts: ReadVoxelsOpts & { out: T }): Promise<Volume<T>>;
  read<D extends DType>(opts: ReadVoxelsOpts & { dtype: D }): Promise<Volume<ArrayOf<D>>>;
  read(opts?: ReadVoxelsOpts): Promise<Volume>;
  read(opts: ReadVoxelsOpts = {}): Promise<Volume<TypedArray>> {
    return this.load(opts);
  }

  /**
   * Reads a box of voxels. Of an uncompressed file only the rows that the box needs are read, of DICOM only its slices; a
   * compressed file is decompressed up to the end of the box. The affine is that of the box.
   *
   * @throws VolumeIoError as `read` does, and 'bad-argument' when the box is not inside the volume.
   */
  region<T extends TypedArray>(
    region: Region,
    opts: ReadVoxelsOpts & { out: T },
  ): Promise<Volume<T>>;
  region<D extends DType>(
    region: Region,
    opts: ReadVoxelsOpts & { dtype: D },
  ): Promise<Volume<ArrayOf<D>>>;
  region(region: Region, opts?: ReadVoxelsOpts): Promise<Volume>;
  region(region: Region, opts: ReadVoxelsOpts = {}): Promise<Volume<TypedArray>> {
    return this.load(opts, region);
  }

  /**
   * Reads all voxels in the order in which the file keeps them, a slab of some megabytes at a time and in one pass, also of
   * a compressed file: for sums over volumes of any size. A slab is valid until the next is asked for.
   *
   * @throws VolumeIoError as `read` does; slabs given before were right.
   */
  async *slabs(opts: ReadSlabsOpts = {}): AsyncGenerator<TypedArray> {
    const slabs = this.volume.slabs(opts);
    try {
      for (;;) {
        const step = await this.watch(() => slabs.next());
        if (step.done) return;
        yield step.value;
      }
    } finally {
      await slabs.return(undefined);
    }
  }

  /**
   * Closes what is open, once the reads under way have ended. Later reads are refused with VolumeIoError 'bad-argument';
   * closing again does nothing.
   */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    if (this.reads.size > 0) await Promise.allSettled(this.reads);
    await this.volume.drop();
  }

  private async load(opts: ReadVoxelsOpts, region?: Region): Promise<Volume<TypedArray>> {
    const read = await this.watch(() => this.volume.read(typedAsOut(opts), region));
    return moveToOut(read, opts.out, this.volume.name);
  }

  /** What closing waits for. Throws VolumeIoError 'bad-argument' when it has begun. */
  private async watch<R>(start: () => Promise<R>): Promise<R> {
    const { name } = this.volume;
    if (this.closed) throw new VolumeIoError('bad-argument', 'has been closed', { file: name });
    const work = start();
    this.reads.add(work);
    try {
      return await work;
    } finally {
      this.reads.delete(work);
    }
  }
}
