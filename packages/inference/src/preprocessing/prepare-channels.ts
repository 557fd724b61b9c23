import { copyStrided, cStrides, sizeOf } from '@genesis/core';
import { createVolume, reorient, resampleLike, type Volume } from '@genesis/volume-io';
import ndarray, { type NdArray } from 'ndarray';
import { InferenceError } from '../errors.js';
import { gridsDiffer } from './grids-differ.js';
import { type Preparation, prepareVolume } from './prepare-volume.js';

/** A volume, or one for each channel in the order of the model card; undefined for a channel that is missing. */
export type Image = Volume | readonly (Volume | undefined)[];

/**
 * The volume that says where an image lies: that of its first channel, or of the first that is there.
 *
 * @throws InferenceError 'bad-argument' when there is none.
 */
export function firstVolume(image: Image): Volume {
  const first = isList(image) ? image.find((one) => one !== undefined) : image;
  if (first) return first;
  throw new InferenceError('bad-argument', 'the image has no channel at all');
}

/**
 * The channels of an image as the network sees them: turned, resampled, each normalized in its own way, all on one grid. They
 * share no memory with `image`.
 *
 * @returns One volume for each channel, all with the affine of the first; those that are missing hold 0.
 * @throws InferenceError 'bad-argument' for another number of channels than the preparation names, for a channel that is missing
 *   or lies on another grid where the preparation does not allow it; 'non-finite'; VolumeIoError.
 */
export function prepareChannels(image: Image, preparation: Preparation): Volume<Float32Array>[] {
  const volumes = isList(image) ? image : [image];
  const names = preparation.channels?.map(({ name }) => name) ?? [''];
  if (volumes.length !== names.length) {
    throw new InferenceError(
      'bad-argument',
      `the image has ${volumes.length === 1 ? 'one channel' : `${volumes.length} channels`}, but the model takes ${names.length}${names[0] === '' ? '' : ` (${names.join(', ')})`}`,
    );
  }
  const first = firstVolume(image);
  const prepared = volumes.map((volume, n) => {
    if (!volume) {
      if (preparation.allowMissing) return undefined;
      throw new InferenceError(
        'bad-argument',
        `the channel ${names[n]} is missing, which the model was not trained for`,
      );
    }
    const normalization = preparation.channels?.[n].normalization ?? preparation.normalization;
    return prepareVolume(onGridOf(first, volume, names[n], preparation), {
      ...preparation,
      normalization,
    });
  });
  const grid = prepared[volumes.indexOf(first)] ?? prepareVolume(first, preparation);
  return prepared.map((volume) => volume ?? zerosLike(grid));
}

/** The channels of `prepareChannels` as one array: [x, y, z] of one alone, else [x, y, z, channels], C order. */
export function prepareImage(
  image: Image,
  preparation: Preparation,
): Pick<Volume<Float32Array>, 'data' | 'affine'> {
  const channels = prepareChannels(image, preparation);
  const [{ affine }] = channels;
  return { data: stackChannels(channels.map(({ data }) => data)), affine };
}

/** Arrays of one shape [x, y, z] as one: the only one itself, else [x, y, z, channels], C order, in new memory. */
export function stackChannels(channels: readonly NdArray<Float32Array>[]): NdArray<Float32Array> {
  if (channels.length === 1) return channels[0];
  const shape = [...channels[0].shape, channels.length];
  const out = new Float32Array(sizeOf(shape));
  const stride = cStrides(shape);
  for (const [n, channel] of channels.entries()) {
    copyStrided(
      channel.data,
      channel,
      out,
      { offset: n, stride: stride.slice(0, 3) },
      channel.shape,
    );
  }
  return ndarray(out, shape);
}

function isList(image: Image): image is readonly (Volume | undefined)[] {
  return Array.isArray(image);
}

function onGridOf(
  first: Volume,
  volume: Volume,
  name: string,
  { resampleChannels }: Preparation,
): Volume {
  if (volume === first) return volume;
  const difference = gridsDiffer(
    { header: first.header, what: 'the first' },
    { header: volume.header, what: `the channel ${name}` },
  );
  if (!difference) {
    const turned =
      volume.orientation === first.orientation ? volume : reorient(volume, first.orientation);
    // One affine for all: rounding would take their grids apart in resampling.
    return createVolume(turned.data, { affine: first.affine, header: turned.header });
  }
  if (!resampleChannels) {
    throw new InferenceError(
      'bad-argument',
      `${difference}; channels can be resampled onto the grid of the first (resampleChannels, --resample-channels)`,
    );
  }
  // In float32, and dark where the channel does not reach: 0 would be water in a CT.
  const { data, shape, stride, offset } = volume.data;
  const values = Float32Array.from(data);
  let fill = Number.POSITIVE_INFINITY;
  for (const value of values) if (value < fill) fill = value;
  const { affine, header } = volume;
  return resampleLike<Float32Array>(
    createVolume(ndarray(values, shape, stride, offset), { affine, header }),
    first,
    { fill: Number.isFinite(fill) ? fill : 0 },
  );
}

function zerosLike({ data, affine }: Volume<Float32Array>): Volume<Float32Array> {
  const { shape } = data;
  return createVolume(ndarray(new Float32Array(data.size), shape), { affine });
}
