import type { TypedArray } from '@genesis/core';
import type { ByteSource, FormatReader, ReadHeaderOpts, Volume, VolumeHeader } from '../../api.js';
import { InflatedSource } from '../../bytes/inflated-source.js';
import { trailingNote } from '../../bytes/payload.js';
import { shiftAffine } from '../../geometry/affine.js';
import { requireUsable } from '../../geometry/require-usable.js';
import { checkRegion } from '../../voxels/check-region.js';
import { inOrder } from '../../voxels/contiguous.js';
import { createVolume } from '../../voxels/create-volume.js';
import { readVoxels } from '../../voxels/read-voxels.js';
import type { ParsedVolume, VoxelPlan } from '../../voxels/voxel-plan.js';

type AnyVolume = Volume<TypedArray>;

/** A reader of a format whose parser can say where the voxels are. Sources that the parser opens are closed. */
export function planReader(
  parse: (source: ByteSource, opts: ReadHeaderOpts) => Promise<ParsedVolume>,
): FormatReader {
  const parseChecked = async (source: ByteSource, opts: ReadHeaderOpts): Promise<ParsedVolume> => {
    const parsed = await parse(source, opts);
    requireUsable(parsed.header.affine, source.name);
    if (source instanceof InflatedSource && source.trailing > 0) {
      parsed.header.notes.push(trailingNote(source.trailing));
    }
    return parsed;
  };
  const withPlan = async <R>(
    source: ByteSource,
    opts: ReadHeaderOpts,
    work: (header: VolumeHeader, plan: VoxelPlan) => Promise<R>,
  ): Promise<R> => {
    const parsed = await parseChecked(source, opts);
    const plan = await parsed.plan();
    try {
      return await work(parsed.header, plan);
    } finally {
      if (plan.payload.source !== source) await plan.payload.source.close();
    }
  };
  return {
    readHeader: async (source, opts) => (await parseChecked(source, opts)).header,

    read: (source, opts) =>
      withPlan(source, opts, async (header, plan) =>
        toVolume(await readVoxels(plan, header, opts), plan, header),
      ),

    readRegion: (source, region, opts) =>
      withPlan(source, opts, async (header, plan) => {
        checkRegion(region, plan.shape, source.name);
        const affine = shiftAffine(header.affine, region.start);
        if (plan.volumesInterleaved || (plan.components > 1 && plan.componentStride !== 1)) {
          const { out: _, ...own } = opts;
          const whole = toVolume(await readVoxels(plan, header, own), plan, header);
          const data = whole.data.lo(...region.start).hi(...region.size);
          return createVolume(data, { header, affine });
        }
        const voxels = await readVoxels(plan, header, opts, region);
        const part = { ...plan, shape: region.size };
        return toVolume(voxels, part, { ...header, affine });
      }),
  };
}

function toVolume(voxels: TypedArray, plan: VoxelPlan, header: VolumeHeader): AnyVolume {
  const data = inOrder(voxels, plan.shape, plan.order === 'ijk' ? 'F' : 'C');
  return createVolume(data, { affine: header.affine, header });
}
