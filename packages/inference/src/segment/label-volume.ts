import { createVolume, reorient, type Volume } from '@genesis/volume-io';
import ndarray, { type NdArray } from 'ndarray';
import type { SegmentationCard } from '../card/api.js';
import type { Segmentation } from './segment-volume.js';

/** The most probable class of each voxel: positions in the list of classes, C order. */
export function mostProbable(probabilities: NdArray<Float32Array>): NdArray<Uint8Array> {
  const [nx, ny, nz, classes] = probabilities.shape;
  const { data } = probabilities;
  const out = new Uint8Array(nx * ny * nz);
  for (let n = 0; n < out.length; n++) {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if (data[n * classes + c] > data[n * classes + best]) best = c;
    }
    out[n] = best;
  }
  return ndarray(out, [nx, ny, nz]);
}

/**
 * The label map in the geometry of `image`: same shape, same affine, so that a viewer shows it beside the image. The
 * voxels are 8-bit when all label values fit, else 16- or 32-bit.
 */
export function labelVolume(
  segmentation: Segmentation,
  card: SegmentationCard,
  image: Volume,
): Volume {
  const values = card.classes.map(({ value }) => value);
  const classes = mostProbable(segmentation.probabilities);
  const Type = arrayFor(values);
  const data = new Type(classes.size);
  for (let n = 0; n < data.length; n++) data[n] = values[classes.data[n]];
  const labels = createVolume(ndarray(data, classes.shape) as NdArray<typeof data>, {
    affine: segmentation.turned.affine,
    // The fields say which space the image was in, which a NIfTI of the labels says too.
    header: {
      format: image.header.format,
      fields: image.header.fields,
      description: 'genesis segmentation',
    },
  });
  const own = reorient(labels as Volume, image.orientation);
  // The same grid up to rounding in two turns; the image's own numbers are exact.
  return createVolume(own.data, { affine: image.affine, header: own.header });
}

function arrayFor(values: readonly number[]) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (least >= 0 && most <= 255) return Uint8Array;
  return least >= -32768 && most <= 32767 ? Int16Array : Int32Array;
}
