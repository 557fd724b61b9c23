import ndarray from 'ndarray';
import type { VolumeArray } from '../api.js';
import { TransformsError } from '../errors.js';
import { copyGrid } from '../grid/copy-grid.js';
import { gridOf, splitShape } from '../grid/grid.js';
import type { CropRef, TaskSlot } from './protocol.js';

export const isShared = (buffer: ArrayBufferLike): boolean =>
  typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;

/**
 * A crop as a worker can read it: where it lies when its memory is shared, else copied into the
 * slot.
 *
 * @param size - voxels times channels of one crop
 */
export function cropRef(
  volume: VolumeArray,
  slot: TaskSlot,
  position: number,
  size: number,
): CropRef {
  const grid = gridOf(volume, 'last');
  const shape = [...volume.shape];
  if (isShared(grid.data.buffer)) {
    return { data: volume.data, shape, stride: [...volume.stride], offset: volume.offset };
  }
  const { shape: spatial, channels } = splitShape(shape, 'last');
  const voxelCount = spatial[0] * spatial[1] * spatial[2] * channels;
  if (voxelCount !== size) {
    throw new TransformsError(
      'shape',
      `A crop has shape [${shape.join(', ')}], ${voxelCount} values; the pool needs ${size}.`,
      { shape },
    );
  }
  const copy = ndarray(slot.crops, shape, undefined, position * size);
  copyGrid(grid, gridOf(copy, 'last'));
  return { data: slot.crops, shape, stride: [...copy.stride], offset: copy.offset };
}
