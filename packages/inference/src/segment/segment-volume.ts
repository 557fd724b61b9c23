import type { Vec3 } from '@genesis/core';
import { type Affine, regionResampler, reorient, type Volume } from '@genesis/volume-io';
import type { NdArray } from 'ndarray';
import type { SegmentationCard } from '../card/api.js';
import type { Network } from '../model/network.js';
import { firstVolume, type Image, prepareImage } from '../preprocessing/prepare-channels.js';
import type { VisitBlock } from '../window/api.js';
import { type OutputGrid, resampledGrid, sameGrid } from '../window/output-grid.js';
import { slideWindows } from '../window/slide-windows.js';
import { type ClassArray, MostProbable } from './most-probable.js';

export interface SegmentOpts {
  /** Share of a window that its neighbour covers too, 0…0.95. Default 0.5. */
  readonly overlap?: number;
  readonly onWindow?: (done: number, total: number) => void;
  /** Told the grid of the result, before the first probabilities come. */
  readonly onGrid?: (grid: { readonly shape: Vec3; readonly affine: Affine }) => void;
  /** Receives the probability of each class for each voxel, on the grid of the result, part by part. */
  readonly onProbabilities?: VisitBlock;
  /**
   * Bytes that probabilities may take at a time. Default 512 MiB; the result does not depend on it. See
   * SlidingWindowOpts.
   */
  readonly maxBytes?: number;
}

/** The most probable class of each voxel, in the orientation that the network works in, at the image's own voxel size. */
export interface Segmentation {
  /** Positions in the card's list of classes, [nx, ny, nz], C order. */
  readonly classes: NdArray<ClassArray>;
  readonly affine: Affine;
}

/**
 * Segments a volume of any size, orientation and voxel size with windows of the network's size, prepared as in training.
 * Windows go through the network one at a time, since batch statistics would otherwise make a window's result
 * depend on its neighbours. There is never more than a part of the probabilities in memory, whatever the number of classes.
 *
 * @param image - A volume, or one for each channel; only read, not kept once it has been prepared.
 * @throws InferenceError 'non-finite' when the volume or what the network gives holds NaN, 'bad-argument' as prepareChannels.
 */
export async function segmentVolume(
  image: Image,
  network: Network,
  card: SegmentationCard,
  opts: SegmentOpts = {},
): Promise<Segmentation> {
  const { preparation } = card;
  const volume = firstVolume(image);
  const prepared = prepareImage(image, preparation);
  const turned =
    preparation.orientation === 'native' ? volume : reorient(volume, preparation.orientation);
  const output = preparation.spacing
    ? resampledGrid(regionResampler(gridOf(prepared), gridOf(turned)), shapeOf(turned))
    : sameGrid(shapeOf(turned));
  // Nothing is awaited here, so that the volume's memory is free while the network works.
  return segmentPrepared(prepared.data, network, card, opts, output, turned.affine);
}

async function segmentPrepared(
  prepared: NdArray<Float32Array>,
  network: Network,
  { crop, classes }: SegmentationCard,
  opts: SegmentOpts,
  output: OutputGrid,
  affine: Affine,
): Promise<Segmentation> {
  const [nx, ny, nz] = output.shape;
  opts.onGrid?.({ shape: [nx, ny, nz], affine });
  const found = new MostProbable(output.shape, classes.length);
  await slideWindows(
    prepared,
    {
      window: crop,
      channels: classes.length,
      overlap: opts.overlap,
      onWindow: opts.onWindow,
      maxBytes: opts.maxBytes,
      apply: async (window) => (await network([window.data]))[0],
    },
    (block) => {
      found.add(block);
      opts.onProbabilities?.(block);
    },
    output,
  );
  return { classes: found.classes, affine };
}

function shapeOf({ data }: Pick<Volume, 'data'>): Vec3 {
  return [data.shape[0], data.shape[1], data.shape[2]];
}

function gridOf(volume: Pick<Volume, 'data' | 'affine'>): { shape: Vec3; affine: Affine } {
  return { shape: shapeOf(volume), affine: volume.affine };
}
