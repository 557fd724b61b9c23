import type { TypedArray } from '@genesis/core';
import type {
  OpenVolumeOpts,
  ReadSlabsOpts,
  ReadVoxelsOpts,
  Region,
  VolumeHeader,
} from '../../api.js';
import type { ByteSource } from '../../bytes/api.js';
import { SLAB } from '../../voxels/stream-voxels.js';
import type { Volume } from '../../voxels/volume.js';
import type { OpenedVolume } from '../common/api.js';
import { loadStack } from './load-stack.js';
import type { Stack } from './stack.js';
import { stackHeader } from './stack-header.js';

/** Where the files of a stack are. */
export interface StackFiles {
  /** Opens one, which is closed when its slices have been read. */
  open(name: string): Promise<ByteSource>;
  /** Lets go of what they have in common, such as the archive that they are in. */
  release?(): Promise<void>;
}

/** A stack whose heads are known, as a volume. Throws VolumeIoError 'geometry'. */
export function openStack(
  stack: Stack,
  notes: readonly string[],
  files: StackFiles,
  opts: OpenVolumeOpts,
): OpenedVolume {
  return new StackVolume(stack, notes, files, opts);
}

class StackVolume implements OpenedVolume {
  readonly header: VolumeHeader;

  constructor(
    private readonly stack: Stack,
    private readonly notes: readonly string[],
    private readonly files: StackFiles,
    private readonly opts: OpenVolumeOpts,
  ) {
    this.header = stackHeader(stack, 0, notes, opts);
  }

  read(opts: ReadVoxelsOpts, region?: Region): Promise<Volume<TypedArray>> {
    const { geometry } = this.opts;
    const open = (name: string): Promise<ByteSource> => this.files.open(name);
    return loadStack(this.stack, this.notes, open, { ...opts, geometry }, region);
  }

  async *slabs({ onNote, ...opts }: ReadSlabsOpts): AsyncGenerator<TypedArray> {
    const [nx, ny, nz] = this.header.shape;
    const told = new Set(this.header.notes);
    // Counted in the widest type. Whole files at a time would be less opening and closing, but are as large as they like.
    const depth = Math.max(1, Math.floor(SLAB / (nx * ny * 8)));
    for (let k = 0; k < nz; k += depth) {
      const size = [nx, ny, Math.min(depth, nz - k)] as const;
      const { data, header } = await this.read(opts, { start: [0, 0, k], size });
      for (const note of header.notes) {
        if (!told.has(note)) onNote?.(note);
        told.add(note);
      }
      yield data.data;
    }
  }

  async release(): Promise<void> {
    await this.files.release?.();
  }
}
