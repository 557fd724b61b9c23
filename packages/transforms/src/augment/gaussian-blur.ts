import type { Shape3 } from '../api.js';
import { TransformsError } from '../errors.js';
import type { Augmentation, ChannelFactors, IntensityOpts, Range } from './api.js';
import type { Layer } from './layer.js';
import { definePerChannel, same } from './per-channel.js';
import { checkSpan, drawRange } from './range.js';
import type { Stage } from './stage.js';

/** Options of `gaussianBlur`. */
export interface GaussianBlurOpts extends IntensityOpts {
  /** Standard deviation in voxels. @defaultValue [0.5, 1] */
  sigma?: Range;
  /** `alike`: one draw for all axes; `each`: a draw for each. @defaultValue 'each' */
  axes?: 'alike' | 'each';
  /** An axis that is not blurred, for volumes whose slices are thick. @defaultValue none */
  skipAxis?: 0 | 1 | 2;
}

/** Blur of one channel. */
export interface GaussianBlurFactors {
  /** Standard deviation along x, y, z in voxels; 0: not along this axis. */
  sigma: Shape3;
}

/** Taps from the middle on. Their number, 6σ + ½ to the nearest odd one, is that of batchgeneratorsv2. */
export function gaussianTaps(sigma: number): Float64Array {
  if (sigma === 0) return Float64Array.of(1);
  const wanted = 6 * sigma + 0.5;
  // Python's round: halves to the even neighbor.
  const low = Math.floor(wanted);
  const whole = wanted - low === 0.5 ? low + (low % 2) : Math.round(wanted);
  const size = whole % 2 === 1 ? whole : wanted - whole >= 0 ? whole + 1 : whole - 1;
  const taps = Float64Array.from({ length: (size + 1) / 2 }, (_, k) =>
    Math.exp(-0.5 * (k / sigma) ** 2),
  );
  const sum = taps.reduce((total, tap, k) => total + (k === 0 ? tap : 2 * tap), 0);
  return taps.map((tap) => tap / sum);
}

/** Filters a channel along each axis by symmetric taps; what is beyond the border mirrors the voxels at it. */
export function filterLayer(stage: Stage, layer: Layer, taps: readonly ArrayLike<number>[]): void {
  stage.settleClamp(layer);
  const [nx, ny, nz] = stage.shape;
  const radius = taps.map(({ length }) => length - 1);
  const planes = Math.min(nx, 2 * radius[0] + 1);
  stage.scratch(() => {
    const places = taps.map((own) => stage.put(own));
    const row = stage.room(4 * (nz + 2 * radius[2]));
    const plane = stage.room(4 * ny * nz);
    const ring = stage.room(4 * (ny * nz + 4) * planes);
    const pointers = 4 * (Math.max(...radius) + 1);
    const job = stage.putWords([
      ...stage.shape,
      ...radius,
      ...places,
      row,
      plane,
      ring,
      planes,
      stage.room(pointers),
      stage.room(pointers),
    ]);
    void stage.kernels.heap.buffer;
    stage.kernels.run.blur(layer.at, job);
  });
  stage.touch(layer);
}

/** Blurs by a Gaussian, axis by axis (batchgeneratorsv2's GaussianBlurTransform: sampled, cut at 3σ, mirrored). */
export function gaussianBlur(
  options: GaussianBlurOpts = {},
): Augmentation<ChannelFactors<GaussianBlurFactors>, GaussianBlurOpts> {
  const opts = { sigma: [0.5, 1] as const, axes: 'each' as const, ...options };
  checkSpan(opts.sigma, 'gaussianBlur: sigma', 0);
  return definePerChannel<GaussianBlurFactors, GaussianBlurFactors, GaussianBlurOpts>({
    name: 'gaussian-blur',
    opts,
    draw(rng) {
      const first = drawRange(rng, opts.sigma);
      const along = (axis: number): number => {
        const own = axis === 0 || opts.axes === 'alike' ? first : drawRange(rng, opts.sigma);
        return axis === opts.skipAxis ? 0 : own;
      };
      return { sigma: [along(0), along(1), along(2)] };
    },
    complete: same,
    run(stage, layer, { sigma }) {
      for (const own of sigma) {
        if (!(own >= 0 && Number.isFinite(own))) {
          throw new TransformsError('factors', `gaussianBlur: sigma is ${sigma.join(', ')}.`);
        }
      }
      filterLayer(stage, layer, sigma.map(gaussianTaps));
    },
  });
}
