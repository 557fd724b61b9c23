import type { TypedArray } from '@genesis/core';
import type { NdArray } from 'ndarray';
import type { Affine } from '../api.js';
import { createVolume } from '../voxels/create-volume.js';
import type { Volume } from '../voxels/volume.js';

/** The volume that an operation made of `from`: new voxels and geometry, what the file said, and a note of what was done. */
export function derive<T extends TypedArray>(
  from: Volume<TypedArray>,
  data: NdArray<T>,
  affine: Affine,
  ...note: string[]
): Volume<T> {
  const { header } = from;
  return createVolume<T>(data, {
    affine,
    header: { ...header, dims: [...data.shape], volumes: 1, notes: [...header.notes, ...note] },
  });
}
