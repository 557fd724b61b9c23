import type { Shape3 } from '../api.js';
import { TransformsError } from '../errors.js';
import type { Augmentation, ChannelFactors, IntensityOpts, Range } from './api.js';
import type { Layer } from './layer.js';
import { definePerChannel, same } from './per-channel.js';
import { checkSpan, drawRange } from './range.js';
import type { Stage } from './stage.js';

const { fround } = Math;

/** Options of `lowResolution`. */
export interface LowResolutionOpts extends IntensityOpts {
  /** Part of each side's voxels that is taken, above 0. @defaultValue [0.5, 1] */
  scale?: Range;
  /** `alike`: one draw for all axes; `each`: a draw for each. @defaultValue 'alike' */
  axes?: 'alike' | 'each';
  /** An axis that keeps its resolution, for volumes whose slices are thick. @defaultValue none */
  skipAxis?: 0 | 1 | 2;
}

/** Low resolution of one channel. */
export interface LowResolutionFactors {
  /** Along x, y, z. */
  scale: Shape3;
}

/** Python's round: halves to the even neighbor. */
const round = (x: number): number =>
  x - Math.floor(x) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);

/** Which voxels are taken along an axis: PyTorch's `nearest-exact`. */
function taken(n: number, low: number): Int32Array {
  const step = fround(n / low);
  return Int32Array.from({ length: low }, (_, i) =>
    Math.min(Math.floor(fround((i + 0.5) * step)), n - 1),
  );
}

/** Where the voxels lie between those taken: PyTorch's `linear`, corners not aligned. */
function between(n: number, low: number): { from: Int32Array; part: Float32Array } {
  const step = fround(low / n);
  const at = Float32Array.from({ length: n }, (_, i) =>
    Math.max(0, fround(fround(step * (i + 0.5)) - 0.5)),
  );
  const from = Int32Array.from(at, (place) => Math.min(Math.floor(place), low - 1));
  return { from, part: at.map((place, i) => place - from[i]) };
}

function lower(stage: Stage, layer: Layer, { scale }: LowResolutionFactors): void {
  const { shape } = stage;
  const low = shape.map((n, axis) => Math.max(1, round(n * fround(scale[axis]))));
  if (low.some((n) => !Number.isFinite(n))) {
    throw new TransformsError('factors', `lowResolution: scale is ${scale.join(', ')}.`);
  }
  stage.settleClamp(layer);
  stage.scratch(() => {
    const voxels = shape.map((n, axis) => stage.putWords(taken(n, low[axis])));
    const places = shape.map((n, axis) => between(n, low[axis]));
    const from = places.map((along) => stage.putWords(along.from, 4));
    const part = places.map((along) => stage.put(along.part, 4));
    const coarse = stage.room(4 * low[0] * low[1] * low[2]);
    const plane = stage.room(4 * low[1] * low[2]);
    const row = stage.room(4 * (low[2] + 1));
    const job = stage.putWords([...shape, ...low, ...voxels, ...from, ...part, coarse, plane, row]);
    void stage.kernels.heap.buffer;
    stage.kernels.run.lowResolution(layer.at, job);
  });
  stage.touch(layer);
}

/**
 * Takes only some of the voxels, and interpolates all from them (batchgenerators' SimulateLowResolutionTransform: nearest
 * down, linear up).
 */
export function lowResolution(
  options: LowResolutionOpts = {},
): Augmentation<ChannelFactors<LowResolutionFactors>, LowResolutionOpts> {
  const opts = { scale: [0.5, 1] as const, axes: 'alike' as const, ...options };
  checkSpan(opts.scale, 'lowResolution: scale', Number.MIN_VALUE, 1);
  return definePerChannel<LowResolutionFactors, LowResolutionFactors, LowResolutionOpts>({
    name: 'low-resolution',
    opts,
    draw(rng) {
      const first = drawRange(rng, opts.scale);
      const along = (axis: number): number => {
        const own = axis === 0 || opts.axes === 'alike' ? first : drawRange(rng, opts.scale);
        return axis === opts.skipAxis ? 1 : own;
      };
      return { scale: [along(0), along(1), along(2)] };
    },
    complete: same,
    run: lower,
  });
}
