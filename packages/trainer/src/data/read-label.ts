import { createVolume, reorient, type Volume } from '@genesis/volume-io';
import ndarray from 'ndarray';
import { TrainerError } from '../errors.js';
import { type DatasetItem, withItem } from './dataset.js';

/**
 * Reads a label volume in its own geometry. Where it lies in a mask for each class, a voxel has the label of the last mask that is
 * not 0 there.
 *
 * @throws TrainerError 'bad-data' for masks of different shapes, VolumeIoError.
 */
export async function readLabel(label: DatasetItem): Promise<Volume> {
  if (!label.masks) return readOne(label);
  let merged: { readonly first: Volume; readonly data: Int16Array } | undefined;
  for (const { item, value } of label.masks) {
    const mask = await readOne(item);
    merged ??= { first: mask, data: new Int16Array(mask.data.size) };
    const { shape, stride } = merged.first.data;
    const { data } = mask.data;
    if (mask.data.shape.join() !== shape.join() || mask.data.stride.join() !== stride.join()) {
      throw new TrainerError(
        'bad-data',
        `the masks ${label.masks[0].item.path} and ${item.path} of one case have different shapes`,
        { file: item.path },
      );
    }
    for (let n = 0; n < data.length; n++) if (data[n] !== 0) merged.data[n] = value;
  }
  if (!merged) return readOne(label);
  const { affine, header, data } = merged.first;
  const { shape, stride, offset } = data;
  return createVolume(ndarray(merged.data, shape, stride, offset), { affine, header });
}

/**
 * Reads a label volume onto the grid of another: turned as that is stored, with its affine. The caller has checked that
 * the grids agree within a voxel (`gridDifference`); one affine keeps them equal through resampling.
 */
export async function readLabelLike(label: DatasetItem, image: Volume): Promise<Volume> {
  const own = await readLabel(label);
  const turned = own.orientation === image.orientation ? own : reorient(own, image.orientation);
  return createVolume(turned.data, { affine: image.affine, header: turned.header });
}

function readOne(item: DatasetItem): Promise<Volume> {
  return withItem(item, (handle) => handle.read({ volumeIndex: item.volumeIndex }));
}
