import type { NumberArray, TypedArray, Vec3 } from '@genesis/core';
import type { NdArray } from 'ndarray';
import type { Affine, VolumeHeader } from '../api.js';
import { affineOrientation, affineSpacing } from '../geometry/affine.js';

/**
 * A 3-D image with its geometry, made by createVolume. Operations never change their input; they return a new volume.
 *
 * @typeParam T - The typed array that holds the voxels.
 */
export class Volume<T extends TypedArray = NumberArray> {
  /** Shape [nx, ny, nz], index (i, j, k). Files are kept in their own order, so strides are usually [1, nx, nx·ny]. */
  readonly data: NdArray<T>;
  /** Voxel → RAS mm: the volume's place in the world, from which spacing and orientation follow. */
  readonly affine: Affine;
  /** What the file said; its shape and geometry are those of this volume. */
  readonly header: VolumeHeader;

  /** @internal Nothing is checked or copied; see createVolume. */
  constructor(data: NdArray<T>, affine: Affine, header: VolumeHeader) {
    this.data = data;
    this.affine = affine;
    this.header = header;
  }

  /** Voxel size in mm along i, j, k. */
  get spacing(): Vec3 {
    return affineSpacing(this.affine);
  }

  /** Where the axes i, j, k point to: 'RAS', 'LPS', … */
  get orientation(): string {
    return affineOrientation(this.affine);
  }
}
