import type { ReadonlyVec3 } from '@genesis/core';
import type { NdArray } from 'ndarray';
import { InferenceError } from '../errors.js';
import { cutCrop } from '../preprocessing/cut-crop.js';
import type { VisitBlock } from './api.js';
import { gaussianWindow } from './gaussian.js';
import { type OutputGrid, sameGrid } from './output-grid.js';
import { firstKept, planTiles, readyBefore, startsWithin } from './plan-tiles.js';
import { channelsAtATime, meansVisitor } from './visit-means.js';
import { windowGrid } from './window-grid.js';
import { WindowSums } from './window-sums.js';

export interface SlidingWindowOpts {
  /** Sides of a window in voxels. */
  readonly window: ReadonlyVec3;
  /** Values that the network gives for each voxel. */
  readonly channels: number;
  /** Share of a window that its neighbour covers too, 0…0.95. Default 0.5. */
  readonly overlap?: number;
  /**
   * The network: [x, y, z] input, with the volume's channels last where it has some (C order), [x, y, z, channels] output (C order), which is only read. For an input with the bits
   * of the last one, as in the air around a body, its output is taken again without a call.
   */
  readonly apply: (window: NdArray<Float32Array>) => Promise<Float32Array>;
  readonly onWindow?: (done: number, total: number) => void;
  /**
   * Bytes that sums of outputs may take at a time. Default 512 MiB. Where more would be needed, the volume is worked off in
   * columns, and windows that reach into several columns are computed once for each. The result does not depend on it.
   */
  readonly maxBytes?: number;
}

const MAX_BYTES = 512 * 2 ** 20;

/**
 * Applies a network of fixed input size to a volume of any size: overlapping windows, each voxel the mean of the outputs that
 * cover it, weighted by a Gaussian around each window's middle. Volumes smaller than a window are extended by zeros; the
 * extension is cut off again. The result is given part by part, as soon as no window will change it any more.
 *
 * @param volume - [nx, ny, nz] or [nx, ny, nz, channels], any strides; only read.
 * @param visit - Receives the result.
 * @param output - The voxels of the result; those of the volume unless given.
 * @throws InferenceError 'bad-argument' for an overlap outside 0…0.95.
 */
export async function slideWindows(
  volume: NdArray<Float32Array>,
  opts: SlidingWindowOpts,
  visit: VisitBlock,
  output: OutputGrid = sameGrid([volume.shape[0], volume.shape[1], volume.shape[2]]),
): Promise<void> {
  const { window, channels, overlap = 0.5, maxBytes = MAX_BYTES } = opts;
  if (!(overlap >= 0 && overlap <= 0.95)) {
    throw new InferenceError('bad-argument', `an overlap of ${overlap} is outside 0…0.95`);
  }
  const [length, ny, nz] = volume.shape;
  const grid = windowGrid([length, ny, nz], window, overlap);
  // A sum for each channel, the sum of the weights, and what resampling copies.
  const cellBytes = 4 * (channels + 1 + (output.resampler ? channelsAtATime(channels) : 0));
  const { tiles, planes, area, windows } = planTiles(grid, output, cellBytes, maxBytes);
  const weights = gaussianWindow(window);
  const sums = new WindowSums({ window, weights, channels, length, planes, area });
  const apply = rememberLast(opts.apply);
  const visitMeans = meansVisitor(output, channels, visit);
  let done = 0;
  try {
    for (const tile of tiles) {
      const [y, z] = [output.needs(1, ...tile.y), output.needs(2, ...tile.z)];
      const [rows, columns] = [startsWithin(grid, 1, y), startsWithin(grid, 2, z)];
      sums.open([y[0], z[0]], [y[1] - y[0], z[1] - z[0]]);
      let given = 0;
      const give = (closed: number): void => {
        sums.close(closed);
        const ready = readyBefore(output, given, closed);
        if (ready > given) visitMeans(sums, [given, ready], tile);
        given = ready;
        sums.drop(firstKept(output, given, closed));
      };
      for (const x0 of grid.starts[0]) {
        // Windows come in the order of their starts, so none of the following reaches below this one.
        give(Math.max(0, x0));
        for (const y0 of rows) {
          for (const z0 of columns) {
            sums.add(await apply(cutCrop(volume, [x0, y0, z0], window)), [x0, y0, z0]);
            opts.onWindow?.(++done, windows);
          }
        }
      }
      give(length);
    }
  } finally {
    sums.release();
  }
}

/** Calls `apply` only for inputs that differ from the last one. */
function rememberLast(apply: SlidingWindowOpts['apply']): SlidingWindowOpts['apply'] {
  let last: { bits: Int32Array; output: Float32Array } | undefined;
  return async (window) => {
    const { buffer, byteOffset, length } = window.data;
    const bits = new Int32Array(buffer, byteOffset, length);
    const known = last;
    if (known?.bits.every((word, n) => word === bits[n])) return known.output;
    const output = await apply(window);
    last = { bits, output };
    return output;
  };
}
