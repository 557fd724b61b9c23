import { copyStrided, cStrides } from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';
import { type SlidingWindowOpts, slideWindows } from './slide-windows.js';

/**
 * As slideWindows, with the whole result in one array.
 *
 * @param volume - [nx, ny, nz] or [nx, ny, nz, channels], any strides; only read.
 * @returns [nx, ny, nz, channels], C order, owned by the caller.
 */
export async function slidingWindow(
  volume: NdArray<Float32Array>,
  opts: SlidingWindowOpts,
): Promise<NdArray<Float32Array>> {
  const shape = [...volume.shape.slice(0, 3), opts.channels];
  const stride = cStrides(shape);
  const whole = new Float32Array(shape.reduce((product, side) => product * side, 1));
  await slideWindows(volume, opts, ({ start, channel, values }) => {
    const offset = start[0] * stride[0] + start[1] * stride[1] + start[2] * stride[2] + channel;
    copyStrided(values.data, values, whole, { offset, stride }, values.shape);
  });
  return ndarray(whole, shape);
}
