import { type NumberArray, zeros } from '@genesis/core';
import type { Volume } from '@genesis/volume-io';
import ndarray, { type NdArray } from 'ndarray';
import type { SegmentationCard } from '../card/api.js';
import { type ImageGeometry, imageVolume } from './image-volume.js';
import type { Segmentation } from './segment-volume.js';

/**
 * The label map in the geometry of `image`: same shape, same affine and the same words of its header about that, so that a
 * viewer shows it beside the image. The voxels are 8-bit when all label values fit, else 16- or 32-bit.
 *
 * @param segmentation - Its classes may be taken over as the volume's memory.
 */
export function labelVolume(
  segmentation: Segmentation,
  card: SegmentationCard,
  image: ImageGeometry,
): Volume {
  const { classes, affine } = segmentation;
  const values = card.classes.map(({ value }) => value);
  const data = zeros(labelType(card.classes), classes.size);
  for (let n = 0; n < data.length; n++) data[n] = values[classes.data[n]];
  const labels = ndarray(data, classes.shape) as NdArray<typeof data>;
  return imageVolume<NumberArray>(labels, affine, image, 'genesis segmentation') as Volume;
}

/** The smallest type of voxels that holds the values of all classes. */
export function labelType(classes: SegmentationCard['classes']): 'uint8' | 'int16' | 'int32' {
  const values = classes.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (least >= 0 && most <= 255) return 'uint8';
  return least >= -32768 && most <= 32767 ? 'int16' : 'int32';
}
