import type { NumberArray } from '@genesis/core';
import { type Affine, createVolume, reorient, type Volume } from '@genesis/volume-io';
import type { NdArray } from 'ndarray';

/** Where an image lies and what its file says, without its voxels. */
export type ImageGeometry = Pick<Volume, 'affine' | 'orientation' | 'header'>;

/**
 * What was computed on the turned grid of an image, in the geometry of the image itself: same shape, same affine and the same words of
 * its header about that, so that a viewer shows it beside the image.
 *
 * @param values - [x, y, z], C order, as the network sees the image; may become the volume's memory.
 * @param affine - Of that grid.
 * @param description - For the file.
 */
export function imageVolume<T extends NumberArray>(
  values: NdArray<T>,
  affine: Affine,
  image: ImageGeometry,
  description: string,
): Volume<T> {
  const own = reorient(createVolume(values, { affine }) as Volume<T>, image.orientation);
  // The same grid up to rounding in two turns; the image's own numbers are exact.
  return createVolume(own.data, {
    affine: image.affine,
    // The fields say which space the image was in, which a NIfTI of the values says too.
    header: { format: image.header.format, fields: image.header.fields, description },
  }) as Volume<T>;
}
