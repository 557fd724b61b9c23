import { dtypeOf, type ReadonlyVec3, type TypedArray, type Vec3 } from '@genesis/core';
import type { NdArray } from 'ndarray';
import type { Affine, VolumeHeader } from '../api.js';
import { VolumeIoError } from '../errors.js';
import { scaleAffine } from '../geometry/affine.js';
import { requireUsable } from '../geometry/require-usable.js';
import { worldGeometry } from '../geometry/world-geometry.js';
import { inOrder } from './contiguous.js';
import { Volume } from './volume.js';

/** Shape, geometry and header of a new volume. */
export interface CreateVolumeOpts {
  /** Needed when `data` is a bare typed array, which is then read with i fastest. */
  shape?: ReadonlyVec3;
  /** Voxel → RAS mm, row-major 4×4. Wins over `spacing` and `origin`. */
  affine?: Affine | readonly number[];
  /** mm along i, j, k; axes then follow R, A, S. Default 1. */
  spacing?: ReadonlyVec3;
  /** RAS mm of voxel (0, 0, 0). Default 0. */
  origin?: ReadonlyVec3;
  /** Kept from the volume that this one was made from; shape, affine and what follows from them are updated. */
  header?: Partial<VolumeHeader>;
}

/**
 * Makes a volume around voxels. The array is not copied: the volume owns it from now on.
 * Throws VolumeIoError 'bad-argument' when shape and data do not fit, 'geometry' when the affine cannot place voxels.
 */
export function createVolume<T extends TypedArray>(
  data: NdArray<T> | T,
  opts: CreateVolumeOpts = {},
): Volume<T> {
  const nd = ArrayBuffer.isView(data) ? wrap(data, opts.shape) : data;
  if (nd.shape.length !== 3) {
    throw new VolumeIoError(
      'bad-argument',
      `a volume has three axes, but the array has ${nd.shape.length}`,
    );
  }
  const shape: Vec3 = [nd.shape[0], nd.shape[1], nd.shape[2]];
  const affine = opts.affine
    ? new Float64Array(opts.affine)
    : scaleAffine(opts.spacing ?? [1, 1, 1], opts.origin);
  requireUsable(affine);
  const header: VolumeHeader = {
    format: 'nifti1',
    slope: 1,
    inter: 0,
    byteOrder: 'little',
    description: '',
    fields: {},
    dtype: dtypeOf(nd.data),
    ...opts.header,
    notes: [...(opts.header?.notes ?? [])],
    dims: opts.header?.dims ?? [...shape],
    volumes: opts.header?.volumes ?? 1,
    components: opts.header?.components ?? 1,
    shape,
    ...worldGeometry(affine),
  };
  return new Volume(nd, affine, header);
}

function wrap<T extends TypedArray>(data: T, shape: ReadonlyVec3 | undefined): NdArray<T> {
  if (!shape) throw new VolumeIoError('bad-argument', 'a bare typed array needs `shape`');
  const [nx, ny, nz] = shape;
  if (data.length !== nx * ny * nz) {
    throw new VolumeIoError(
      'bad-argument',
      `${data.length} voxels do not fill the shape ${shape.join('×')}`,
    );
  }
  return inOrder(data, shape, 'F');
}
