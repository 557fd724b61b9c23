import ndarray from 'ndarray';
import type { ChannelAxis, Shape3, VolumeArray } from '../api.js';
import { TransformsError } from '../errors.js';

/** How the voxels of a volume lie in its memory: what the kernels work on. */
export interface Grid {
  data: Float32Array;
  offset: number;
  shape: Shape3;
  stride: Shape3;
  channels: number;
  channelStride: number;
}

/** Spatial shape and number of channels of a rank-3 or rank-4 shape. */
export function splitShape(
  shape: readonly number[],
  channelAxis: ChannelAxis,
): { shape: Shape3; channels: number } {
  if (
    (shape.length !== 3 && shape.length !== 4) ||
    !shape.every((n) => Number.isInteger(n) && n > 0)
  ) {
    throw new TransformsError(
      'shape',
      `A volume has rank 3, or rank 4 with channels, and no empty axis; got shape [${shape.join(', ')}].`,
      { shape },
    );
  }
  if (shape.length === 3) return { shape: [shape[0], shape[1], shape[2]], channels: 1 };
  const [x, y, z] = channelAxis === 'first' ? shape.slice(1) : shape;
  return { shape: [x, y, z], channels: channelAxis === 'first' ? shape[0] : shape[3] };
}

/** The grid of an ndarray; shares its memory. */
export function gridOf(volume: VolumeArray, channelAxis: ChannelAxis): Grid {
  if (!(volume.data instanceof Float32Array)) {
    throw new TransformsError(
      'dtype',
      `A volume must be a float32 ndarray; got ${volume.dtype}. Convert and normalise it to 0…1 first.`,
      { dtype: volume.dtype },
    );
  }
  const { shape, channels } = splitShape(volume.shape, channelAxis);
  const s = volume.stride;
  const first = volume.dimension === 4 && channelAxis === 'first' ? 1 : 0;
  return {
    data: volume.data,
    offset: volume.offset,
    shape,
    stride: [s[first], s[first + 1], s[first + 2]],
    channels,
    channelStride: volume.dimension === 3 ? 0 : first === 1 ? s[0] : s[3],
  };
}

/** Number of voxels, of one channel. */
export function voxels(shape: Shape3): number {
  return shape[0] * shape[1] * shape[2];
}

/** True when the voxels of one channel lie one after another in C order. */
export function isContiguous({ shape, stride }: Grid): boolean {
  return stride[2] === 1 && stride[1] === shape[2] && stride[0] === shape[1] * shape[2];
}

/** A new C-contiguous volume of this shape, all zeros. */
export function createVolume(shape: readonly number[]): VolumeArray {
  const size = shape.reduce((product, n) => product * n, 1);
  return ndarray(new Float32Array(size), [...shape]);
}

/** Throws unless `out` can receive a volume of this shape. */
export function assertSameShape(out: VolumeArray, shape: readonly number[]): void {
  if (out.shape.length !== shape.length || out.shape.some((n, i) => n !== shape[i])) {
    throw new TransformsError(
      'shape',
      `out has shape [${out.shape.join(', ')}], the volume [${shape.join(', ')}]; they must be equal.`,
      { shape, outShape: out.shape },
    );
  }
}
