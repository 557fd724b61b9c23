import type { TypedArray } from '@genesis/core';
import type {
  OpenVolumeOpts,
  ReadSlabsOpts,
  ReadVoxelsOpts,
  Region,
  VolumeHeader,
} from '../../api.js';
import type { ByteSource } from '../../bytes/api.js';
import { InflatedSource } from '../../bytes/inflated-source.js';
import { trailingNote } from '../../bytes/payload.js';
import { shiftAffine } from '../../geometry/affine.js';
import { requireUsable } from '../../geometry/require-usable.js';
import { checkRegion } from '../../voxels/check-region.js';
import { inOrder } from '../../voxels/contiguous.js';
import { createVolume } from '../../voxels/create-volume.js';
import { readVoxels } from '../../voxels/read-voxels.js';
import { streamVoxels } from '../../voxels/stream-voxels.js';
import type { Volume } from '../../voxels/volume.js';
import type { ParsedVolume, VoxelPlan } from '../../voxels/voxel-plan.js';
import type { FormatReader, OpenedVolume } from './api.js';

/** A reader of a format whose parser can say where the voxels are. Sources that the parser opens are closed. */
export function planReader(
  parse: (source: ByteSource, opts: OpenVolumeOpts) => Promise<ParsedVolume>,
): FormatReader {
  return {
    async open(source, opts) {
      const parsed = await parse(source, opts);
      requireUsable(parsed.header.affine, source.name);
      if (source instanceof InflatedSource && source.trailing > 0) {
        parsed.header.notes.push(trailingNote(source.trailing));
      }
      return new PlannedVolume(parsed, source);
    },
  };
}

class PlannedVolume implements OpenedVolume {
  /** Made when the first voxels are wanted. */
  private plan: Promise<VoxelPlan> | undefined;

  constructor(
    private readonly parsed: ParsedVolume,
    private readonly source: ByteSource,
  ) {}

  get header(): VolumeHeader {
    return this.parsed.header;
  }

  async read(opts: ReadVoxelsOpts, region?: Region): Promise<Volume<TypedArray>> {
    const plan = await this.planned();
    const notes = [...this.header.notes, ...(plan.notes ?? [])];
    const header = { ...this.header, notes };
    if (!region) return toVolume(await readVoxels(plan, header, opts), plan, header);
    checkRegion(region, plan.shape, this.source.name);
    const affine = shiftAffine(header.affine, region.start);
    if (plan.volumesInterleaved || (plan.components > 1 && plan.componentStride !== 1)) {
      const { out: _, ...own } = opts;
      const whole = toVolume(await readVoxels(plan, header, own), plan, header);
      const data = whole.data.lo(...region.start).hi(...region.size);
      return createVolume(data, { header, affine });
    }
    const voxels = await readVoxels(plan, header, opts, region);
    return toVolume(voxels, { ...plan, shape: region.size }, { ...header, affine });
  }

  async *slabs(opts: ReadSlabsOpts): AsyncGenerator<TypedArray> {
    const plan = await this.planned();
    for (const note of plan.notes ?? []) opts.onNote?.(note);
    yield* streamVoxels(plan, opts);
  }

  private planned(): Promise<VoxelPlan> {
    this.plan ??= this.parsed.plan().catch((error) => {
      // The next read tries again.
      this.plan = undefined;
      throw error;
    });
    return this.plan;
  }

  async release(): Promise<void> {
    const planned = this.plan;
    this.plan = undefined;
    // A plan that failed has closed what it opened.
    const plan = await planned?.catch(() => undefined);
    if (plan && plan.payload.source !== this.source) await plan.payload.source.close();
  }
}

function toVolume(voxels: TypedArray, plan: VoxelPlan, header: VolumeHeader): Volume<TypedArray> {
  const data = inOrder(voxels, plan.shape, plan.order === 'ijk' ? 'F' : 'C');
  return createVolume(data, { affine: header.affine, header });
}
