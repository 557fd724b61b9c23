import { type NumberArray, type Vec3, zerosLike } from '@genesis/core';
import { VolumeIoError } from '../errors.js';
import { inOrder } from '../voxels/contiguous.js';
import type { Volume } from '../voxels/volume.js';
import { derive } from './derive.js';
import { gridMap } from './grid-map.js';
import { resampleAligned } from './resample-aligned.js';
import { resampleNearest } from './resample-nearest.js';
import { resampleOblique } from './resample-oblique.js';
import type { ResampleOpts, VolumeGrid } from './resample-opts.js';
import { checkFits } from './voxel-range.js';

/** Resampling behind resampleLike and resampleToSpacing: chooses the fastest way that the two grids allow. */
export function resampleToGrid<T extends NumberArray>(
  volume: Volume<T>,
  grid: VolumeGrid,
  opts: ResampleOpts,
  outside: number | 'edge',
  note: string,
): Volume<T> {
  const size: Vec3 = [...grid.shape];
  if (size.length !== 3 || !size.every((n) => Number.isInteger(n) && n > 0)) {
    throw new VolumeIoError(
      'bad-argument',
      `the new shape must be three positive integers, not ${size.join(', ')}`,
    );
  }
  const source = volume.data.data;
  if (outside !== 'edge') checkFits(source, outside);
  const fill = outside === 'edge' ? undefined : outside;
  const target = zerosLike(source, size[0] * size[1] * size[2]);
  const data = volume.data;
  const map = gridMap(volume, grid);
  const antialias = opts.antialias ?? true;
  if (opts.interpolation === 'nearest') {
    resampleNearest(data, map, target, size, fill);
  } else if (map.aligned) {
    const { axis, step, shift } = map.aligned;
    const turned = data.transpose(axis[0], axis[1], axis[2]);
    resampleAligned(turned, step, shift, target, size, antialias, fill);
  } else {
    resampleOblique(data, map, target, size, antialias, fill);
  }
  const result = inOrder(target, size, 'F');
  return derive(volume, result, grid.affine, `${note} (${opts.interpolation ?? 'linear'})`);
}
