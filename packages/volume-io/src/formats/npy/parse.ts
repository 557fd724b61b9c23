import type { VolumeHeader } from '../../api.js';
import type { ByteSource } from '../../bytes/api.js';
import { identityAffine } from '../../geometry/affine.js';
import { worldGeometry } from '../../geometry/world-geometry.js';
import type { ParsedVolume, VoxelPlan } from '../../voxels/voxel-plan.js';
import { npyVolumeAxes, readNpyHeader } from './header.js';

/** An .npy, alone or in an .npz: array[…, i, j, k] is voxel (i, j, k). */
export async function parseNpy(source: ByteSource, format: 'npy' | 'npz'): Promise<ParsedVolume> {
  const npy = await readNpyHeader(source);
  const { shape, volumes } = npyVolumeAxes(npy.shape);
  const header: VolumeHeader = {
    format,
    dtype: npy.descr.endsWith('b1') ? 'bool' : npy.type,
    shape,
    dims: npy.shape,
    volumes,
    components: 1,
    ...worldGeometry(identityAffine()),
    slope: 1,
    inter: 0,
    byteOrder: npy.byteOrder,
    description: '',
    notes: ['An array carries no geometry: voxels of 1 mm along R, A, S are assumed.'],
    fields: { descr: npy.descr, fortran_order: npy.fortranOrder, shape: npy.shape },
  };
  return {
    header,
    plan: async (): Promise<VoxelPlan> => ({
      payload: { source, start: 0, length: source.size },
      offset: npy.offset,
      type: npy.type,
      byteOrder: npy.byteOrder,
      shape,
      order: npy.fortranOrder ? 'ijk' : 'kji',
      volumes,
      volumesInterleaved: npy.fortranOrder && volumes > 1,
      components: 1,
      componentStride: 1,
      slope: 1,
      inter: 0,
    }),
  };
}
