import { createVolume, type Volume } from '@genesis/volume-io';
import ndarray from 'ndarray';
import { InferenceError } from '../errors.js';

/**
 * The volume without NaN and infinities: itself when it has none; else with zeros in their place, in new memory, or an error.
 *
 * @throws InferenceError 'non-finite' with 'error'.
 */
export function finiteVolume(volume: Volume, nonFinite: 'error' | 'zero'): Volume {
  const { data, shape, stride, offset } = volume.data;
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return volume;
  // x − x is 0 for finite numbers only.
  let bad = 0;
  for (let n = 0; n < data.length; n++) if (data[n] - data[n] !== 0) bad++;
  if (bad === 0) return volume;
  if (nonFinite === 'error') {
    throw new InferenceError(
      'non-finite',
      `the volume has ${bad === 1 ? '1 voxel that is' : `${bad} voxels that are`} NaN or infinite; with nonFinite 'zero' such voxels count as 0`,
    );
  }
  const finite = data.map((value) => (value - value === 0 ? value : 0));
  const { affine, header } = volume;
  return createVolume(ndarray(finite, shape, stride, offset), { affine, header });
}
