import { bezierIntensity, flip, type Rng } from '@genesis/transforms';
import type { NdArray } from 'ndarray';

export interface AugmentOpts {
  /** Axes along which a sample is mirrored, each with probability ½. */
  readonly flipAxes: readonly ('x' | 'y' | 'z')[];
  /** Probability of a new contrast; 0 for intensities that are not in 0…1. */
  readonly intensityRate: number;
}

/** How far a control point may leave the diagonal: contrasts change, anatomy stays recognisable. */
const BEND = 0.2;

const mirror = flip({});
const contrast = bezierIntensity({});

/**
 * A random variant of a training sample: the same mirroring for image and classes, a gently bent increasing intensity
 * curve for the image.
 *
 * @param sample - [x, y, z]; classes as float32. Only read.
 */
export function augment(
  sample: { image: NdArray<Float32Array>; classes?: NdArray<Float32Array> },
  opts: AugmentOpts,
  rng: Rng,
): { image: NdArray<Float32Array>; classes?: NdArray<Float32Array> } {
  const axes = opts.flipAxes.map((axis) => 'xyz'.indexOf(axis) as 0 | 1 | 2);
  const chosen = axes.filter(() => rng.uniform() < 0.5);
  const bent = rng.uniform() < opts.intensityRate;
  const points = [1 / 3, 2 / 3].flatMap((at) => [
    at + BEND * (2 * rng.uniform() - 1),
    at + BEND * (2 * rng.uniform() - 1),
  ]) as [number, number, number, number];
  let { image, classes } = sample;
  if (chosen.length > 0) {
    image = mirror.apply(image, { axes: chosen }) as NdArray<Float32Array>;
    if (classes) classes = mirror.apply(classes, { axes: chosen }) as NdArray<Float32Array>;
  }
  if (bent) {
    image = contrast.apply(image, {
      curves: [{ points, increasing: true }],
    }) as NdArray<Float32Array>;
  }
  return classes ? { image, classes } : { image };
}
