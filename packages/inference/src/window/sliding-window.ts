import ndarray, { type NdArray } from 'ndarray';
import { centerStart, cutCrop } from '../preprocessing/cut-crop.js';
import { gaussianWindow } from './gaussian.js';
import { windowStarts } from './window-starts.js';

export interface SlidingWindowOpts {
  /** Sides of a window in voxels. */
  readonly window: readonly [number, number, number];
  /** Values that the network gives for each voxel. */
  readonly channels: number;
  /** Share of a window that its neighbour covers too. Default 0.5. */
  readonly overlap?: number;
  /** The network: [x, y, z] input (C order), [x, y, z, channels] output (C order), which is only read. */
  readonly apply: (window: NdArray<Float32Array>) => Promise<Float32Array>;
  readonly onWindow?: (done: number, total: number) => void;
}

/**
 * Applies a network of fixed input size to a volume of any size: overlapping windows, each voxel the mean of the
 * outputs that cover it, weighted by a Gaussian around each window's middle. Volumes smaller than a window are extended
 * by zeros; the extension is cut off again.
 *
 * @param volume - [nx, ny, nz], any strides; only read.
 * @returns [nx, ny, nz, channels], C order, owned by the caller.
 */
export async function slidingWindow(
  volume: NdArray<Float32Array>,
  opts: SlidingWindowOpts,
): Promise<NdArray<Float32Array>> {
  const { window, channels } = opts;
  const [nx, ny, nz] = volume.shape;
  const overlap = opts.overlap ?? 0.5;
  // A volume shorter than the window has one window, which begins before the volume so that both middles agree.
  const starts = [nx, ny, nz].map((side, axis) =>
    side <= window[axis]
      ? [centerStart(volume.shape, window)[axis]]
      : windowStarts(side, window[axis], overlap),
  );
  const sum = new Float32Array(nx * ny * nz * channels);
  const weight = new Float32Array(nx * ny * nz);
  const gaussian = gaussianWindow([window[0], window[1], window[2]]);
  const total = starts[0].length * starts[1].length * starts[2].length;
  let done = 0;
  for (const x of starts[0]) {
    for (const y of starts[1]) {
      for (const z of starts[2]) {
        const output = await opts.apply(cutCrop(volume, [x, y, z], window));
        accumulate(sum, weight, [nx, ny, nz], output, gaussian, [x, y, z], window, channels);
        opts.onWindow?.(++done, total);
      }
    }
  }
  for (let n = 0; n < weight.length; n++) {
    for (let c = 0; c < channels; c++) sum[n * channels + c] /= weight[n];
  }
  return ndarray(sum, [nx, ny, nz, channels]);
}

function accumulate(
  sum: Float32Array,
  weight: Float32Array,
  shape: readonly [number, number, number],
  output: Float32Array,
  gaussian: Float32Array,
  start: readonly [number, number, number],
  window: readonly [number, number, number],
  channels: number,
): void {
  const from = start.map((value) => Math.max(0, -value));
  const to = start.map((value, axis) => Math.min(window[axis], shape[axis] - value));
  for (let i = from[0]; i < to[0]; i++) {
    for (let j = from[1]; j < to[1]; j++) {
      let source = (i * window[1] + j) * window[2] + from[2];
      let target = ((start[0] + i) * shape[1] + start[1] + j) * shape[2] + start[2] + from[2];
      for (let k = from[2]; k < to[2]; k++, source++, target++) {
        const share = gaussian[source];
        weight[target] += share;
        for (let c = 0; c < channels; c++) {
          sum[target * channels + c] += share * output[source * channels + c];
        }
      }
    }
  }
}
