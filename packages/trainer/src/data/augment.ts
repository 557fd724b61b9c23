import { cutCrop } from '@genesis/inference';
import { bezierIntensity, type Rng } from '@genesis/transforms';
import type { NdArray } from 'ndarray';

export interface AugmentOpts {
  /** Axes along which a sample is mirrored, each with probability ½. */
  readonly flipAxes: readonly ('x' | 'y' | 'z')[];
  /** Probability of a new contrast; 0 for intensities that are not in 0…1. */
  readonly intensityRate: number;
}

/** How far a control point may leave the diagonal: contrasts change, anatomy stays recognisable. */
const BEND = 0.2;

const contrast = bezierIntensity({});

export interface AugmentSample {
  /** [x, y, z], or [x, y, z, channels] */
  readonly image: NdArray<Float32Array>;
  /** On the same grid. */
  readonly classes?: NdArray<Uint8Array>;
}

/** A sample with a class for each voxel. */
export type LabeledSample = Required<AugmentSample>;

/**
 * A random variant of a training sample: the same mirroring for image and classes, a gently bent increasing intensity
 * curve for the image, one for each channel.
 *
 * @param sample - Only read; what is not changed is passed on as it is.
 */
export function augment(sample: LabeledSample, opts: AugmentOpts, rng: Rng): LabeledSample;
export function augment(sample: AugmentSample, opts: AugmentOpts, rng: Rng): AugmentSample;
export function augment(sample: AugmentSample, opts: AugmentOpts, rng: Rng): AugmentSample {
  const steps = (['x', 'y', 'z'] as const).map((axis) =>
    opts.flipAxes.includes(axis) && rng.uniform() < 0.5 ? -1 : 1,
  );
  const isBent = rng.uniform() < opts.intensityRate;
  const points = bentPoints(rng);
  let { image, classes } = sample;
  if (steps.includes(-1)) {
    const [x, y, z] = steps;
    image = cutCrop(image.step(x, y, z), [0, 0, 0], image.shape);
    classes = classes && cutCrop(classes.step(x, y, z), [0, 0, 0], classes.shape);
  }
  if (isBent) {
    // The first is drawn before anything else, so that images of one channel get what they always got.
    const others = Array.from({ length: (image.shape[3] ?? 1) - 1 }, () => bentPoints(rng));
    image = contrast.apply(image, {
      curves: [points, ...others].map((one) => ({ points: one, increasing: true })),
    });
  }
  return classes ? { image, classes } : { image };
}

/** The two inner control points of a curve near the diagonal. */
function bentPoints(rng: Rng): [number, number, number, number] {
  return [1 / 3, 2 / 3].flatMap((at) => [
    at + BEND * (2 * rng.uniform() - 1),
    at + BEND * (2 * rng.uniform() - 1),
  ]) as [number, number, number, number];
}
